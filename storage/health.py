"""Checks a store for what a crash, a full disk or another program may have done to it, and mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import Connection, func, or_, select

from storage import health_file, health_schema, health_server
from storage.errors import StoreError
from storage.findings import Finding, scalar
from storage.models import FrontierRow, RunRow
from storage.processes import end_dead_runs, is_gone
from storage.pruning import give_up_lost, lost_bodies, stray_bodies, sweep
from storage.search import rebuild_index
from storage.store import Store
from storage.times import now_utc

__all__ = ["Finding", "check", "mend"]

Checks = dict[str, Callable[[Connection], Finding]]
"""By the name of what they find."""

_BODIES_LOST = "put the file back from a backup; or move it away, and --fix gives its pages up"


def check(store: Store, *, quick: bool = False) -> Iterator[Finding]:
    """Run all checks, each on its own: what one can not read is its finding, and the others go on.

    ``quick`` leaves out what reads the whole file.
    """
    for name, run in _checks(store, quick=quick).items():
        try:
            with store.reading() as connection:
                found = run(connection)
        except StoreError as error:
            found = Finding(name, False, f"{error}: {_BODIES_LOST}" if name == "bodies" else str(error))
        yield found


def _checks(store: Store, *, quick: bool) -> Checks:
    common: Checks = {
        "bodies": lambda connection: _bodies(store, connection, quick=quick),
        "history": _revisions,
        "pages": _pending,
        "runs": _killed,
    }
    if store.dialect != "sqlite":
        return {"server": health_server.server, "search index": health_server.index} | common
    whole: Checks = {} if quick else {"integrity": health_file.integrity}
    first: Checks = {
        "schema": health_schema.schema,
        "keys": health_file.keys,
        "search index": lambda connection: health_file.index(connection, quick=quick),
    }
    return whole | first | common | {"space": health_file.slack}


def mend(store: Store, remedy: str) -> None:
    """Do what a finding proposes. Raises :class:`storage.errors.StoreError`."""
    _REMEDIES[remedy](store)


def _bodies(store: Store, connection: Connection, *, quick: bool) -> Finding:
    if not quick and store.bodies.file is not None and not store.bodies.missing:
        with store.bodies.reading() as beside:
            problem = health_file.first_problem(beside)
        if problem is not None:
            return Finding("bodies", False, f"{store.bodies.place}: {problem}: {_BODIES_LOST}")
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


def _killed(connection: Connection) -> Finding:
    """Look for runs whose process is gone, and for what they had under way. A crash leaves both."""
    running = connection.execute(select(RunRow.id, RunRow.process).where(RunRow.status == "running")).all()
    killed = sum(is_gone(process) for _, process in running)
    alive = [number for number, process in running if not is_gone(process)]
    held = select(func.count()).where(
        FrontierRow.state.in_(("leased", "fetched")),
        or_(FrontierRow.last_run_id.is_(None), FrontierRow.last_run_id.not_in(alive)),
    )
    leased = int(connection.execute(held).scalar_one())
    if not killed and not leased:
        return Finding("runs", True, f"{len(alive)} at work" if alive else "none was killed")
    told = f"{killed:,} killed, {leased:,} URLs were under way: the next crawl of their sources takes them up"
    return Finding("runs", True, told, "end runs" if killed else None)


def _end_runs(store: Store) -> None:
    with store.writing() as connection:
        end_dead_runs(connection, now_utc())


_REMEDIES: dict[str, Callable[[Store], object]] = {
    "restore": health_schema.restore,
    "rebuild": rebuild_index,
    "drop bodies": sweep,
    "drop rows": health_file.drop_loose_rows,
    "give bodies up": give_up_lost,
    "reindex": health_file.reindex,
    "vacuum": Store.rewrite,
    "end runs": _end_runs,
}
