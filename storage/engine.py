"""One way to connect to a store file: pragmas and explicit transactions.

The driver's own habit of starting transactions is switched off (``isolation_level = None``)
and the ``begin`` event starts them: ``BEGIN IMMEDIATE`` for writers, because a deferred
transaction that reads first and writes later fails at once when another writer came between
(no time limit helps there), and plain ``BEGIN`` for readers, which then see one snapshot.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from storage.errors import StoreLocked
from storage.faults import translated
from storage.grams import grams

__all__ = ["BUSY_SECONDS", "WRITER", "connect_file", "engine_for", "rewrite", "use_write_ahead_log"]

BUSY_SECONDS = 30.0
"""How long a writer waits for another process before it gives up."""

WRITER = "taosha_writer"
_LOG_PAGES = 8000


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
                # Pages that are written again and again reach the file once for 32 MB of log, not for 4.
                connection.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}").fetchall()
                # Some builds overwrite what is deleted, with each joining of the index's segments again.
                connection.execute("PRAGMA secure_delete = OFF").fetchall()
                connection.create_function("taosha_grams", 1, grams, deterministic=True)
            connection.execute("PRAGMA cache_size = -16000")
        except BaseException:
            connection.close()
            raise
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, pool_size=4, max_overflow=12)
    event.listen(engine, "begin", _begin)
    return engine


def rewrite(engine: Engine, path: Path) -> None:
    """Write the file anew without its unused pages."""
    with translated(str(path)), engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.execute("VACUUM")  # refused inside the transaction that the engine would begin


def use_write_ahead_log(path: Path) -> None:
    """Switch the file to WAL, which stays with it.

    Only after the schema is committed: until then a crash leaves an empty file, and the mark
    in the header is in the file itself, where the check of the header finds it.
    """
    with suppress(StoreLocked), translated(str(path)):  # whoever has it open switches it, or the next opening
        connection = connect_file(path, "rw")
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchall()
        finally:
            connection.close()


def _begin(connection: Connection) -> None:
    writer = connection.get_execution_options().get(WRITER, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")
