"""What could not be fetched or read: listed, and made due again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select, update

from storage.models import FailureRow, FrontierRow, SourceRow, table_of
from storage.store import Store
from storage.texts import key_text
from storage.times import now_utc

__all__ = ["FailureRecord", "Retried", "Which", "list_failures", "retry_failures"]

_FAILURES, _FRONTIER, _SOURCES = table_of(FailureRow), table_of(FrontierRow), table_of(SourceRow)
_UNDER_WAY = ("leased", "fetched")


@dataclass(frozen=True, slots=True)
class Which:
    """A selection of failures that are still open; ``since`` is a day on which they failed last, or later."""

    source: str | None = None
    reason: str | None = None
    since: str | None = None


@dataclass(frozen=True, slots=True)
class FailureRecord:
    """Something that could not be fetched or read, and how often that was tried. Times are UTC."""

    source: str
    origin: str
    reason: str
    detail: str
    tries: int
    first_failed_at: str
    last_failed_at: str
    due_at: str | None


@dataclass(frozen=True, slots=True)
class Retried:
    """How many failures are due now, and how many no crawl can try again (files, archives)."""

    due: int
    not_crawled: int


def list_failures(store: Store, which: Which | None = None, limit: int | None = None) -> list[FailureRecord]:
    """Give the open failures, those that failed last first."""
    due = (
        select(func.min(_FRONTIER.c.due_at))
        .where(_FRONTIER.c.source_id == _FAILURES.c.source_id, _FRONTIER.c.url == _FAILURES.c.origin)
        .scalar_subquery()
    )
    columns = [_FAILURES.c[name] for name in ("origin", "reason", "detail", "tries")]
    times = [_FAILURES.c.first_failed_at, _FAILURES.c.last_failed_at, due]
    query = _open(select(_SOURCES.c.name, *columns, *times), which or Which())
    query = query.order_by(_FAILURES.c.last_failed_at.desc(), _FAILURES.c.id.desc()).limit(limit)
    with store.reading() as connection:
        return [FailureRecord(*row) for row in connection.execute(query)]


def retry_failures(store: Store, which: Which | None = None) -> Retried:
    """Make the open failures due, so that the next crawl of their sources asks for them again."""
    chosen = _open(select(_FAILURES.c.source_id, _FAILURES.c.origin).distinct(), which or Which())
    now = now_utc()
    with store.writing() as connection:
        rows = connection.execute(chosen).all()
        due = sum(_make_due(connection, source, origin, now) for source, origin in rows)
    return Retried(due, len(rows) - due)


def _make_due(connection: Any, source: int, origin: str, now: str) -> int:
    these = update(_FRONTIER).where(_FRONTIER.c.source_id == source, _FRONTIER.c.url == origin)
    done = connection.execute(
        these.where(_FRONTIER.c.state.not_in(_UNDER_WAY)).values(due_at=now, tries=0, streak=0)
    )
    return int(done.rowcount > 0)


def _open(query: Select[Any], which: Which) -> Select[Any]:
    query = query.join_from(_FAILURES, _SOURCES, _SOURCES.c.id == _FAILURES.c.source_id)
    query = query.where(_FAILURES.c.resolved_at.is_(None))
    conditions: Sequence[Any] = [
        column == key_text(value)
        for column, value in ((_SOURCES.c.name, which.source), (_FAILURES.c.reason, which.reason))
        if value is not None
    ]
    if which.since is not None:
        conditions = [*conditions, _FAILURES.c.last_failed_at >= which.since]
    return query.where(*conditions)
