"""The job behind `taosha clean`: everything in files and folders, through the ingest, into a store."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cleaners.model import Page, Reason, Rules, Via
from crawler.arrivals import Arrival
from crawler.dumps.entry import Item, Options, Unread
from crawler.dumps.files import read_file
from crawler.dumps.parts import Parts
from crawler.dumps.walk import walk
from crawler.ingest import Ingest, Ingested
from crawler.limits import Limits
from crawler.site_memory import clean_stale
from crawler.stopping import Stop
from crawler.versions import versions
from storage.errors import StoreError
from storage.records import StoredPage
from storage.texts import key_text

if TYPE_CHECKING:
    from storage import Store

__all__ = ["Job", "Problem", "Report", "clean_dumps"]

_KEPT_PROBLEMS = 1000
_PAUSE_SECONDS = 0.2
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Job:
    """What to clean and how; `source` None names each source after its folder."""

    paths: Sequence[Path]
    source: str | None = None
    options: Options = field(default_factory=Options)
    workers: int = 2
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Problem:
    """A file or record that gave no article, and why."""

    origin: str
    reason: str
    detail: str


@dataclass(slots=True)
class Report:
    """What came of it. ``counts`` by outcome, among them ``unread``; ``reasons`` of what gave no article.

    ``problems`` keeps the first thousand. ``run_id`` is the run in the store. ``relearned`` pages were
    cleaned a second time, because later pages showed what recurs on their site.
    """

    run_id: int
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    stopped_by: int | None = None
    relearned: int = 0

    @property
    def pages(self) -> int:
        """How many pages were read and dealt with."""
        return sum(count for kind, count in self.counts.items() if kind != "unread")

    @property
    def damaged(self) -> int:
        """How many inputs were lost to a fault: unreadable files, and pages that the cleaner failed on."""
        return self.counts["unread"] + self.reasons[Reason.FAULT.value]

    def problem(self, origin: str, reason: str, detail: str) -> None:
        """Count and keep a file that gave no article."""
        self.reasons[reason] += 1
        if len(self.problems) < _KEPT_PROBLEMS:
            self.problems.append(Problem(key_text(origin), reason, detail))


def clean_dumps(
    store: Store, job: Job, stop: Stop, progress: Callable[[int, int], None] = lambda read, done: None
) -> Report:
    """Clean all pages of `job` into `store`; ends early, in order, when `stop` is requested.

    `progress` is told how many files were read and how many pages are done. Raises
    :class:`storage.StoreError`; the run is then recorded as failed, if the store still takes it.
    """
    run_id = store.start_run("clean", _sources(job), versions())
    run = _Run(store, job, stop, Report(run_id), progress)
    try:
        run.go()
    except BaseException:
        with suppress(StoreError):
            store.finish_run(run_id, "stopped" if stop.requested else "failed", dict(run.report.counts))
        raise
    report = run.report
    report.stopped_by = stop.signal
    store.finish_run(run_id, "stopped" if stop.requested else "finished", dict(report.counts))
    return report


def _sources(job: Job) -> list[str]:
    if job.source:
        return [job.source]
    return sorted({(path if path.is_dir() else path.parent).resolve().name or "files" for path in job.paths})


@dataclass(slots=True)
class _Run:
    store: Store
    job: Job
    stop: Stop
    report: Report
    progress: Callable[[int, int], None]
    files: int = 0
    parts: dict[str, Parts] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def go(self) -> None:
        job = self.job
        with Ingest(self.store, self.report.run_id, workers=job.workers, limits=job.limits) as ingest:
            for found in self._until_stopped(walk(job.paths)):
                source = job.source or found.source
                items = iter((found.unread,)) if found.unread else read_file(found.path, job.options)
                for item in self._until_stopped(items):
                    self._take(ingest, item, source)
                self.files += 1
                self.progress(self.files, self.report.pages)
            for source, parts in self.parts.items():
                for page in self._until_stopped(parts.rest()):
                    self._add(ingest, page, source)
            self._wait(ingest)
            self._learn(ingest)
            ingest.close(cancel=self.stop.requested)

    def _wait(self, ingest: Ingest) -> None:
        while not self.stop.requested and not ingest.idle(_PAUSE_SECONDS):
            self.progress(self.files, self.report.pages)

    def _learn(self, ingest: Ingest) -> None:
        """Clean the pages that came before their site was known again, from the store."""

        def again(arrival: Arrival) -> bool:
            while not ingest.room(_PAUSE_SECONDS) and not self.stop.requested:
                self.progress(self.files, self.report.pages)
            if self.stop.requested:
                return False
            ingest.add(arrival.page, arrival.source, arrival.rules, page_id=arrival.page_id)
            return True

        def rules_of(stored: StoredPage) -> Rules | None:
            return None if stored.via == Via.CRAWL else Rules()

        if not self.stop.requested:
            self.report.relearned = clean_stale(self.store, ingest.memory.touched, rules_of, again)
            self._wait(ingest)

    def _until_stopped(self, things: Iterable[_T]) -> Iterator[_T]:
        for thing in things:
            if self.stop.requested:
                return
            yield thing

    def _take(self, ingest: Ingest, item: Item, source: str) -> None:
        if isinstance(item, Unread):
            ingest.fail(source, item.origin, item.reason, item.detail)
            with self.lock:
                self.report.counts["unread"] += 1
                self.report.problem(item.origin, item.reason, item.detail)
            return
        for page in self.parts.setdefault(source, Parts()).take(item):
            self._add(ingest, page, source)

    def _add(self, ingest: Ingest, page: Page, source: str) -> None:
        while not ingest.room(_PAUSE_SECONDS):
            self.progress(self.files, self.report.pages)
            if self.stop.requested:
                return
        origin = page.origin or page.url
        ingest.add(page, source).add_done_callback(lambda done: self._count(origin, done))

    def _count(self, origin: str, done: Future[Ingested]) -> None:
        """Called in the writer's thread, once the outcome is committed (or the page released)."""
        if done.exception():
            return
        result = done.result()
        with self.lock:
            self.report.counts[result.kind] += 1
            if result.reason:
                self.report.problem(origin, result.reason.value, result.detail or "")
