"""The only place that joins the rooms: a page comes in, is stored, cleaned, and its outcome stored.

One writer thread does all the SQL, in batches: what arrives during one transaction is in the next.
Cleaning happens in worker processes (:mod:`crawler.workers`).
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Self

from cleaners.model import Page, Reason, Rejected, Rules
from crawler.arrivals import Arrival, Ingested, ReleasedError, ingested, refused
from crawler.isolation import CLEAN, Outcome, clean_safely, load
from crawler.limits import Limits
from crawler.site_memory import SiteMemory
from crawler.twins import Twins
from crawler.workers import Pool, WorkersError
from storage import Failure, Store
from storage.errors import StoreError
from storage.visits import Settled, Visit

__all__ = ["Ingest", "Ingested", "ReleasedError"]

_BATCH = _SAVE_AT = 32  # pages to pack and store are slow: larger batches keep outcomes waiting
_GATHER_SECONDS, _LINGER_SECONDS = 0.1, 0.2  # a transaction costs as much as several pages

_Event = Arrival | Failure | Settled | WorkersError | None  # None closes the inbox, an error ends the run


class Ingest:
    """Takes pages from any thread and gives a future for each; a context manager.

    Leaving the block waits for what is under way; leaving it with an exception releases the pages that
    no worker has begun (their futures raise :class:`ReleasedError`), with ``KeyboardInterrupt`` those under
    way as well. An error of the store ends the ingest: all futures get it, and ``close`` raises it.
    """

    def __init__(
        self,
        store: Store,
        run_id: int,
        *,
        workers: int = 2,
        limits: Limits = Limits(),  # noqa: B008  frozen
        target: str = CLEAN,
    ) -> None:
        self._store, self._run_id, self._limits = store, run_id, limits
        self._inbox: queue.SimpleQueue[_Event] = queue.SimpleQueue()
        self._changed, self._hurry, self.memory = threading.Condition(), threading.Event(), SiteMemory(store)
        self._live, self._cleaned, self._twins = set[Arrival](), list[Arrival](), Twins(store)
        self._closed = self._cancelled = self._abandoned = False
        self._pool = Pool(workers, limits, target) if workers else None
        self._target, self._bytes, self._due, self.unstored = target, 0, 0.0, 0
        executor = ThreadPoolExecutor(1, thread_name_prefix="taosha-writer")
        self._writer = executor.submit(self._write)
        executor.shutdown(wait=False)
        self._writer.add_done_callback(self._tell)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, KeyboardInterrupt):
            self._abandon()
        self.close(cancel=error is not None)

    def add(
        self,
        page: Page,
        source: str,
        rules: Rules | None = None,
        visit: Visit | None = None,
        page_id: int = 0,
    ) -> Future[Ingested]:
        """Take in one page; returns at once. The future is done when the outcome is committed.

        ``visit`` is the URL of the frontier that it answers, settled in the same transaction; a page that
        is stored already, as ``page_id``, is only cleaned (again).
        Raises ``RuntimeError`` after :meth:`close`, or when the store or the workers failed.
        """
        if len(page.body) > (limit := self._limits.body_bytes + 1):
            page = replace(page, body=page.body[:limit])
        arrival = Arrival(page, source, rules, visit, page_id=page_id)
        arrival.future.set_running_or_notify_cancel()  # what the writer has, nobody else may cancel
        with self._changed:
            self._check_open()
            self._live.add(arrival)
            self._bytes, self.unstored = self._bytes + len(page.body), self.unstored + (not page_id)
            self._inbox.put(arrival)
        return arrival.future

    def settle(self, ended: Settled | Failure) -> None:
        """Record how a visit ended that gave no page."""
        with self._changed:
            self._check_open()
            self._inbox.put(ended)

    def fail(self, source: str, origin: str, reason: str, detail: str) -> None:
        """Record that something could not be fetched or read at all."""
        self.settle(Failure(source, origin, reason, detail))

    def room(self, timeout: float | None = None) -> bool:
        """Wait until there is room for another page; False if there is none after `timeout` seconds."""
        return self._wait(
            lambda: len(self._live) < self._limits.pending_pages and self._bytes < self._limits.pending_bytes,
            timeout,
        )

    def idle(self, timeout: float | None = None) -> bool:
        """Wait until all pages have come through; False if some have not after `timeout` seconds."""
        return self._wait(lambda: not self._live, timeout)

    def close(self, *, cancel: bool = False) -> None:
        """Finish; with `cancel`, only what a worker has begun. Raises the writer's error, if any."""
        with self._changed:
            if not self._closed:
                self._closed, self._cancelled = True, cancel
                self._inbox.put(None)
        self._hurry.set()
        self._writer.result()

    def _abandon(self) -> None:
        """End the workers at once: whoever interrupts (again) does not want to wait for a stuck page."""
        self._abandoned = True
        if self._pool:
            self._pool.close(kill=True)

    def _check_open(self) -> None:
        if self._closed or self._writer.done():
            raise RuntimeError("the ingest is closed")

    def _wait(self, condition: Callable[[], bool], timeout: float | None) -> bool:
        with self._changed:
            met = self._changed.wait_for(lambda: self._writer.done() or condition(), timeout)
        if self._writer.done():
            self._writer.result()  # raises what ended it
        return met

    def _tell(self, _: object) -> None:
        with self._changed:
            self._changed.notify_all()

    def _write(self) -> None:
        try:
            self._loop()
            if self._pool:
                self._pool.close(cancel=self._cancelled)
            while not self._inbox.empty():
                self._handle(self._take())
            self._save_cleaned()
        except BaseException as error:
            with self._changed:
                self._closed = True
            if self._pool:
                self._pool.close(cancel=True)
            self._release(list(self._live), error)
            raise
        self._release(list(self._live), ReleasedError())

    def _loop(self) -> None:
        closing = False
        while not closing or (self._live and not self._cancelled):
            events = self._take()
            closing = closing or None in events
            self._handle(events)
            if self._cleaned and (len(self._cleaned) >= _SAVE_AT or time.monotonic() >= self._due):
                self._save_cleaned()

    def _take(self) -> list[_Event]:
        """What has come in: waits for it, but with outcomes in hand only until they are due."""
        patience = max(0.0, self._due - time.monotonic()) if self._cleaned else None
        try:
            events = [self._inbox.get(timeout=patience)]
        except queue.Empty:
            return []
        if self._pool and self._inbox.qsize() < _BATCH:
            self._hurry.wait(_GATHER_SECONDS)
        while len(events) < _BATCH and not self._inbox.empty():
            events.append(self._inbox.get())
        return events

    def _handle(self, events: Sequence[_Event]) -> None:
        arrivals = [e for e in events if isinstance(e, Arrival)]
        raw = [a for a in arrivals if a.outcome is None]
        cleaned = [a for a in arrivals if a.outcome is not None]
        if not self._cancelled:
            for arrival in [a for a in raw if a.page_id]:
                self._clean(arrival)
            self._store_pages(fresh := [a for a in raw if not a.page_id])
            with self._changed:
                self.unstored -= len(fresh)
        if cleaned and not self._cleaned:
            self._due = time.monotonic() + _LINGER_SECONDS
        self._cleaned += cleaned
        if failures := [e for e in events if isinstance(e, Failure)]:
            self._store.add_failures(failures, self._run_id)
        if ended := [e for e in events if isinstance(e, Settled)]:
            self._store.settle(ended, self._run_id)
        if errors := [e for e in events if isinstance(e, WorkersError)]:
            raise errors[0]

    def _store_pages(self, arrivals: Sequence[Arrival]) -> None:
        if not arrivals:
            return
        try:
            pages = [(a.page, a.source) for a in arrivals]
            refs = self._store.add_pages(pages, self._run_id, [a.visit for a in arrivals])
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001  the boundary that isolates a page
            if len(arrivals) > 1:
                for arrival in arrivals:
                    self._store_pages([arrival])
            else:
                self._give_up(arrivals[0], error)
            return
        for arrival, ref in zip(arrivals, refs, strict=True):
            arrival.page_id, arrival.rules = ref.id, self.memory.rules_for(arrival)
            if not self._cancelled:
                self._clean(arrival)

    def _clean(self, arrival: Arrival) -> None:
        page, limit = arrival.page, self._limits.body_bytes
        if len(page.body) > limit:
            why = f"the body has more than {limit:,} bytes"
            self._arrive(arrival, Rejected(page.url, Reason.TOO_LARGE, why))
        elif self._pool is None:
            self._arrive(arrival, clean_safely(load(self._target), page, arrival.rules))
        else:
            self._pool.submit(page, arrival.rules).add_done_callback(partial(self._hear, arrival))

    def _hear(self, arrival: Arrival, cleaned: Future[Outcome]) -> None:
        """Called in the pool's thread; a cancelled job is released when the writer ends."""
        if cleaned.cancelled() or (self._abandoned and cleaned.exception()):
            return
        error = cleaned.exception()
        if isinstance(error, WorkersError):
            self._inbox.put(error)
        else:
            self._arrive(arrival, cleaned.result())

    def _arrive(self, arrival: Arrival, outcome: Outcome) -> None:
        arrival.outcome = outcome
        self._inbox.put(arrival)

    def _save_cleaned(self) -> None:
        self._cleaned, cleaned = [], self._cleaned
        self._save(self._twins.sorted_out(cleaned))

    def _save(self, arrivals: Sequence[Arrival]) -> None:
        if not (items := [(a.page_id, a.outcome) for a in arrivals if a.outcome is not None]):
            return
        try:
            saved = self._store.add_outcomes(items, self._run_id, [a.visit for a in arrivals])
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001  the boundary that isolates a page
            if len(arrivals) > 1:
                for arrival in arrivals:
                    self._save([arrival])
            else:
                self._give_up(arrivals[0], error)
            return
        for arrival, result in zip(arrivals, saved, strict=True):
            self.memory.saw(result)
            self._finish(arrival, ingested(arrival, result.kind, result.article_id))

    def _give_up(self, arrival: Arrival, error: Exception) -> None:
        """The store takes everything but this page: say so, and let the others go on."""
        failure, rejected = refused(arrival, error)
        if arrival.visit is None:
            self._store.add_failures([failure], self._run_id)
        else:
            self._store.settle([Settled(arrival.visit, "failed", failure.reason, failure)], self._run_id)
        self._finish(arrival, ingested(replace(arrival, outcome=rejected), "rejected", None))

    def _finish(self, arrival: Arrival, result: Ingested) -> None:
        self._forget(arrival)
        arrival.future.set_result(result)

    def _release(self, arrivals: Iterable[Arrival], error: BaseException) -> None:
        for arrival in arrivals:
            self._forget(arrival)
            arrival.future.set_exception(error)

    def _forget(self, arrival: Arrival) -> None:
        with self._changed:
            self._live.discard(arrival)
            self._bytes -= len(arrival.page.body)
            self._changed.notify_all()
