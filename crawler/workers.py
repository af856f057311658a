"""A pool of worker processes that clean pages: recycled, and each on a line of its own.

Every worker is a fresh interpreter with its own socket. No lock, queue or memory is shared, so a
worker that is killed, crashes in C code or never comes back takes only its own page with it.
Nothing is forked, because the parent runs threads (Scrapy's reactor among them), and the caller's
main module is not imported a second time, as :mod:`multiprocessing` would do.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait

from cleaners.model import Page, Reason, Rejected, Rules
from crawler.isolation import CLEAN, Outcome
from crawler.limits import Limits

__all__ = ["Pool", "WorkersError"]

_ATTEMPTS = 2  # a worker may die of what others did to the machine, so the page gets a second one
_FAILED_STARTS = 3
_START_SECONDS = 120.0
_LAST_WORDS_SECONDS = 0.5


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

    def __init__(self, target: str, limits: Limits) -> None:
        ours, theirs = socket.socketpair()
        path = [entry or str(os.getcwd()) for entry in sys.path]  # noqa: PTH109  as the import system does
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603  our own interpreter, our own code
                [
                    *(sys.executable, "-P", "-W", "ignore", "-c"),
                    f"from crawler.isolation import serve; serve({theirs.fileno()})",
                ],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(path)},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the parent, which ends its workers in order
            )
        self.line = Connection(ours.detach())
        self.line.send((target, limits))
        self.deadline = time.monotonic() + _START_SECONDS
        self.ready = False
        self.job: _Job | None = None
        self.done = 0

    def stop(self, *, kill: bool) -> str:
        """Make sure that the process is gone; says how it ended."""
        self.line.close()
        if kill:
            self.process.kill()
        try:
            code = self.process.wait(timeout=_LAST_WORDS_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
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
        self._bell, self._ringer = socket.socketpair()
        self._bell.setblocking(False)
        self._ringer.setblocking(False)
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
        while len(self._workers) < wanted:
            self._workers.append(_Worker(self._target, self._limits))
        for worker in list(self._workers):
            if worker.ready and worker.job is None:
                self._assign(worker)
        self._listen()
        return True

    def _assign(self, worker: _Worker) -> None:
        with self._lock:
            if not self._waiting:
                return
            job = self._waiting.popleft()
        if not job.attempts and not job.future.set_running_or_notify_cancel():
            return
        job.attempts += 1
        worker.job = job
        worker.deadline = time.monotonic() + self._limits.seconds
        try:
            worker.line.send((job.page, job.rules))
        except OSError:
            self._lost(worker)

    def _listen(self) -> None:
        """Wait for an answer, a new job or the next deadline, whichever comes first."""
        running = [w for w in self._workers if w.job is not None or not w.ready]
        now = time.monotonic()
        patience = min((max(0.0, w.deadline - now) for w in running), default=None)
        heard = wait([self._bell, *(w.line for w in self._workers)], patience)
        if self._bell in heard:
            self._bell.recv(65536)
        for worker in list(self._workers):
            if worker.line in heard:
                self._receive(worker)
            elif worker in running and time.monotonic() >= worker.deadline:
                self._expire(worker)

    def _receive(self, worker: _Worker) -> None:
        try:
            outcome = worker.line.recv()
        except (EOFError, OSError):
            self._lost(worker)
            return
        job, worker.job = worker.job, None
        if job is None:
            worker.ready = True
            self._failed_starts = 0
            return
        worker.done += 1
        if worker.done >= self._limits.tasks_per_worker:
            self._dismiss(worker, kill=True)
        job.future.set_result(outcome)

    def _expire(self, worker: _Worker) -> None:
        job = worker.job
        self._dismiss(worker, kill=True)
        if job is None:
            self._failed_starts += 1
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
        return worker.stop(kill=kill)

    def _end(self) -> None:
        with self._lock:
            self._closing = True
            left = list(self._waiting) + [w.job for w in self._workers if w.job is not None]
            self._waiting.clear()
        why = "stopped" if self._killing else "no worker process comes up; see the messages above"
        for worker in list(self._workers):
            self._dismiss(worker, kill=True)
        self._bell.close()
        self._ringer.close()
        for job in left:
            if job.attempts or job.future.set_running_or_notify_cancel():
                job.future.set_exception(WorkersError(why))
