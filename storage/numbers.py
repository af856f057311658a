"""Numbers for rows that are written many at a time, and whose number others need before that."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Table, func, select, text

from storage.postgres import SCHEME

__all__ = ["new_numbers"]

_NEXT = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count) ORDER BY 1")


def new_numbers(connection: Connection, table: Table, count: int) -> Iterator[int]:
    """Give ``count`` numbers for rows of ``table``, rising; inside the write transaction."""
    if connection.dialect.name == SCHEME:
        return iter(connection.execute(_NEXT, {"name": table.name, "count": count}).scalars().all())
    # Nobody else writes: these are the numbers that SQLite would give.
    last = connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
    return iter(range(last + 1, last + 1 + count))
