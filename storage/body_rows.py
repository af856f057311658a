"""Which bodies the store knows: their rows, which pages point to. The bytes are in :mod:`storage.bodies`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Row, exists, select, text, update

from storage.bodies import Bodies, Body
from storage.errors import BodyMissing, StoreUnusable
from storage.inserts import insert_rows
from storage.models import BodyRow, table_of
from storage.numbers import new_numbers
from storage.postgres import SCHEME
from storage.statements import Statement

__all__ = ["check_file", "known_bodies", "load_body", "lock_bodies", "write_bodies"]

_T = table_of(BodyRow)
_ROWS = Statement(
    lambda among: select(_T.c.id, _T.c.sha256, _T.c.dropped_at).where(among(_T.c.sha256, "hashes"))
)


def known_bodies(connection: Connection, hashes: Collection[str]) -> dict[str, int]:
    """Give the row numbers of those bodies that the store has and has not dropped."""
    return {row.sha256: row.id for row in _rows(connection, hashes) if row.dropped_at is None}


def _rows(connection: Connection, hashes: Collection[str]) -> Iterator[Row[*tuple[Any, ...]]]:
    yield from _ROWS.run(connection, {"hashes": sorted(hashes)})


def check_file(connection: Connection, bodies: Bodies) -> None:
    """Raise :class:`StoreUnusable` when the store has raw pages and their file is missing."""
    if bodies.missing and connection.execute(select(exists().where(_T.c.dropped_at.is_(None)))).scalar_one():
        raise StoreUnusable(
            f"{bodies.place}, the file with the raw pages, is missing: put it back "
            "(`taosha doctor --fix` gives the pages up and goes on)"
        )


def lock_bodies(connection: Connection, *, alone: bool = False) -> None:
    """Keep those apart who add bodies and who drops some (``alone``), until the transaction ends."""
    if connection.dialect.name == SCHEME:
        mode = "SHARE ROW EXCLUSIVE" if alone else "ROW EXCLUSIVE"
        connection.execute(text(f"LOCK TABLE bodies IN {mode} MODE"))


def write_bodies(connection: Connection, bodies: Bodies, given: Mapping[str, Body]) -> dict[str, int]:
    """Give the row numbers of bodies that are there already; those without a row get one.

    What was dropped after the caller has put it there is put there again.
    """
    sizes = bodies.sizes(given)
    sizes |= bodies.put({sha: body for sha, body in given.items() if sha not in sizes})
    rows = {row.sha256: row for row in _rows(connection, given)}
    numbers = {sha: int(row.id) for sha, row in rows.items()}
    new = [sha for sha in given if sha not in rows]
    numbers |= dict(zip(new, new_numbers(connection, _T, len(new)), strict=True))
    values = [
        {"id": numbers[sha], "sha256": sha, "size": len(given[sha].data), "stored_size": sizes[sha]}
        for sha in new
    ]
    insert_rows(connection, _T, values)
    for sha, row in rows.items():
        if row.dropped_at is not None:
            again = update(_T).where(_T.c.id == row.id)
            connection.execute(again.values(dropped_at=None, stored_size=sizes[sha]))
    return numbers


def load_body(connection: Connection, bodies: Bodies, body_id: int) -> bytes:
    """Give the bytes of a body. Raises ``KeyError`` for no such body, :class:`BodyMissing` if they went."""
    row = connection.execute(select(_T.c.sha256, _T.c.dropped_at).where(_T.c.id == body_id)).one_or_none()
    if row is None:
        raise KeyError(body_id)
    if row.dropped_at is not None:
        raise BodyMissing(f"the raw page was dropped on {row.dropped_at[:10]} to save room")
    return bodies.load(row.sha256)
