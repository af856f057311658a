"""One crawl: its store, its run row, its ingest and what came of each source."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Self

from cleaners.model import Page, Rules, Via
from crawler.arrivals import Arrival
from crawler.health.judging import HISTORY, judge
from crawler.ingest import Ingest, Ingested
from crawler.items import Ended, Failed
from crawler.net.pace import Pacer
from crawler.net.reasons import SKIPPED, FetchReason
from crawler.site_memory import clean_stale
from crawler.sources import Source
from crawler.spiders.feed_texts import may_stand_in
from crawler.tally import Tally
from crawler.turns import crawl_turn
from crawler.versions import versions
from storage import Failure, Store, StoreError, open_store
from storage.frontier import Frontier
from storage.raw_pages import load_page, pending_pages
from storage.records import StoredPage
from storage.source_runs import SourceRun, add_source_runs, source_runs, waiting_urls
from storage.visits import Settled, Visit

__all__ = ["CrawlSession"]


class CrawlSession:
    """Thread-safe; ``close`` ends the run.

    ``health`` has the judged figures of each source, ``status`` the word for the run, once it is closed.
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
        self.status = "running"
        self.health: tuple[SourceRun, ...] = ()
        self.held = 0
        self.pacer = Pacer(unstored=lambda: ingest.unstored + self.held)
        self._frontiers: dict[str, Frontier] = {}
        self._sources: dict[str, Source] = {}
        self._error: BaseException | None = None
        self._ingest = ingest
        self._stack = stack
        self._lock = threading.Lock()
        self._opening = threading.Lock()
        self._began = time.monotonic()

    @classmethod
    def open(cls, url: str, command: str, sources: Sequence[str], wait: float = 0.0) -> Self:
        """Open the store at ``url``, and a run in it. Raises what ``open_store`` raises.

        Also raises :class:`storage.errors.StoreLocked` if another run holds the store for ``wait`` seconds.
        """
        with ExitStack() as stack:
            store = stack.enter_context(open_store(url))
            stack.enter_context(crawl_turn(store, sources, wait))
            run_id = store.start_run(command, sources, versions())
            ingest = stack.enter_context(Ingest(store, run_id))
            session = cls(store, run_id, ingest, stack.pop_all())
        for source in sources:
            session.tally(source)
        return session

    def tally(self, source: str) -> Tally:
        """The figures of one source."""
        return self.tallies.setdefault(source, Tally())

    def frontier(self, source: Source) -> Frontier:
        """The frontier of a source; the first call takes up what an earlier run has left. Takes its time."""
        with self._opening:
            if source.name not in self._frontiers:
                frontier = Frontier(self.store, source.name, self.run_id)
                frontier.start()
                self.tally(source.name).known = frontier.settled_articles()
                self._take_up(frontier, source)
                self._frontiers[source.name] = frontier
                self._sources[source.name] = source
            return self._frontiers[source.name]

    def _take_up(self, frontier: Frontier, source: Source) -> None:
        """Clean the pages that a killed run has stored and not cleaned: they need no second fetch."""
        for page_id, name in pending_pages(self.store):
            if name == source.name:
                page = load_page(self.store, page_id)
                if (row := frontier.resume(page.origin or page.url)) is not None:
                    self._ingest.room()
                    future = self.add(page, source, Visit(row))
                    future.add_done_callback(partial(_ask_again, frontier, row))

    def add(self, page: Page, source: Source, visit: Visit | None = None) -> Future[Ingested]:
        """Hand a page to ingest; the future ends once its outcome is stored."""
        try:
            future = self._ingest.add(page, source.name, source.rules, visit)
        except RuntimeError as error:  # the ingest has ended early; close() raises why
            future = Future()
            future.set_exception(error)
        future.add_done_callback(lambda done: self._count(source.name, len(page.body), done))
        return future

    def fail(self, failed: Failed, source: Source) -> None:
        """Record what was not fetched; what robots.txt forbids or is off the site is only counted."""
        tally = self.tally(source.name)
        skipped = failed.reason in SKIPPED
        if failed.silent:
            self._settle(failed, "gone" if failed.gone else "skipped", None)
            return
        with self._lock:
            if skipped and (failed.kind == "article" or failed.reason is FetchReason.BUDGET):
                tally.skipped[failed.reason] += 1
            else:
                tally.note_failure(failed)
        detail = f"{failed.kind}: {failed.detail}"
        if failed.visit is not None:
            failure = Failure(source.name, failed.origin, failed.reason, detail)
            state = "skipped" if skipped else "gone" if failed.gone else "failed"
            self._settle(failed, state, None if skipped else failure)
        elif not skipped:
            with suppress(RuntimeError):  # the ingest has ended early; close() raises why
                self._ingest.fail(source.name, failed.origin, failed.reason, detail)
        self.watch()

    def end(self, ended: Ended, source: Source) -> None:
        """Record a list that was read, or an article that the server says is as it was."""
        tally = self.tally(source.name)
        with self._lock:
            if ended.kind == "article":
                tally.outcomes[ended.state] += 1
            else:
                tally.lists += 1
                tally.named += ended.named
        with suppress(RuntimeError):  # the ingest has ended early; close() raises why
            self._ingest.settle(Settled(ended.visit, ended.state))
        self.watch()

    def give_up(self, error: BaseException) -> None:
        """The store or the scheduler fails outside of the ingest: end the crawl; ``close`` raises it."""
        self.broken = True
        self._error = self._error or error
        self.on_broken()

    def _settle(self, failed: Failed, state: str, failure: Failure | None) -> None:
        if failed.visit is not None:
            with suppress(RuntimeError):  # the ingest has ended early; close() raises why
                ended = Settled(failed.visit, state, failed.reason, failure, failed.not_before)
                self._ingest.settle(ended)

    def close(self, status: str) -> None:
        """Wait for all that was handed in, judge the sources, finish the run row, and close the store.

        ``status`` is ``finished`` (which the figures may turn into ``partial`` or ``nothing``) or why the
        crawl ended early. Raises the error that ended the ingest early, if one did.
        """
        with self._stack:
            try:
                if status not in ("failed", "stopped"):
                    self._learn()
                self._ingest.close()
                if self._error is not None:
                    raise self._error
                self.health = self._judged(complete=status == "finished")
            except BaseException as error:
                ended = "stopped" if isinstance(error, KeyboardInterrupt) else "failed"
                with suppress(StoreError):  # the store that failed may well refuse this, too
                    self.store.finish_run(self.run_id, ended, self.totals())
                raise
            self.status = self._status() if status == "finished" else status
            self.store.finish_run(self.run_id, self.status, self.totals())

    def _judged(self, *, complete: bool) -> tuple[SourceRun, ...]:
        """The figures of each source, judged by its history and stored."""
        now, seconds = datetime.now(UTC), time.monotonic() - self._began
        records = []
        for name, tally in self.tallies.items():
            record = tally.record(name, seconds, complete=complete)
            history = source_runs(self.store, name, limit=HISTORY)
            source = self._sources.get(name)
            findings = judge(record, history, now, source.expect if source else None)
            records.append(replace(record, findings=findings))
        add_source_runs(self.store, self.run_id, records)
        return tuple(records)

    def _status(self) -> str:
        short = [r.source for r in self.health if r.findings or self.tallies[r.source].fell_short]
        if all(tally.fell_short for tally in self.tallies.values()):
            return "nothing"
        return "partial" if short else "finished"

    def waiting(self) -> Mapping[str, int]:
        """How many URLs wait, by source; nothing once the store is closed."""
        try:
            return waiting_urls(self.store)
        except StoreError:
            return {}

    def _learn(self) -> None:
        """Clean those pages again that came before their site was known."""

        def again(arrival: Arrival) -> bool:
            self._ingest.room()
            self._ingest.add(arrival.page, arrival.source, arrival.rules, page_id=arrival.page_id)
            return True

        def rules_of(stored: StoredPage) -> Rules | None:
            source = self._sources.get(stored.source)
            return (source.rules if source else None) if stored.via == Via.CRAWL else Rules()

        with suppress(RuntimeError):  # the ingest has ended early; close() raises why
            self._ingest.idle()
            clean_stale(self.store, self._ingest.memory.touched, rules_of, again)

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
            tally.note_outcome(result, size)
        self.watch()


def _ask_again(frontier: Frontier, row: int, done: Future[Ingested]) -> None:
    """Fetch a page once more that a killed run left and that is no article: a feed may carry its text."""
    if done.exception() is None and may_stand_in(done.result().reason):
        frontier.put_back(row)
