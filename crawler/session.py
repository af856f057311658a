"""One crawl: its store, its run row, its ingest and what came of each source."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Self

from cleaners.model import Page
from crawler.ingest import Ingest, Ingested
from crawler.items import Failed
from crawler.net.reasons import SKIPPED
from crawler.sources import Source
from storage import Store, StoreError, open_store

__all__ = ["CrawlSession", "Tally", "versions"]

_PARTS = ("taosha", "scrapy", "twisted", "lxml", "trafilatura", "sqlalchemy")
ENTRY_KINDS = ("home", "feed", "sitemap", "listing")


@dataclass(slots=True)
class Tally:
    """What became of one source's pages in this run. Counters by outcome and by reason."""

    outcomes: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    entry_failures: list[Failed] = field(default_factory=list)
    bytes: int = 0

    @property
    def fetched(self) -> int:
        """How many article pages were fetched and handled."""
        return sum(self.outcomes.values())

    def counts(self) -> dict[str, int]:
        """All figures under stable names, zeros included for the outcomes."""
        flat = {name: self.outcomes[name] for name in ("new", "changed", "unchanged", "rejected")}
        flat |= {"failed": self.failed.total(), "skipped": self.skipped.total(), "bytes": self.bytes}
        for prefix, counter in (
            ("rejected", self.rejected),
            ("failed", self.failed),
            ("skipped", self.skipped),
        ):
            flat |= {f"{prefix}.{reason}": n for reason, n in sorted(counter.items())}
        return flat


class CrawlSession:
    """Thread-safe; ``close`` ends the run.

    ``watch`` is called after each change, from any thread; ``on_broken`` once nothing can be
    stored any more (``close`` then raises why).
    """

    def __init__(self, store: Store, run_id: int, ingest: Ingest, stack: ExitStack) -> None:
        self.store = store
        self.run_id = run_id
        self.tallies: dict[str, Tally] = {}
        self.watch: Callable[[], None] = lambda: None
        self.on_broken: Callable[[], object] = lambda: None
        self.broken = False
        self._ingest = ingest
        self._stack = stack
        self._lock = threading.Lock()

    @classmethod
    def open(cls, url: str, command: str, sources: Sequence[str]) -> Self:
        """Open the store at ``url``, and a run in it. Raises what ``open_store`` raises."""
        with ExitStack() as stack:
            store = stack.enter_context(open_store(url))
            run_id = store.start_run(command, sources, versions())
            ingest = stack.enter_context(Ingest(store, run_id))
            session = cls(store, run_id, ingest, stack.pop_all())
        for source in sources:
            session.tally(source)
        return session

    def tally(self, source: str) -> Tally:
        """The figures of one source."""
        return self.tallies.setdefault(source, Tally())

    def add(self, page: Page, source: Source) -> Future[Ingested]:
        """Hand a page to ingest; the future ends once its outcome is stored."""
        try:
            future = self._ingest.add(page, source.name, source.rules)
        except RuntimeError as error:  # the ingest has ended early; close() raises why
            future = Future()
            future.set_exception(error)
        future.add_done_callback(lambda done: self._count(source.name, len(page.body), done))
        return future

    def fail(self, failed: Failed, source: Source) -> None:
        """Record what was not fetched; what robots.txt forbids or is off the site is only counted."""
        tally = self.tally(source.name)
        with self._lock:
            if failed.reason in SKIPPED and failed.kind == "article":
                tally.skipped[failed.reason] += 1
            else:
                tally.failed[failed.reason] += 1
                if failed.kind in ENTRY_KINDS:
                    tally.entry_failures.append(failed)
        if failed.reason not in SKIPPED:
            with suppress(RuntimeError):  # the ingest has ended early; close() raises why
                self._ingest.fail(
                    source.name, failed.origin, failed.reason, f"{failed.kind}: {failed.detail}"
                )
        self.watch()

    def close(self, status: str) -> None:
        """Wait for all that was handed in, finish the run row, and close the store.

        Raises the error that ended the ingest early, if one did.
        """
        with self._stack:
            try:
                self._ingest.close()
            except BaseException as error:
                ended = "stopped" if isinstance(error, KeyboardInterrupt) else "failed"
                with suppress(StoreError):  # the store that failed may well refuse this, too
                    self.store.finish_run(self.run_id, ended, self.totals())
                raise
            self.store.finish_run(self.run_id, status, self.totals())

    def totals(self) -> Mapping[str, int]:
        """The counts of all sources together."""
        total: Counter[str] = Counter()
        for tally in self.tallies.values():
            total.update(tally.counts())
        return dict(total)

    def _count(self, source: str, size: int, done: Future[Ingested]) -> None:
        if done.exception() is not None:
            self.broken = True
            self.on_broken()
            return
        result = done.result()
        tally = self.tally(source)
        with self._lock:
            tally.outcomes[result.kind] += 1
            tally.bytes += size
            if result.reason is not None:
                tally.rejected[result.reason] += 1
        self.watch()


def versions() -> dict[str, str]:
    """The versions that shape what a crawl gives."""
    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name in _PARTS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "unknown"
    return found
