"""Checks a store for what a crash, a full disk or another program may have done to it, and mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import Connection

from storage import health_file, health_server
from storage.findings import Finding, scalar
from storage.search import rebuild_index
from storage.store import Store

__all__ = ["Finding", "check", "mend"]


def check(store: Store, *, quick: bool = False) -> Iterator[Finding]:
    """Run all checks; ``quick`` leaves out those that read the whole file.

    Raises :class:`storage.errors.StoreError` when the store can not even be read.
    """
    common = (_bodies, _revisions, _pending)
    if store.dialect == "sqlite":
        whole = () if quick else (health_file.integrity,)
        checks = (*whole, health_file.keys, health_file.index, *common, health_file.slack)
    else:
        checks = (health_server.server, health_server.index, *common)
    for run in checks:
        with store.reading() as connection:
            yield run(connection)


def mend(store: Store, remedy: str) -> None:
    """Do what a finding proposes. Raises :class:`storage.errors.StoreError`."""
    _REMEDIES[remedy](store)


def _bodies(connection: Connection) -> Finding:
    count, size = connection.exec_driver_sql(
        "SELECT count(*), coalesce(sum(stored_size), 0) FROM bodies "
        "WHERE NOT EXISTS (SELECT 1 FROM pages WHERE pages.body_id = bodies.id)"
    ).one()
    if count:
        return Finding("bodies", False, f"{count:,} of no page, {size:,} bytes", "drop bodies")
    return Finding("bodies", True, "each belongs to a page")


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


def _drop_bodies(store: Store) -> None:
    with store.writing() as connection:
        connection.exec_driver_sql(
            "DELETE FROM bodies WHERE NOT EXISTS (SELECT 1 FROM pages WHERE pages.body_id = bodies.id)"
        )


_REMEDIES: dict[str, Callable[[Store], None]] = {
    "rebuild": rebuild_index,
    "drop bodies": _drop_bodies,
    "reindex": health_file.reindex,
    "vacuum": Store.rewrite,
}
