"""Copies a store into a new one, on the same or another database: every row under its own number.

Whole or not at all: a file is written under another name and gets its own at the end, a server sees
one transaction (with the raw bodies before it, which no row speaks of if the copy fails).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text

from storage.bodies import BODY_DATA, Bodies, bodies_path
from storage.errors import StoreDamaged, StoreUnusable, TargetTaken
from storage.models import Base
from storage.opening import open_store, store_path
from storage.postgres import is_postgres
from storage.store import Store
from storage.words import WORDS, word_row

__all__ = ["copy_store"]

Progress = Callable[[str, int, int], None]
"""Told the table, how many of its rows are done, and of how many."""

_BATCH = 500
_BODIES_BATCH = 50


def copy_store(
    source: Store, target: str, progress: Progress = lambda table, done, total: None, *, bodies: bool = True
) -> dict[str, int]:
    """Copy ``source`` as it is now to the store URL ``target``; give the rows by table, verified.

    Without ``bodies`` the raw pages stay behind, as if their file were missing. Others may go on writing
    to ``source``. Raises :class:`TargetTaken` when ``target`` is there already (a file) or holds rows
    (a database), and the other errors of :mod:`storage.errors`.
    """
    with _new_store(target) as made, source.reading() as connection:
        totals = {table.name: _count(connection, table) for table in Base.metadata.sorted_tables}
        # After the snapshot began: all bodies that it speaks of are there by now.
        if bodies:
            _copy_bodies(source.bodies, made.bodies, progress)
        with ExitStack() as stack:
            whole = None if made.file is not None else stack.enter_context(made.writing())
            for table in Base.metadata.sorted_tables:
                for done, rows in _rows(connection, table, _BATCH):
                    with _transaction(whole, made) as writer:
                        _insert(writer, table, rows)
                    progress(table.name, done, totals[table.name])
            with _transaction(whole, made) as writer:
                _verify(writer, totals)
                if made.file is None:
                    _set_sequences(writer)
    return totals


@contextmanager
def _transaction(whole: Connection | None, made: Store) -> Iterator[Connection]:
    """Give the one transaction, or one for this batch: a file that is not there yet needs no single one."""
    if whole is not None:
        yield whole
        return
    with made.writing() as connection:
        yield connection


@contextmanager
def _new_store(target: str) -> Iterator[Store]:
    if is_postgres(target):
        with open_store(target) as store:
            with store.reading() as connection:
                if any(_count(connection, table) for table in Base.metadata.sorted_tables):
                    raise TargetTaken(f"{store.place} is not empty")
            yield store
        return
    path = store_path(target).absolute()
    for place in (path, bodies_path(path)):
        # A log without its file counts too: it would be played into the new one.
        for taken in (place, place.with_name(f"{place.name}-wal")):
            if taken.exists():
                raise TargetTaken(f"{taken} exists already")
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent))
    except OSError as error:
        raise StoreUnusable(f"{path.parent} can not be written to: {error.strerror}") from error
    try:
        with open_store(folder / path.name) as store:
            yield store
        for name in (bodies_path(path).name, path.name):  # the bodies first: they may be there alone
            with suppress(FileNotFoundError):
                (folder / name).replace(path.with_name(name))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _rows(connection: Connection, table: Table, batch: int) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Give (how many so far, rows), in the order of their numbers."""
    columns = [column for column in table.columns if column.computed is None]
    query = select(*columns).order_by(table.c.id).limit(batch)
    last = done = 0
    while rows := connection.execute(query.where(table.c.id > last)).mappings().all():
        done += len(rows)
        last = rows[-1]["id"]
        yield done, [dict(row) for row in rows]


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    connection.execute(insert(table), rows)
    if table.name == "articles" and connection.dialect.name != "sqlite":
        words = [word_row(row["id"], row["title"], row["text"]) for row in rows]
        connection.execute(insert(WORDS), words)


def _copy_bodies(source: Bodies, target: Bodies, progress: Progress) -> None:
    if source.missing:
        return
    total = source.count()
    with source.reading() as connection:
        for done, rows in _rows(connection, BODY_DATA, _BODIES_BATCH):
            target.take([{name: value for name, value in row.items() if name != "id"} for row in rows])
            progress(BODY_DATA.name, done, total)


def _verify(connection: Connection, totals: dict[str, int]) -> None:
    for name, expected in totals.items():
        found = _count(connection, Base.metadata.tables[name])
        if found != expected:
            raise StoreDamaged(f"the copy has {found:,} rows in {name}, not {expected:,}")


def _set_sequences(connection: Connection) -> None:
    """Let the next rows be numbered behind those that brought their numbers along."""
    query = "SELECT setval(pg_get_serial_sequence('{0}', 'id'), (SELECT max(id) FROM {0}))"
    for table in Base.metadata.sorted_tables:
        connection.execute(text(query.format(table.name)))
