"""Tries a source out: a small crawl into a store that is thrown away, and what it shows of the source."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.crawl import CrawlOrder, crawl
from crawler.sources import Source
from storage import open_store
from storage.filters import Where
from storage.listing import list_articles
from storage.records import Listed
from storage.source_runs import ListState, list_states

__all__ = ["Trial", "try_source"]


@dataclass(frozen=True, slots=True)
class Trial:
    """What a few requests showed: ``lists`` as they were answered, ``articles`` as they were cleaned.

    ``counts`` are those of a crawl; ``named`` is how many articles the lists name.
    """

    source: str
    lists: tuple[ListState, ...]
    articles: tuple[Listed, ...]
    named: int
    counts: Mapping[str, int]

    @property
    def works(self) -> bool:
        """Whether articles could be found, fetched and cleaned."""
        return bool(self.articles)


def try_source(source: Source, pages: int, settings: Mapping[str, Any]) -> Trial:
    """Crawl at most ``pages`` articles of ``source``, as politely as ever; keeps nothing.

    Once a process only, as any crawl. Raises :class:`crawler.crawl.CrawlError`.
    """
    with tempfile.TemporaryDirectory(prefix="taosha-check-") as folder:
        path = Path(folder) / "trial.db"
        result = crawl(CrawlOrder([source], str(path), pages, settings))
        tally = result.tallies[source.name]
        with open_store(path, read_only=True) as store:
            return Trial(
                source.name,
                tuple(list_states(store, source.name)),
                tuple(list_articles(store, Where(), None)),
                tally.named,
                tally.counts(),
            )
