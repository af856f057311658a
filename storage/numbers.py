"""Numbers for rows that are written many at a time, and whose number others need before that."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from sqlalchemy import Connection, Table, func, select, text

from storage.postgres import SCHEME
from storage.statements import Statement

__all__ = ["new_numbers"]

_NEXT = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count) ORDER BY 1")


def new_numbers(connection: Connection, table: Table, count: int) -> Iterator[int]:
    """Give ``count`` numbers for rows of ``table``, rising; inside the write transaction."""
    if not count:
        return iter(())
    if connection.dialect.name == SCHEME:
        return iter(connection.execute(_NEXT, {"name": table.name, "count": count}).scalars().all())
    # Nobody else writes: these are the numbers that SQLite would give.
    last = _last(table).run(connection).scalar_one()
    return iter(range(last + 1, last + 1 + count))


@cache
def _last(table: Table) -> Statement:
    return Statement(lambda _: select(func.coalesce(func.max(table.c.id), 0)))
