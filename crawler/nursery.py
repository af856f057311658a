"""Where worker processes come from: one process that has loaded the cleaner, and is forked for each.

Loading the cleaner costs as much as cleaning two hundred pages; a fork costs nothing, and shares the
memory of what was loaded. The caller's own process is never forked, because it runs threads (Scrapy's
reactor among them); this one is a fresh interpreter with a single thread, and sees no page but its own.
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
import socket
import struct
import subprocess
import sys
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import NoReturn

from cleaners.model import Page
from crawler.isolation import Cleaner, clean_safely, limit_memory, load, quiet, serve
from crawler.limits import Limits

__all__ = ["Nursery", "tend"]

_ORDER = struct.Struct("=ci")
"""To the nursery: a letter and the number of a process."""
_FORK, _KILL = b"f", b"k"
_ENDED = struct.Struct("=ii")
"""From it: the number of a process that has ended, and its exit code (negative: the signal)."""
_LAST_WORDS_SECONDS = 0.5
_SAMPLE = (
    "<html lang=zh><head><title>新书上架</title></head><body><h1>新书上架</h1>"
    "<p>2026年1月2日 9:30 来源：测试</p>"
    + "<p>图书馆的新书今天上架，读者可以在网上预约，再到馆里去取。</p>" * 4
    + "</body></html>"
)


class Nursery:
    """The parent's side; for one thread."""

    def __init__(self, target: str, limits: Limits) -> None:
        ours, theirs = socket.socketpair()
        path = [entry or str(os.getcwd()) for entry in sys.path]  # noqa: PTH109  as the import system does
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  our own interpreter, our own code
                [
                    *(sys.executable, "-P", "-W", "ignore", "-c"),
                    f"from crawler.nursery import tend; tend({theirs.fileno()})",
                ],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(path)},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the parent, which ends its workers in order
            )
        self._control = ours
        self._ended: dict[int, int] = {}
        with Connection(os.dup(ours.fileno())) as line:
            line.send((target, limits))

    def fork(self) -> Connection:
        """A line to a new worker, which says its process number first. Raises ``OSError`` if all is over."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._control, [_ORDER.pack(_FORK, 0)], [theirs.fileno()])
            except OSError:
                ours.close()
                raise
        return Connection(ours.detach())

    def kill(self, pid: int) -> None:
        """End a worker; one that has ended already is left in peace."""
        with suppress(OSError):
            self._control.sendall(_ORDER.pack(_KILL, pid))

    def exit_code(self, pid: int) -> int | None:
        """The exit code of a worker that has ended, or is about to; None if it does not say so soon."""
        deadline = time.monotonic() + _LAST_WORDS_SECONDS
        with suppress(OSError):  # not in time, or the nursery itself is gone
            while pid not in self._ended:
                self._control.settimeout(max(0.001, deadline - time.monotonic()))
                if len(data := self._control.recv(_ENDED.size)) < _ENDED.size:
                    break
                ended, code = _ENDED.unpack(data)
                self._ended[ended] = code
            self._control.settimeout(None)
        return self._ended.pop(pid, None)

    def close(self) -> int:
        """Make sure that the process is gone; gives its exit code. Its workers end with their lines."""
        self._control.close()
        try:
            return self._process.wait(timeout=_LAST_WORDS_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


def tend(descriptor: int) -> None:
    """The nursery itself: fork a worker for each socket that comes in, until the other side closes.

    First message in: ``(target, limits)``.
    """
    quiet()
    gc.disable()  # what is loaded stays
    control = socket.socket(fileno=descriptor)
    with Connection(os.dup(descriptor)) as line:
        try:
            target, limits = line.recv()
        except EOFError:
            return
    cleaner = load(target)
    # What is loaded when it is first used is there for all, too.
    clean_safely(cleaner, Page("https://example.org/", _SAMPLE.encode()), None)
    gc.collect()
    gc.freeze()  # a collection in a worker would write to, and so copy, all that is shared
    gc.enable()
    with suppress(ConnectionError):
        _Tending(control, cleaner, limits).run()


class _Tending:
    def __init__(self, control: socket.socket, cleaner: Cleaner, limits: Limits) -> None:
        self._control, self._cleaner, self._limits = control, cleaner, limits
        self._children: set[int] = set()
        self._bell, self._ringer = socket.socketpair()

    def run(self) -> None:
        for end in (self._bell, self._ringer):
            end.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # heard through the descriptor
        signal.set_wakeup_fd(self._ringer.fileno(), warn_on_full_buffer=False)
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(self._bell, selectors.EVENT_READ)
            while True:
                heard = {key.fileobj for key, _ in selector.select()}
                if self._bell in heard:
                    self._bell.recv(4096)
                    self._reap()
                if self._control in heard and not self._obey():
                    return

    def _obey(self) -> bool:
        data, descriptors, _, _ = socket.recv_fds(self._control, _ORDER.size, 1)
        if len(data) < _ORDER.size:
            return False
        order, pid = _ORDER.unpack(data)
        if order == _KILL and pid in self._children:
            os.kill(pid, signal.SIGKILL)
        for given in descriptors:
            if child := os.fork():
                self._children.add(child)
                os.close(given)
            else:
                self._live(given)
        return True

    def _reap(self) -> None:
        for child in list(self._children):
            pid, status = os.waitpid(child, os.WNOHANG)
            if pid:
                self._children.discard(pid)
                self._control.sendall(_ENDED.pack(pid, os.waitstatus_to_exitcode(status)))

    def _live(self, descriptor: int) -> NoReturn:
        """In the fork: be a worker, and never come back."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for end in (self._control, self._bell, self._ringer):
                end.close()
            limit_memory(self._limits.memory_bytes)
            serve(descriptor, self._cleaner, self._limits)
            code = 0
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else 1
        finally:
            if (fault := sys.exception()) is not None:
                sys.excepthook(type(fault), fault, fault.__traceback__)
            os._exit(code)
