"""Inserts that change the row that is there already, as each database writes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert

__all__ = ["Upsert"]


class Upsert:
    """An insert into ``table``; where a row has the same ``keys``, its columns ``renew`` are replaced
    (without any, it stays as it is).

    ``also`` gives expressions for further columns. Made once: building a statement costs more than
    running it.
    """

    def __init__(
        self, table: Table, keys: Sequence[str], renew: Sequence[str], also: dict[str, Any] | None = None
    ) -> None:
        self._made: dict[str, Insert] = {}
        lite, server = sqlite.insert(table), postgresql.insert(table)
        for name, row in (("sqlite", lite), ("postgresql", server)):
            if not renew and not also:
                self._made[name] = row.on_conflict_do_nothing(index_elements=keys)
                continue
            values = {column: row.excluded[column] for column in renew} | (also or {})
            self._made[name] = row.on_conflict_do_update(index_elements=keys, set_=values)

    def on(self, connection: Connection) -> Insert:
        """Give the statement in the words of the database."""
        return self._made[connection.dialect.name]
