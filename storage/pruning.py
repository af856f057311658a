"""Drops raw bodies that are not wanted any more, and tidies up what a crash has left of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, exists, func, or_, select, tuple_, update
from sqlalchemy.orm import aliased

from storage.body_rows import known_bodies, lock_bodies
from storage.errors import FilterInvalid
from storage.models import ArticleRow, BodyRow, PageRow, PartRow, table_of
from storage.store import Store
from storage.times import now_utc, utc_text

__all__ = ["Keep", "Pruned", "give_up_lost", "lost_bodies", "prune", "stray_bodies", "sweep"]

_BODIES = table_of(BodyRow)
_ASK = 400
_DAYS = re.compile(r"([1-9][0-9]{0,4})d?")


@dataclass(frozen=True, slots=True)
class Keep:
    """Which bodies stay: those of the latest page of each origin, those seen in the last ``days``, or all.

    Bodies of pages that are not cleaned yet stay in any case.
    """

    latest: bool = False
    days: int | None = None

    @classmethod
    def parse(cls, text: str) -> Keep:
        """Read ``all``, ``latest`` or a number of days. Raises :class:`FilterInvalid`."""
        if text in ("all", "latest"):
            return cls(latest=text == "latest")
        if found := _DAYS.fullmatch(text):
            return cls(days=int(found[1]))
        raise FilterInvalid(f"{text!r} is no policy: write all, latest, or a number of days such as 90")

    def wanted(self) -> ColumnElement[bool] | None:
        """Give the condition on the pages whose bodies stay; ``None`` is all of them."""
        if self.latest:
            later = aliased(PageRow)
            newer = tuple_(later.last_seen_at, later.id) > tuple_(PageRow.last_seen_at, PageRow.id)
            latest = ~select(later.id).where(later.origin == PageRow.origin, newer).exists()
            shown = select(ArticleRow.page_id).union_all(select(PartRow.part_id))
            return or_(PageRow.outcome == "pending", latest, PageRow.id.in_(shown))
        if self.days is not None:
            oldest = utc_text(datetime.now(UTC) - timedelta(days=self.days), timespec="milliseconds")
            return or_(PageRow.outcome == "pending", PageRow.last_seen_at >= oldest)
        return None


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many bodies were (or would be) dropped, and the bytes that they took."""

    bodies: int
    bytes: int


def prune(store: Store, keep: Keep, *, dry_run: bool = False) -> Pruned:
    """Drop the bodies that ``keep`` does not want; their pages and articles stay."""
    wanted = keep.wanted()
    if wanted is None:
        return Pruned(0, 0)
    chosen = (_BODIES.c.dropped_at.is_(None), ~exists().where(PageRow.body_id == _BODIES.c.id, wanted))
    with store.reading() if dry_run else store.writing() as connection:
        if not dry_run:
            lock_bodies(connection, alone=True)
        totals = select(func.count(), func.coalesce(func.sum(_BODIES.c.stored_size), 0)).where(*chosen)
        count, size = connection.execute(totals).one()
        if not dry_run:
            connection.execute(update(_BODIES).where(*chosen).values(dropped_at=now_utc(), stored_size=0))
    if not dry_run:
        sweep(store)
    return Pruned(int(count), int(size))


def sweep(store: Store) -> int:
    """Remove the bytes that no row speaks of, and rows of no page; gives how many bodies went.

    Under the write lock, so that nobody stores a row for a body that is about to go.
    """
    with store.writing() as connection:
        lock_bodies(connection, alone=True)
        connection.execute(delete(_BODIES).where(~exists().where(PageRow.body_id == _BODIES.c.id)))
        dropped = 0
        while strays := list(stray_bodies(store, connection)):  # what others were packed with goes after them
            dropped += store.bodies.drop(strays)
        return dropped


def stray_bodies(store: Store, connection: Connection) -> Iterator[str]:
    """Give the bodies whose bytes are there though no row (or one that says "dropped") speaks of them."""
    if store.bodies.missing:
        return
    bases = store.bodies.bases()
    for hashes in store.bodies.hashes():
        known = known_bodies(connection, hashes)
        yield from (sha for sha in hashes if sha not in known and sha not in bases)


def lost_bodies(store: Store, connection: Connection) -> Iterator[list[int]]:
    """Give, in batches, the rows of bodies whose bytes should be there and are not."""
    query = select(_BODIES.c.id, _BODIES.c.sha256).where(_BODIES.c.dropped_at.is_(None))
    last = 0
    while rows := connection.execute(
        query.where(_BODIES.c.id > last).order_by(_BODIES.c.id).limit(_ASK)
    ).all():
        there = store.bodies.sizes({row.sha256 for row in rows})
        yield [row.id for row in rows if row.sha256 not in there]
        last = rows[-1].id


def give_up_lost(store: Store) -> None:
    """Say of the bodies that were lost that they were dropped: what was made from them stays."""
    with store.writing() as connection:
        lock_bodies(connection, alone=True)
        for numbers in list(lost_bodies(store, connection)):
            gone = update(_BODIES).where(_BODIES.c.id.in_(numbers))
            connection.execute(gone.values(dropped_at=now_utc(), stored_size=0))
