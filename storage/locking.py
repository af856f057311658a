"""One crawl at a time on a store file, or of a source on a server: locks that end with their process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from storage.errors import StoreLocked
from storage.store import Store

__all__ = ["crawl_lock", "run_lock"]


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


def crawl_lock(store: Store, sources: Sequence[str]) -> AbstractContextManager[None]:
    """Hold the right to crawl ``sources`` into the store. Raises :class:`StoreLocked` on entering.

    Into a file one run crawls at a time; on a server several do, each its own sources.
    """
    return run_lock(store.file) if store.file is not None else store.locking_sources(sources)
