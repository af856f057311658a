"""What the drivers of the databases report, as our types."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from storage.errors import (
    NotAStore,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreLocked,
    StoreMissing,
    StoreUnusable,
)

__all__ = ["translated"]

Kind = tuple[type[StoreError], str]

_SQLITE: dict[int, Kind] = {
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

_POSTGRES: dict[str, Kind] = {
    "25006": (StoreUnusable, "it was opened for reading only"),
    "28": (StoreUnusable, "the server refuses this user"),
    "3D": (StoreMissing, "the server has no such database"),
    "40": (StoreLocked, "another process wrote to it at the same time"),
    "42501": (StoreUnusable, "access was refused"),
    "53100": (StoreFull, "the disk is full"),
    "53": (StoreUnusable, "the server lacks resources"),
    "54": (StoreUnusable, "a value is too large for the server"),
    "55P03": (StoreLocked, "another process holds a lock on it"),
    "57": (StoreUnusable, "the server ended the work"),
    "58": (StoreUnusable, "reading or writing failed"),
    "08": (StoreUnusable, "the connection to the server failed"),
    "XX": (StoreDamaged, "the server found it damaged"),
}
"""By SQLSTATE, or by its first two characters (the class)."""

_NO_CODE = re.compile(
    r"Could not decode to UTF-8|no such (fts5 )?table|vtable constructor failed|user-defined function raised"
)
_TOLD = 300
"""Characters of a message that are kept: it may hold the text that could not be read."""


def _by_message(message: str) -> Kind | None:
    """Give the kind of an error that has no code of its own: damaged text, and parts of the schema."""
    found = _NO_CODE.match(message)
    return None if found is None else (StoreDamaged, "it is damaged")


def _kind(error: BaseException | None) -> Kind | None:
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)
        # The low byte is the primary code, the rest details it.
        return _by_message(str(error)) if code in (None, sqlite3.SQLITE_ERROR) else _SQLITE.get(code & 0xFF)
    state = getattr(error, "sqlstate", "")
    if isinstance(state, str) and state:
        return _POSTGRES.get(state) or _POSTGRES.get(state[:2])
    if state is None and type(error).__name__ == "OperationalError":  # no answer, so no state
        return _POSTGRES["08"]
    return None


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Raise what a database reports inside the block as a :class:`StoreError` that names ``place``."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        kind = _kind(cause)
        if kind is None:
            raise
        told = " ".join(str(cause).split())
        raise kind[0](f"{place}: {kind[1]} ({told[:_TOLD]})") from error
