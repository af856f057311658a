"""One crawl at a time on a store: a lock beside the file, which ends with the process that holds it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from storage.errors import StoreLocked

__all__ = ["run_lock"]


@contextmanager
def run_lock(path: Path) -> Iterator[None]:
    """Hold the lock of the store at ``path``. Raises :class:`StoreLocked` when another run does.

    The lock belongs to the open file, so the system takes it from a process that was killed:
    there is no stale lock to clear away, and no time to wait for.
    """
    lock = FileLock(path.with_name(path.name + ".lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise StoreLocked(f"{path}: another run is crawling into it") from error
    try:
        yield
    finally:
        lock.release()
