"""A pool of worker processes that clean pages: recycled, and each on a line of its own.

Every worker has its own socket, and no lock, queue or memory that another one writes to, so a worker
that is killed, crashes in C code or never comes back takes only its own page with it. They are forked
by a process that does nothing else (:mod:`crawler.nursery`).
"""

from __future__ import annotations

import selectors
import signal
import socket
import threading
import time
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field

from cleaners.model import Page, Reason, Rejected, Rules
from crawler.isolation import CLEAN, Outcome
from crawler.limits import Limits
from crawler.nursery import Nursery

__all__ = ["Pool", "WorkersError"]

_ATTEMPTS = 2  # a worker may die of what others did to the machine, so the page gets a second one
_FAILED_STARTS = 3
_START_SECONDS = 120.0


class WorkersError(RuntimeError):
    """No worker process comes up, or the pool was closed: the page was not cleaned."""


@dataclass(slots=True)
class _Job:
    page: Page
    rules: Rules | None
    future: Future[Outcome] = field(default_factory=Future)
    attempts: int = 0

    def reject(self, reason: Reason, detail: str) -> None:
        self.future.set_result(Rejected(self.page.url, reason, detail))


class _Worker:
    """One process and the job that it has; `deadline` is on the monotonic clock."""

    def __init__(self, nursery: Nursery) -> None:
        self._nursery = nursery
        self.line = nursery.fork()
        self.deadline = time.monotonic() + _START_SECONDS
        self.pid = 0
        self.job: _Job | None = None
        self.done = 0
        self._rules: Rules | object | None = self  # none that a job has

    @property
    def ready(self) -> bool:
        """Whether it has come up."""
        return self.pid > 0

    def give(self, job: _Job) -> None:
        """Send what is to be cleaned. Raises ``OSError`` if nobody is there."""
        self.job = job
        # The rules of a site grow with what is learned of it, and are the same for most of its pages.
        same = self._rules is job.rules or self._rules == job.rules
        self.line.send((job.page,) if same else (job.page, job.rules))
        self._rules = job.rules

    def stop(self, *, kill: bool) -> str:
        """Make sure that the process is gone; says how it ended."""
        self.line.close()
        if not self.ready:
            return "did not come up"
        if kill:
            self._nursery.kill(self.pid)
        code = self._nursery.exit_code(self.pid)
        if code is None:
            self._nursery.kill(self.pid)
            code = self._nursery.exit_code(self.pid)
        if code is None:
            return "went away"
        if code < 0:
            return f"was ended by {signal.Signals(-code).name}"
        return f"ended with exit code {code}"


class Pool:
    """Cleans pages in up to `size` processes; a future never fails because of its page.

    What a page does to its worker comes back as a value: ``Rejected`` with TIMEOUT or FAULT.
    Futures fail with :class:`WorkersError` only if no worker can run at all, and are cancelled by
    ``close(cancel=True)`` if their page had not been started.
    """

    def __init__(self, size: int, limits: Limits, target: str = CLEAN) -> None:
        self._size, self._limits, self._target = size, limits, target
        self._lock = threading.Lock()
        self._waiting: deque[_Job] = deque()
        self._workers: list[_Worker] = []
        self._closing = self._killing = False
        self._failed_starts = 0
        self._nursery: Nursery | None = None
        self._bell, self._ringer = socket.socketpair()
        self._bell.setblocking(False)
        self._ringer.setblocking(False)
        self._rung = False
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run, name="taosha-workers", daemon=True)
        self._thread.start()

    def submit(self, page: Page, rules: Rules | None) -> Future[Outcome]:
        """Have one page cleaned; returns at once."""
        job = _Job(page, rules)
        with self._lock:
            if self._closing:
                raise WorkersError("the pool of workers is closed")
            self._waiting.append(job)
        self._ring()
        return job.future

    def close(self, *, cancel: bool = False, kill: bool = False) -> None:
        """Finish what is waiting (or, with `cancel`, only what is running), then end the workers.

        With `kill`, not even what is running: its futures fail with :class:`WorkersError`. May be
        called, from any thread, while another thread waits in it.
        """
        cancel = cancel or kill
        with self._lock:
            self._closing = True
            self._killing = self._killing or kill
            dropped = list(self._waiting) if cancel else []
            if cancel:
                self._waiting.clear()
        for job in dropped:
            job.future.cancel()
        self._ring()
        self._thread.join()

    def _ring(self) -> None:
        if self._rung:
            return
        self._rung = True
        try:
            self._ringer.send(b"!")
        except (BlockingIOError, OSError):
            return  # full: it rings already; closed: nobody listens any more

    def _run(self) -> None:
        try:
            while self._step():
                pass
        finally:
            self._end()

    def _step(self) -> bool:
        """One round; False when the pool is closed and empty, or no worker comes up."""
        with self._lock:
            busy = sum(worker.job is not None for worker in self._workers)
            if self._closing and not self._waiting and not busy:
                return False
            wanted = min(self._size, busy + len(self._waiting))
        if self._killing or self._failed_starts >= _FAILED_STARTS:
            return False
        while len(self._workers) < wanted and self._failed_starts < _FAILED_STARTS:
            self._start()
        for worker in list(self._workers):
            if worker.ready and worker.job is None:
                self._assign(worker)
        self._listen()
        return True

    def _start(self) -> None:
        """One worker more."""
        if self._nursery is None:
            self._nursery = Nursery(self._target, self._limits)
        try:
            worker = _Worker(self._nursery)
        except OSError:
            self._failed_starts += 1
            self._end_nursery()
            return
        self._workers.append(worker)
        self._selector.register(worker.line, selectors.EVENT_READ, worker)

    def _assign(self, worker: _Worker) -> None:
        with self._lock:
            if not self._waiting:
                return
            job = self._waiting.popleft()
        if not job.attempts and not job.future.set_running_or_notify_cancel():
            return
        job.attempts += 1
        worker.deadline = time.monotonic() + self._limits.seconds
        try:
            worker.give(job)
        except OSError:
            self._lost(worker)

    def _listen(self) -> None:
        """Wait for an answer, a new job or the next deadline, whichever comes first."""
        running = [w for w in self._workers if w.job is not None or not w.ready]
        now = time.monotonic()
        patience = min((max(0.0, w.deadline - now) for w in running), default=None)
        heard = {key.data for key, _ in self._selector.select(patience)}
        if None in heard:
            with suppress(BlockingIOError):
                self._bell.recv(65536)
            self._rung = False  # only now: who rings from here on is heard the next time
        for worker in list(self._workers):
            if worker in heard:
                self._receive(worker)
            elif worker in running and time.monotonic() >= worker.deadline:
                self._expire(worker)

    def _receive(self, worker: _Worker) -> None:
        try:
            answer = worker.line.recv()
        except (EOFError, OSError):
            self._lost(worker)
            return
        job, worker.job = worker.job, None
        if job is None:
            worker.pid = answer
            self._failed_starts = 0
            return
        worker.done += 1
        if worker.done >= self._limits.tasks_per_worker:
            self._dismiss(worker, kill=True)
        job.future.set_result(answer)

    def _expire(self, worker: _Worker) -> None:
        job = worker.job
        self._dismiss(worker, kill=True)
        if job is None:
            self._failed_starts += 1
            self._end_nursery()
        else:
            job.reject(Reason.TIMEOUT, f"cleaning took longer than {self._limits.seconds:g} seconds")

    def _lost(self, worker: _Worker) -> None:
        """The process went away by itself: killed by the system, or crashed."""
        job, started = worker.job, worker.ready
        how = self._dismiss(worker, kill=False)
        if not started:
            self._failed_starts += 1
        elif job is not None and job.attempts < _ATTEMPTS:
            with self._lock:
                self._waiting.appendleft(job)
        elif job is not None:
            job.reject(Reason.FAULT, f"the worker process {how} while it cleaned this page")

    def _dismiss(self, worker: _Worker, *, kill: bool) -> str:
        self._workers.remove(worker)
        self._selector.unregister(worker.line)
        return worker.stop(kill=kill)

    def _end_nursery(self) -> None:
        if self._nursery is not None:
            self._nursery.close()
            self._nursery = None

    def _end(self) -> None:
        with self._lock:
            self._closing = True
            left = list(self._waiting) + [w.job for w in self._workers if w.job is not None]
            self._waiting.clear()
        why = "stopped" if self._killing else "no worker process comes up; see the messages above"
        for worker in list(self._workers):
            self._dismiss(worker, kill=True)
        self._end_nursery()
        self._selector.close()
        self._bell.close()
        self._ringer.close()
        for job in left:
            if job.attempts or job.future.set_running_or_notify_cancel():
                job.future.set_exception(WorkersError(why))
