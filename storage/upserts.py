"""Inserts that change the row that is there already, as each database writes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert

from storage.statements import Statement

__all__ = ["Upsert"]


class Upsert(Statement):
    """An insert into ``table``; where a row has the same ``keys``, its columns ``renew`` are replaced
    (without any, it stays as it is).

    ``also`` gives expressions for further columns.
    """

    def __init__(
        self, table: Table, keys: Sequence[str], renew: Sequence[str], also: dict[str, Any] | None = None
    ) -> None:
        super().__init__()
        self._table, self._keys, self._renew, self._also = table, keys, renew, also or {}

    def _make(self, *, server: bool) -> Insert:
        row = postgresql.insert(self._table) if server else sqlite.insert(self._table)
        if not self._renew and not self._also:
            return row.on_conflict_do_nothing(index_elements=self._keys)
        values = {column: row.excluded[column] for column in self._renew} | self._also
        return row.on_conflict_do_update(index_elements=self._keys, set_=values)
