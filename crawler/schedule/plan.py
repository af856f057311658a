"""Reads the store and the source files, and says of each source when it is due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from crawler.schedule.due import Due, next_crawl
from crawler.sources import Source
from storage import open_store
from storage.errors import StoreMissing
from storage.source_runs import source_runs, waiting_urls

__all__ = ["due_times"]

_LOOKED_AT = 40
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def due_times(store: str, sources: Iterable[Source]) -> list[Due]:
    """When each source is due, the first first. A store that is not there yet knows of no crawl.

    Raises what ``open_store`` raises.
    """
    try:
        opened = open_store(store, read_only=True)
    except StoreMissing:
        found = [next_crawl(source.name, source.interval, (), 0) for source in sources]
    else:
        with opened:
            left = waiting_urls(opened)
            found = [
                next_crawl(
                    source.name,
                    source.interval,
                    source_runs(opened, source.name, limit=_LOOKED_AT),
                    left.get(source.name, 0),
                )
                for source in sources
            ]
    return sorted(found, key=lambda due: (due.at or _LONG_AGO, due.source))
