"""Copies a store while it is in use, whole or not at all (SQLite's online backup)."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from storage.bodies import bodies_path
from storage.errors import StoreDamaged, StoreFull, StoreUnusable
from storage.faults import translated
from storage.store import Store

__all__ = ["backup", "backup_name"]

Progress = Callable[[int, int], None]
"""Told how many pages of the file are done, and of how many."""

_STEP = 4096
"""Pages of the file between two calls of the progress function."""

_ROOM = 16 << 20
"""Bytes that stay free on the disk of the copy."""


def backup_name(store: Store, label: str = "backup") -> str:
    """Give a name for a copy of the store: ``taosha-backup-20250119T063050Z.db``."""
    _refuse_server(store)
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    return f"{store.path.stem}-{label}-{moment}{store.path.suffix}"


def backup(store: Store, target: Path, progress: Progress = lambda done, total: None) -> int:
    """Copy the store as it is now to the file ``target``, its raw pages beside it; give the size in bytes.

    Others may go on writing: the copy is one moment. An existing ``target`` is replaced, only when
    the copy is complete and found sound. Raises :class:`storage.errors.StoreError`.
    """
    _refuse_server(store)
    target = target.resolve()
    if target == store.path.resolve():
        raise StoreUnusable(f"{target} is the store itself")
    _check_room(store, target.parent)
    with ExitStack() as stack:
        part = stack.enter_context(_part(target))
        with store.reading() as connection:
            _copy(connection, part, progress)
        beside = bodies_path(target)
        if store.bodies.missing:
            _keep(part, target, store.path)
            beside.unlink(missing_ok=True)
            return target.stat().st_size
        # After the store: a body is written before what points to it.
        bodies = stack.enter_context(_part(beside))
        with store.bodies.reading() as connection:
            _copy(connection, bodies, progress)
        _keep(bodies, beside, store.path)
        _keep(part, target, store.path)
    return target.stat().st_size + beside.stat().st_size


def _refuse_server(store: Store) -> None:
    if store.file is None:
        raise StoreUnusable(f"{store.place} is on a server: copy it with pg_dump, or with `taosha copy`")


@contextmanager
def _part(target: Path) -> Iterator[Path]:
    """Give a name beside ``target`` to write to, and clean up after it."""
    try:
        number, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
        os.close(number)
    except OSError as error:
        raise StoreUnusable(f"{target.parent} can not be written to: {error.strerror}") from error
    part = Path(name)
    try:
        yield part
    except OSError as error:
        raise StoreUnusable(f"{target} can not be written: {error.strerror}") from error
    finally:
        for end in ("", "-journal"):
            with suppress(OSError):
                part.with_name(part.name + end).unlink()


def _check_room(store: Store, folder: Path) -> None:
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise StoreUnusable(f"{folder} can not be written to: {error.strerror}") from error
    files = [path.with_name(path.name + end) for path in _files(store) for end in ("", "-wal")]
    needed = sum(file.stat().st_size for file in files if file.exists()) + _ROOM
    if free < needed:
        raise StoreFull(f"a copy needs {needed >> 20:,} MiB in {folder}, and {free >> 20:,} MiB are free")


def _files(store: Store) -> list[Path]:
    return [store.path, *([] if store.bodies.file is None else [store.bodies.file])]


def _copy(connection: Connection, part: Path, progress: Progress) -> None:
    with translated(str(part)):
        copy = sqlite3.connect(part, isolation_level=None)
        try:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")  # begins the snapshot
            source = connection.connection.driver_connection
            assert isinstance(source, sqlite3.Connection)
            source.backup(copy, pages=_STEP, progress=lambda _, left, total: progress(total - left, total))
            # A copy in WAL mode would get side files from whoever looks at it.
            copy.execute("PRAGMA journal_mode = DELETE").fetchall()
            found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        finally:
            copy.close()
    if found != "ok":
        raise StoreDamaged(f"the store is damaged, and so is its copy {part}: {found}")


def _keep(part: Path, target: Path, like: Path) -> None:
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.chmod(like.stat().st_mode & 0o777)
    for end in ("-wal", "-shm"):  # a log that the file before left would be played into this one
        with suppress(FileNotFoundError):
            target.with_name(target.name + end).unlink()
    part.replace(target)
    with suppress(OSError):  # some file systems refuse it for folders
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
