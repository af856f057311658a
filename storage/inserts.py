"""Inserts of many rows, past what SQLAlchemy does for each row: that costs as much as what SQLite does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, insert

from storage.statements import Statement

__all__ = ["insert_rows"]


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns; their values are what the driver takes as it is."""
    _insert(table).run_all(connection, rows)


@cache
def _insert(table: Table) -> Statement:
    return Statement(lambda _: insert(table))
