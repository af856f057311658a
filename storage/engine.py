"""One way to connect: pragmas, explicit transactions, and SQLite's errors as our types.

The driver's own habit of starting transactions is switched off (``isolation_level = None``)
and the ``begin`` event starts them: ``BEGIN IMMEDIATE`` for writers, because a deferred
transaction that reads first and writes later fails at once when another writer came between
(no time limit helps there), and plain ``BEGIN`` for readers, which then see one snapshot.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from storage.errors import (
    NotAStore,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreLocked,
    StoreUnusable,
)
from storage.grams import grams

__all__ = ["BUSY_SECONDS", "connect_file", "engine_for", "translated"]

BUSY_SECONDS = 30.0
"""How long a writer waits for another process before it gives up."""

WRITER = "taosha_writer"

_KINDS: dict[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_BUSY: (StoreLocked, "another process is writing to it"),
    sqlite3.SQLITE_LOCKED: (StoreLocked, "another connection holds a lock on it"),
    sqlite3.SQLITE_FULL: (StoreFull, "the disk is full"),
    sqlite3.SQLITE_NOTADB: (NotAStore, "the file is not an SQLite database"),
    sqlite3.SQLITE_CORRUPT: (StoreDamaged, "the file is damaged"),
    sqlite3.SQLITE_READONLY: (StoreUnusable, "it can not be written to"),
    sqlite3.SQLITE_CANTOPEN: (StoreUnusable, "the file can not be opened"),
    sqlite3.SQLITE_IOERR: (StoreUnusable, "reading or writing failed"),
    sqlite3.SQLITE_PERM: (StoreUnusable, "access was refused"),
    sqlite3.SQLITE_AUTH: (StoreUnusable, "access was refused"),
}


def _store_error(error: BaseException | None, place: str) -> StoreError | None:
    code = getattr(error, "sqlite_errorcode", None)
    if not isinstance(error, sqlite3.Error) or code is None:
        return None
    found = _KINDS.get(code & 0xFF)  # the low byte is the primary code, the rest details it
    return None if found is None else found[0](f"{place}: {found[1]} ({error})")


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Raise what SQLite reports inside the block as a :class:`StoreError` that names ``place``."""
    try:
        yield
    except DBAPIError as error:
        known = _store_error(error.orig, place)
        if known is None:
            raise
        raise known from error
    except sqlite3.Error as error:
        known = _store_error(error, place)
        if known is None:
            raise
        raise known from error


def connect_file(path: Path, mode: str, *, immutable: bool = False) -> sqlite3.Connection:
    """Open ``path`` in SQLite's ``mode`` (``ro``, ``rw``, ``rwc``) with the driver's autobegin off."""
    uri = f"file:{quote(str(path))}?mode={mode}" + ("&immutable=1" if immutable else "")
    connection = sqlite3.connect(
        uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def engine_for(path: Path, mode: str, *, read_only: bool, immutable: bool = False) -> Engine:
    """Make the engine for a store file; nothing is opened before the first use."""

    def connect() -> sqlite3.Connection:
        connection = connect_file(path, mode, immutable=immutable)
        try:
            if read_only:
                connection.execute("PRAGMA query_only = ON")
            else:
                # FULL, because in WAL mode NORMAL may forget the last commits when the power fails.
                connection.execute("PRAGMA synchronous = FULL")
                connection.create_function("taosha_grams", 1, grams, deterministic=True)
            connection.execute("PRAGMA cache_size = -16000")
        except BaseException:
            connection.close()
            raise
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, pool_size=4, max_overflow=12)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    writer = connection.get_execution_options().get(WRITER, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")
