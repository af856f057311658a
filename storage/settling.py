"""Ends visits: writes what came of a URL, and when it is due again, into the frontier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from storage.models import ArticleRow, FrontierRow, table_of
from storage.records import Saved
from storage.revisit import Known, next_visit
from storage.statements import Statement
from storage.texts import plain_text
from storage.times import now_utc, parse_time, utc_text
from storage.visits import Settled, Visit
from storage.write_pages import write_failures

__all__ = ["note_fetched", "settle_outcomes", "settle_visits"]

_T = table_of(FrontierRow)
_ARTICLES = table_of(ArticleRow)
_ROWS = Statement(
    lambda among: select(
        *(_T.c[name] for name in ("id", "kind", "url", "found_at", "tries", "streak", "digest")),
    ).where(among(_T.c.id, "keys"))
)
_END = Statement(lambda _: update(_T).where(_T.c.id == bindparam("key")))
_PUBLISHED = Statement(
    lambda among: select(_ARTICLES.c.origin, _ARTICLES.c.published_utc).where(
        among(_ARTICLES.c.origin, "keys")
    )
)
_CHECKED = Statement(lambda _: update(_ARTICLES).where(_ARTICLES.c.origin == bindparam("key")))
_STATES = {"new": "stored", "changed": "stored"}
_FAILURES = ("failed", "gone")


def note_fetched(connection: Connection, visits: Sequence[Visit | None]) -> None:
    """Note that the raw pages of these visits are stored: they need not be fetched again."""
    now = now_utc()
    rows = [{"key": v.id, "state": "fetched", "fetched_at": now} for v in visits if v is not None]
    _END.run_all(connection, rows)


def settle_outcomes(
    connection: Connection, outcomes: Sequence[tuple[Visit, Saved, str | None]], run_id: int
) -> None:
    """End visits of articles whose outcomes were stored in this transaction; each with its reason, if any."""
    ended = [Settled(visit, _STATES.get(saved.kind, saved.kind), why) for visit, saved, why in outcomes]
    _end_all(connection, ended, run_id)


def settle_visits(connection: Connection, ended: Sequence[Settled], run_id: int) -> None:
    """End visits that gave no page to clean, and record the failures among them."""
    if failures := [one.failure for one in ended if one.failure is not None]:
        write_failures(connection, failures, run_id)
    _end_all(connection, ended, run_id)


def _end_all(connection: Connection, ended: Sequence[Settled], run_id: int) -> None:
    """One question and one statement for many: each alone costs more in calls than in work."""
    keys = [one.visit.id for one in ended]
    rows = {row.id: row for row in _ROWS.run(connection, {"keys": keys})} if keys else {}
    urls = [row.url for row in rows.values() if row.kind == "article"]
    dates = _PUBLISHED.run(connection, {"keys": urls}) if urls else ()
    published = {row.origin: row.published_utc for row in dates}
    changes: dict[frozenset[str], list[dict[str, Any]]] = {}
    for one in ended:
        if (row := rows.get(one.visit.id)) is not None:
            values = _ending(one, row, published.get(row.url)) | {"last_run_id": run_id}
            changes.setdefault(frozenset(values), []).append(values)
            if one.state == "unchanged" and row.kind == "article":
                checked = {"key": row.url, "checked_at": now_utc(), "last_run_id": run_id}
                _CHECKED.run(connection, checked)
    for alike in changes.values():
        _END.run_all(connection, alike)


def _ending(one: Settled, row: Any, published: str | None) -> dict[str, Any]:
    """What changes in a row of the frontier whose visit has ended."""
    state = one.state
    if state == "stored" and row.kind != "article" and one.visit.digest == row.digest:
        state = "unchanged"  # a list that names what it named the last time
    failed = state in _FAILURES
    tries = row.tries + 1 if failed else 0
    streak = _streak(row.streak, state)
    known = Known(row.kind, state, one.reason, _born(row, published), tries, streak)
    due = next_visit(known, datetime.now(UTC))
    if due is not None and one.not_before is not None:
        due = max(due, one.not_before)
    values: dict[str, Any] = {
        "key": one.visit.id,
        "state": state,
        "reason": plain_text(one.reason),
        "waiting": None,
        "tries": tries,
        "streak": streak,
        "due_at": utc_text(due, timespec="milliseconds"),
    }
    if state not in ("failed", "skipped"):
        values["fetched_at"] = now_utc()
    if not failed and state != "skipped":
        values |= {name: value for name, value in _answer(one.visit) if value is not None}
    return values


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


def _born(row: Any, published: str | None) -> datetime:
    born = parse_time(published or row.found_at)
    assert born is not None
    return born if born.tzinfo else born.replace(tzinfo=UTC)
