"""Statements that are compiled once and go to the driver as they are.

What SQLAlchemy does for each run of a statement costs several times what SQLite does for it; a crawl
that stores few pages at a time felt little else. Values must be what the drivers take as they are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    CursorResult,
    Delete,
    Dialect,
    Insert,
    Select,
    Text,
    Update,
    any_,
    bindparam,
    delete,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from storage.postgres import SCHEME

__all__ = ["Among", "Statement", "deleting"]

Among = Callable[[ColumnElement[Any], str], ColumnElement[bool]]
"""Gives the condition that a column has one of the values in a list, which is one parameter with a name."""

Values = Mapping[str, Any]
_Compiled = tuple[str, Sequence[str] | None, Values]
Made = Select[*tuple[Any, ...]] | Insert | Update | Delete


class Statement:
    """A statement, made by ``build`` for each of the databases when it is first run there."""

    def __init__(self, build: Callable[[Among], Made] | None = None) -> None:
        self._build = build
        self._made: dict[tuple[str, ...], _Compiled] = {}

    def run(self, connection: Connection, values: Values | None = None) -> CursorResult[*tuple[Any, ...]]:
        """Run it once; lists are values for :data:`Among`."""
        given = values or {}
        sql, order, fixed = self._compiled(connection.dialect, given)
        given = {**fixed, **given}
        if order is None:
            return connection.exec_driver_sql(sql, given)
        return connection.exec_driver_sql(sql, tuple([_packed(given[name]) for name in order]))

    def run_all(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Run it for each of the rows, which all have the same names."""
        if not rows:
            return
        sql, order, fixed = self._compiled(connection.dialect, rows[0])
        if fixed:
            rows = [{**fixed, **row} for row in rows]
        if order is None:
            connection.exec_driver_sql(sql, [dict(row) for row in rows])
        else:
            connection.exec_driver_sql(sql, list(map(_in_order(order), rows)))

    def _make(self, *, server: bool) -> Made:
        assert self._build is not None
        return self._build(_in_array if server else _in_json)

    def _compiled(self, dialect: Dialect, names: Iterable[str]) -> _Compiled:
        """Give the SQL, the order of its parameters (``None``: they have names), and those of its own.

        Columns among the names are those that an insert or an update sets.
        """
        key = (dialect.name, *names)
        if (made := self._made.get(key)) is None:
            statement = self._make(server=dialect.name == SCHEME)
            table = statement.table if isinstance(statement, Insert | Update) else None
            columns = None if table is None else [name for name in key[1:] if name in table.c]
            compiled = statement.compile(dialect=dialect, column_keys=columns)
            fixed = {name: value for name, value in compiled.params.items() if name not in key[1:]}
            order = list(compiled.positiontup) if compiled.positiontup is not None else None
            made = str(compiled), order, fixed
            self._made[key] = made
        return made


def _in_order(names: Sequence[str]) -> Callable[[Values], tuple[Any, ...]]:
    """Give what picks the values of these names from a row."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda row: tuple([row[name] for name in names])  # a getter of one gives the value alone


def deleting(column: Column[Any]) -> Statement:
    """Give the statement that deletes the rows with the value ``key`` in a column."""
    return Statement(lambda _: delete(column.table).where(column == bindparam("key")))


def _packed(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list) else value


def _in_json(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    values = func.json_each(bindparam(name, type_=Text())).table_valued("value")
    return column.in_(select(values.c.value))


def _in_array(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    kind = BigInteger() if column.type.python_type is int else Text()
    return column == any_(bindparam(name, type_=ARRAY(kind)))
