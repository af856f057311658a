"""How a store's file can be opened by a program that only reads."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from storage.engine import connect_file

__all__ = ["readable_beside_writers"]


def readable_beside_writers(path: Path) -> bool:
    """Say whether SQLite can read the file while others write; not so on a read-only disk without a log.

    Then nobody writes, and the file can be opened as one that never changes.
    """
    try:
        connection = connect_file(path, "ro")
    except sqlite3.OperationalError:
        return False
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return True
