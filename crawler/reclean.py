"""The job behind `taosha reclean`: stored pages through today's cleaner, without fetching anything.

What is done is known from the fingerprint of each page, so a job that was stopped or killed goes
on where it was: the same call again takes up what is left.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from cleaners.memory import used_part
from cleaners.model import Page, Reason, Rejected, Rules, Via
from cleaners.pipeline import current_fingerprint
from crawler.arrivals import Arrival
from crawler.ingest import Ingest, Ingested
from crawler.isolation import CLEAN, Outcome, clean_safely, load
from crawler.limits import Limits
from crawler.site_memory import clean_stale
from crawler.stopping import Stop
from crawler.versions import versions
from crawler.workers import Pool
from storage.disabled import disabled_by_source, without
from storage.errors import StoreError
from storage.filters import Where
from storage.history import made_in_run
from storage.raw_pages import load_page, stored_pages
from storage.records import StoredPage, Trial
from storage.trial import trial

if TYPE_CHECKING:
    from storage import Store

__all__ = ["Order", "Recleaned", "RuleChange", "due_pages", "reclean", "try_reclean"]

_PAUSE_SECONDS = 0.2
_AHEAD = 64
"""Pages of a trial that are in work at a time: their results are told in the order of the pages."""

RulesOf = Callable[[str], Rules | None]
"""The site rules of a source by name; None if the source is not known here."""

Progress = Callable[[int], None]
"""Told how many pages are done."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to clean again. ``everything`` takes pages that today's cleaner has judged already, too.

    ``phrases`` are what the repair was taught; None stands for what the store knows.
    """

    rules_of: RulesOf
    where: Where = field(default_factory=Where)
    everything: bool = False
    workers: int = 2
    limits: Limits = field(default_factory=Limits)
    target: str = CLEAN
    phrases: tuple[str, ...] | None = None


@dataclass(slots=True)
class RuleChange:
    """What became of one rule in the changed articles: how many, and how often it acted."""

    articles: int = 0
    before: int = 0
    after: int = 0


@dataclass(slots=True)
class Recleaned:
    """What came of it: ``counts`` by outcome, ``reasons`` of what gave no article, ``rules`` by name.

    ``run_id`` is None for a trial. ``lost`` counts articles whose page gives none any more: they are kept.
    """

    run_id: int | None = None
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    rules: dict[str, RuleChange] = field(default_factory=dict)
    lost: int = 0
    stopped_by: int | None = None

    def count_rules(self, rules: Mapping[str, tuple[int, int]]) -> None:
        """Count what the rules did in one changed article."""
        for name, (before, after) in rules.items():
            change = self.rules.setdefault(name, RuleChange())
            change.articles += 1
            change.before += before
            change.after += after


def due_pages(store: Store, order: Order) -> Iterator[StoredPage]:
    """Give the pages that the order is about, and that today's cleaner has not judged yet."""

    order = _taught(store, order)
    known = cache(store.known_blocks)
    disabled = disabled_by_source(store)
    for page in stored_pages(store, order.where):
        used = used_part(page.hashes, known(page.site)) if page.site else ()
        now = current_fingerprint(without(_rules(order, page), page.source, disabled), used)
        if order.everything or page.pending or page.fingerprint != now:
            yield page


def _taught(store: Store, order: Order) -> Order:
    return replace(order, phrases=store.phrases()) if order.phrases is None else order


def _rules(order: Order, page: StoredPage) -> Rules:
    """Files are cleaned without site rules, as they were; so is what came from a bare home page."""
    rules = (order.rules_of(page.source) if page.via == Via.CRAWL else None) or Rules()
    return replace(rules, phrases=order.phrases) if order.phrases else rules


def _rules_and_memory(store: Store, order: Order, page: StoredPage) -> Rules:
    known = store.known_blocks(page.site) if page.site else ()
    rules = without(_rules(order, page), page.source, disabled_by_source(store))
    return replace(rules, learned=known)


def reclean(store: Store, order: Order, stop: Stop, progress: Progress = lambda done: None) -> Recleaned:
    """Clean the due pages again and store what comes of it; ends early, in order, when ``stop`` asks.

    Raises :class:`storage.StoreError`; the run is then recorded as failed, if the store still takes it.
    """
    order = _taught(store, order)
    run_id = store.start_run("reclean", [order.where.source] if order.where.source else [], versions())
    run = _Run(store, order, stop, Recleaned(run_id), progress)
    try:
        run.go(run_id)
    except BaseException:
        with suppress(StoreError):
            store.finish_run(run_id, "failed", dict(run.report.counts))
        raise
    report = run.report
    report.stopped_by = stop.signal
    for _, (_, rules) in made_in_run(store, run_id):
        report.count_rules(rules)
    store.finish_run(run_id, "stopped" if stop.requested else "finished", dict(report.counts))
    return report


@dataclass(slots=True)
class _Run:
    store: Store
    order: Order
    stop: Stop
    report: Recleaned
    progress: Progress
    lock: threading.Lock = field(default_factory=threading.Lock)

    def go(self, run_id: int) -> None:
        order = self.order
        with Ingest(
            self.store, run_id, workers=order.workers, limits=order.limits, target=order.target
        ) as ingest:
            for stored in due_pages(self.store, order):
                while not self.stop.requested and not ingest.room(_PAUSE_SECONDS):
                    self.progress(self.report.counts.total())
                if self.stop.requested:
                    break
                page = load_page(self.store, stored.id)
                rules = _rules_and_memory(self.store, order, stored)
                ingest.add(page, stored.source, rules, page_id=stored.id).add_done_callback(self._count)
                self.progress(self.report.counts.total())
            self._wait(ingest)
            self._learn(ingest)
            ingest.close(cancel=self.stop.requested)
        self.progress(self.report.counts.total())

    def _wait(self, ingest: Ingest) -> None:
        while not self.stop.requested and not ingest.idle(_PAUSE_SECONDS):
            self.progress(self.report.counts.total())

    def _learn(self, ingest: Ingest) -> None:
        """Clean those pages once more that were cleaned before their site was known."""

        def again(arrival: Arrival) -> bool:
            while not ingest.room(_PAUSE_SECONDS) and not self.stop.requested:
                self.progress(self.report.counts.total())
            if not self.stop.requested:
                ingest.add(arrival.page, arrival.source, arrival.rules, page_id=arrival.page_id)
            return not self.stop.requested

        clean_stale(self.store, ingest.memory.touched, lambda page: _rules(self.order, page), again)
        self._wait(ingest)

    def _count(self, done: Future[Ingested]) -> None:
        """Called in the writer's thread, once the outcome is committed (or the page released)."""
        if done.exception():
            return
        result = done.result()
        with self.lock:
            self.report.counts[result.kind] += 1
            if result.reason:
                self.report.reasons[result.reason.value] += 1
                self.report.lost += result.article_id is not None


def try_reclean(
    store: Store, order: Order, stop: Stop, report: Recleaned, progress: Progress = lambda done: None
) -> Iterator[tuple[StoredPage, Trial]]:
    """Clean the due pages without storing anything; gives what would come of each, and counts it."""
    order = _taught(store, order)
    pool = Pool(order.workers, order.limits, order.target) if order.workers else None
    waiting: deque[tuple[StoredPage, Future[Outcome]]] = deque()
    due = due_pages(store, order)
    try:
        while not stop.requested:
            while len(waiting) < _AHEAD and (stored := next(due, None)) is not None:
                waiting.append((stored, _cleaned(store, order, stored, pool)))
            if not waiting:
                break
            stored, future = waiting.popleft()
            outcome = future.result()
            found = trial(store, stored.id, outcome)
            _count_trial(report, outcome, found)
            progress(report.counts.total())
            yield stored, found
    finally:
        report.stopped_by = stop.signal
        if pool:
            pool.close(cancel=True)


def _count_trial(report: Recleaned, outcome: Outcome, found: Trial) -> None:
    report.counts[found.kind] += 1
    report.count_rules(found.rules)
    if isinstance(outcome, Rejected):
        report.reasons[outcome.reason.value] += 1
        report.lost += found.article_id is not None


def _cleaned(store: Store, order: Order, stored: StoredPage, pool: Pool | None) -> Future[Outcome]:
    page: Page = load_page(store, stored.id)
    rules = _rules_and_memory(store, order, stored)
    future: Future[Outcome] = Future()
    if len(page.body) > order.limits.body_bytes:
        future.set_result(Rejected(page.url, Reason.TOO_LARGE, "the body was too large, and is stored cut"))
    elif pool is None:
        future.set_result(clean_safely(load(order.target), page, rules))
    else:
        return pool.submit(page, rules)
    return future
