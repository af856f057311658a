"""Checks a store for what a crash, a full disk or another program may have done to it, and mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import Connection

from storage import health_file, health_server
from storage.findings import Finding, scalar
from storage.pruning import give_up_lost, lost_bodies, stray_bodies, sweep
from storage.search import rebuild_index
from storage.store import Store

__all__ = ["Finding", "check", "mend"]

Checks = tuple[Callable[[Connection], Finding] | None, ...]
"""``None`` stands for the check of the bodies, which looks into two databases."""


def check(store: Store, *, quick: bool = False) -> Iterator[Finding]:
    """Run all checks; ``quick`` leaves out those that read the whole file.

    Raises :class:`storage.errors.StoreError` when the store can not even be read.
    """
    common: Checks = (None, _revisions, _pending)
    if store.dialect == "sqlite":
        whole: Checks = () if quick else (health_file.integrity,)
        checks: Checks = (*whole, health_file.keys, health_file.index, *common, health_file.slack)
    else:
        checks = (health_server.server, health_server.index, *common)
    for run in checks:
        with store.reading() as connection:
            yield _bodies(store, connection) if run is None else run(connection)


def mend(store: Store, remedy: str) -> None:
    """Do what a finding proposes. Raises :class:`storage.errors.StoreError`."""
    _REMEDIES[remedy](store)


def _bodies(store: Store, connection: Connection) -> Finding:
    lost = sum(map(len, lost_bodies(store, connection)))
    if lost:
        where = "the file is missing" if store.bodies.missing else "they are not in the file"
        told = f"{lost:,} are lost ({where}: {store.bodies.place}); put the file back, or give them up"
        return Finding("bodies", False, told, "give bodies up")
    strays = sum(1 for _ in stray_bodies(store, connection)) + scalar(
        connection,
        "SELECT count(*) FROM bodies WHERE NOT EXISTS (SELECT 1 FROM pages WHERE pages.body_id = bodies.id)",
    )
    if strays:
        return Finding("bodies", False, f"{strays:,} of no page", "drop bodies")
    return Finding("bodies", True, "each belongs to a page, and is there")


def _revisions(connection: Connection) -> Finding:
    broken = scalar(
        connection,
        "SELECT count(*) FROM (SELECT 1 FROM revisions AS v JOIN articles AS a ON a.id = v.article_id "
        "GROUP BY a.id, a.revision HAVING max(v.number) != a.revision "
        "OR max(v.number) - min(v.number) + 1 != count(*)) AS broken",
    )
    if broken:
        return Finding("history", False, f"{broken:,} articles lack a revision in between")
    return Finding("history", True, "no revision is missing")


def _pending(connection: Connection) -> Finding:
    count = scalar(connection, "SELECT count(*) FROM pages WHERE outcome = 'pending'")
    if count:
        told = f"{count:,} stored but not cleaned; if nothing runs now, `taosha reclean` takes them up"
        return Finding("pages", True, told)
    return Finding("pages", True, "all are cleaned")


_REMEDIES: dict[str, Callable[[Store], object]] = {
    "rebuild": rebuild_index,
    "drop bodies": sweep,
    "give bodies up": give_up_lost,
    "reindex": health_file.reindex,
    "vacuum": Store.rewrite,
}
