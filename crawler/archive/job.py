"""Export and import of archives: the loops between WARC files and a store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from crawler.archive.reading import read_archive
from crawler.archive.writing import ArchiveWriter
from crawler.dumps.entry import Unread
from crawler.ingest import Ingest, Ingested
from crawler.limits import Limits
from crawler.stopping import Stop
from crawler.versions import versions
from storage import Store, StoreError
from storage.raw_pages import load_page, page_numbers

__all__ = ["Imported", "export_archive", "import_archives"]

Progress = Callable[[int], None]
_PAUSE_SECONDS = 0.2


def export_archive(
    store: Store, stream: IO[bytes], source: str | None, *, packed: bool, progress: Progress
) -> int:
    """Write every stored page (of ``source``, if one is named), the oldest first; gives how many."""
    software = ", ".join(f"{name} {stated}" for name, stated in versions().items() if name == "taosha")
    writer, count = ArchiveWriter(stream, packed=packed, software=software), 0
    for number, name in page_numbers(store, source):
        writer.write(load_page(store, number), name)
        count += 1
        progress(count)
    return count


@dataclass(slots=True)
class Imported:
    """What came of it: ``counts`` by outcome and of ``unread``; ``problems`` as (origin, reason, detail)."""

    run_id: int
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[tuple[str, str, str]] = field(default_factory=list)
    stopped_by: int | None = None


def import_archives(store: Store, paths: Sequence[Path], stop: Stop, progress: Progress) -> Imported:
    """Store and clean the pages of WARC files as if they had been crawled; what is there already stays once.

    Raises :class:`storage.StoreError`, ``WarcExtraMissingError`` and ``OSError``; the run is then recorded
    as failed.
    """
    done = Imported(store.start_run("archive import", [path.name for path in paths], versions()))
    status = "failed"
    try:
        _take_in(store, paths, stop, done, progress)
        done.stopped_by = stop.signal
        status = "stopped" if stop.requested else "finished"
    finally:
        with suppress(StoreError):  # the store that failed may well refuse this, too
            store.finish_run(done.run_id, status, dict(done.counts))
    return done


def _take_in(store: Store, paths: Sequence[Path], stop: Stop, done: Imported, progress: Progress) -> None:
    limits, count = Limits(), 0
    with Ingest(store, done.run_id, limits=limits) as ingest:
        for path in paths:
            for item in read_archive(path, limits.body_bytes):
                if stop.requested:
                    return
                if isinstance(item, Unread):
                    ingest.fail(path.name, item.origin, item.reason, item.detail)
                    done.counts["unread"] += 1
                    done.problems.append((item.origin, item.reason, item.detail))
                    continue
                while not ingest.room(_PAUSE_SECONDS) and not stop.requested:
                    pass
                page, source = item
                ingest.add(page, source).add_done_callback(lambda future: _count(done, future))
                count += 1
                progress(count)


def _count(done: Imported, future: Future[Ingested]) -> None:
    """Called in the writer's thread, which is the only one that counts these."""
    if future.exception() is None:
        done.counts[future.result().kind] += 1
