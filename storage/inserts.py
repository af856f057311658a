"""Inserts of many rows, past what SQLAlchemy does for each row: that costs as much as what SQLite does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table, insert

__all__ = ["insert_rows"]


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns; their values are what the driver takes as it is."""
    if not rows:
        return
    names = tuple(rows[0])
    statement, order = _compiled(connection.dialect, table, names)
    if order is None:
        connection.exec_driver_sql(statement, list(rows))
        return
    connection.exec_driver_sql(statement, [tuple([row[name] for name in order]) for row in rows])


@cache
def _compiled(dialect: Dialect, table: Table, names: tuple[str, ...]) -> tuple[str, list[str] | None]:
    """Give the statement, and the order of its parameters (``None``: they have names)."""
    compiled = insert(table).compile(dialect=dialect, column_keys=list(names))
    return str(compiled), list(compiled.positiontup) if compiled.positiontup else None
