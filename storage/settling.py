"""Ends visits: writes what came of a URL, and when it is due again, into the frontier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from storage.models import ArticleRow, FrontierRow, table_of
from storage.records import Saved
from storage.revisit import Known, next_visit
from storage.texts import plain_text
from storage.times import now_utc, parse_time, utc_text
from storage.visits import Settled, Visit
from storage.write_pages import write_failures

__all__ = ["note_fetched", "settle_outcome", "settle_visits"]

_T = table_of(FrontierRow)
_ARTICLES = table_of(ArticleRow)
_ROW = select(_T.c.kind, _T.c.url, _T.c.found_at, _T.c.tries, _T.c.streak, _T.c.digest).where(
    _T.c.id == bindparam("key")
)
_END = update(_T).where(_T.c.id == bindparam("key"))
_PUBLISHED = select(_ARTICLES.c.published_utc).where(_ARTICLES.c.origin == bindparam("key"))
_CHECKED = update(_ARTICLES).where(_ARTICLES.c.origin == bindparam("key"))
_STATES = {"new": "stored", "changed": "stored"}
_FAILURES = ("failed", "gone")


def note_fetched(connection: Connection, visits: Sequence[Visit | None]) -> None:
    """Note that the raw pages of these visits are stored: they need not be fetched again."""
    for visit in visits:
        if visit is not None:
            connection.execute(_END, {"key": visit.id, "state": "fetched", "fetched_at": now_utc()})


def settle_outcome(
    connection: Connection, visit: Visit, saved: Saved, reason: str | None, run_id: int
) -> None:
    """End the visit of an article whose outcome was stored in this transaction."""
    state = _STATES.get(saved.kind, saved.kind)
    _end(connection, Settled(visit, state, reason), run_id)


def settle_visits(connection: Connection, ended: Sequence[Settled], run_id: int) -> None:
    """End visits that gave no page to clean, and record the failures among them."""
    if failures := [one.failure for one in ended if one.failure is not None]:
        write_failures(connection, failures, run_id)
    for one in ended:
        _end(connection, one, run_id)


def _end(connection: Connection, one: Settled, run_id: int) -> None:
    row = connection.execute(_ROW, {"key": one.visit.id}).one_or_none()
    if row is None:
        return
    state = one.state
    if state == "stored" and row.kind != "article" and one.visit.digest == row.digest:
        state = "unchanged"  # a list that names what it named the last time
    now = datetime.now(UTC)
    failed = state in _FAILURES
    tries = row.tries + 1 if failed else 0
    streak = _streak(row.streak, state)
    known = Known(row.kind, state, one.reason, _born(connection, row), tries, streak)
    due = next_visit(known, now)
    if due is not None and one.not_before is not None:
        due = max(due, one.not_before)
    values: dict[str, Any] = {
        "key": one.visit.id,
        "state": state,
        "reason": plain_text(one.reason),
        "waiting": None,
        "tries": tries,
        "streak": streak,
        "last_run_id": run_id,
        "due_at": utc_text(due, timespec="milliseconds"),
    }
    if state not in ("failed", "skipped"):
        values["fetched_at"] = now_utc()
    if not failed and state != "skipped":
        values |= {name: value for name, value in _answer(one.visit) if value is not None}
    connection.execute(_END, values)
    if one.state == "unchanged" and row.kind == "article":
        checked = {"key": row.url, "checked_at": now_utc(), "last_run_id": run_id}
        connection.execute(_CHECKED, checked)


def _streak(before: int, state: str) -> int:
    if state in ("unchanged", "rejected"):
        return before + 1
    return 0 if state == "stored" else before


def _answer(visit: Visit) -> list[tuple[str, str | None]]:
    return [
        ("etag", plain_text(visit.etag)),
        ("last_modified", plain_text(visit.last_modified)),
        ("digest", visit.digest),
    ]


def _born(connection: Connection, row: Any) -> datetime:
    published = None
    if row.kind == "article":
        published = connection.execute(_PUBLISHED, {"key": row.url}).scalar_one_or_none()
    born = parse_time(published or row.found_at)
    assert born is not None
    return born if born.tzinfo else born.replace(tzinfo=UTC)
