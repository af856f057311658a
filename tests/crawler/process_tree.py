"""Memory of a process and all its children, as Linux shares it out (PSS), in bytes."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Memory:
    """`now` is the last measure, `peak` the highest."""

    now: int = 0
    peak: int = 0


def memory_of(pid: int) -> int:
    """The proportional set size of process `pid` and its descendants; 0 once they are gone."""
    return sum(_pss(one) for one in _family(pid))


@contextmanager
def watched(process: subprocess.Popen[str], every: float = 0.1) -> Iterator[Memory]:
    """Measure `process` from a thread of its own while the block runs."""
    memory, done = Memory(), threading.Event()

    def watch() -> None:
        while not done.wait(every):
            memory.now = memory_of(process.pid)
            memory.peak = max(memory.peak, memory.now)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield memory
    finally:
        done.set()
        thread.join()


def _family(pid: int) -> list[int]:
    found = [pid]
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(c) for task in tasks for c in (task / "children").read_text().split()]
    except OSError:
        return found
    for child in children:
        found += _family(child)
    return found


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
