"""What each crawl did with each source: written when it ends, read to judge the next one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, or_, select

from storage.models import FrontierRow, RunRow, SourceRow, SourceRunRow, table_of
from storage.store import Store
from storage.texts import compact_json, plain_text
from storage.times import now_utc
from storage.write_pages import source_ids

__all__ = [
    "Finding",
    "ListState",
    "SourceRun",
    "add_source_runs",
    "completed_at",
    "latest_source_runs",
    "list_states",
    "source_runs",
    "waiting_urls",
]

_T = table_of(SourceRunRow)
_FRONTIER, _SOURCES = table_of(FrontierRow), table_of(SourceRow)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with a source: a stable code, and a sentence for a person."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class SourceRun:
    """The figures of one source in one crawl; what each means stands in the data dictionary.

    ``run_id`` and ``ended_at`` (ISO 8601, UTC) are given by the store, ``seconds`` is the time of the run.
    """

    source: str
    complete: bool = True
    seconds: float = 0.0
    requested: int = 0
    bytes: int = 0
    lists: int = 0
    named: int = 0
    fetched: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    failed: int = 0
    skipped: int = 0
    refused: int = 0
    titled: int = 0
    dated: int = 0
    authored: int = 0
    chars: int = 0
    same_time: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    run_id: int = 0
    ended_at: str = ""


_FIGURES = tuple(
    f.name for f in fields(SourceRun) if f.name not in ("source", "complete", "reasons", "findings", "run_id")
)


def add_source_runs(store: Store, run_id: int, records: Sequence[SourceRun]) -> None:
    """Keep what run ``run_id`` did with its sources, in one transaction."""
    if not records:
        return
    now = now_utc()
    with store.writing() as connection:
        sources = source_ids(connection, {record.source for record in records}, now)
        rows = [
            {name: getattr(record, name) for name in _FIGURES}
            | {
                "run_id": run_id,
                "source_id": sources[record.source],
                "ended_at": now,
                "complete": int(record.complete),
                "reasons": compact_json(dict(record.reasons)),
                "findings": compact_json([[f.code, plain_text(f.message)] for f in record.findings]),
            }
            for record in records
        ]
        connection.execute(insert(_T), rows)


def source_runs(
    store: Store, source: str | None = None, *, run_id: int | None = None, limit: int | None = None
) -> list[SourceRun]:
    """Give what crawls did with ``source`` (or in run ``run_id``), the latest first."""
    query = _query().order_by(_T.c.id.desc()).limit(limit)
    if source is not None:
        query = query.where(SourceRow.name == source)
    if run_id is not None:
        query = query.where(_T.c.run_id == run_id)
    with store.reading() as connection:
        return [_record(row) for row in connection.execute(query)]


def latest_source_runs(store: Store) -> list[SourceRun]:
    """Give what the last crawl of each source did, by name of the source."""
    last = select(func.max(_T.c.id)).group_by(_T.c.source_id)
    query = _query().where(_T.c.id.in_(last)).order_by(SourceRow.name)
    with store.reading() as connection:
        return [_record(row) for row in connection.execute(query)]


def _query() -> Select[Any]:
    return (
        select(*_T.columns, SourceRow.name.label("source"))
        .join(SourceRow, SourceRow.id == _T.c.source_id)
        .join(RunRow, RunRow.id == _T.c.run_id)
    )


def _record(row: Row[Any]) -> SourceRun:
    found = row._mapping
    return SourceRun(
        source=found["source"],
        complete=bool(found["complete"]),
        reasons=json.loads(found["reasons"]),
        findings=tuple(Finding(code, message) for code, message in json.loads(found["findings"])),
        run_id=found["run_id"],
        **{name: found[name] for name in _FIGURES},
    )


def waiting_urls(store: Store) -> dict[str, int]:
    """Give how many URLs wait or were left under way, by source."""
    left = or_(_FRONTIER.c.waiting.is_not(None), _FRONTIER.c.state.in_(("leased", "fetched")))
    query = (
        select(_SOURCES.c.name, func.count())
        .join_from(_FRONTIER, _SOURCES, _SOURCES.c.id == _FRONTIER.c.source_id)
        .where(left)
        .group_by(_SOURCES.c.name)
    )
    with store.reading() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


@dataclass(frozen=True, slots=True)
class ListState:
    """How a home page, feed, sitemap or listing page was answered last."""

    kind: str
    url: str
    state: str
    reason: str | None


def list_states(store: Store, source: str) -> list[ListState]:
    """Give the lists of ``source`` in the order of asking, without guesses that led to nothing."""
    query = (
        select(_FRONTIER.c.kind, _FRONTIER.c.url, _FRONTIER.c.state, _FRONTIER.c.reason)
        .join_from(_FRONTIER, _SOURCES, _SOURCES.c.id == _FRONTIER.c.source_id)
        .where(_SOURCES.c.name == source, _FRONTIER.c.kind != "article")
        .where(or_(_FRONTIER.c.guessed == 0, _FRONTIER.c.state.in_(("stored", "unchanged"))))
        .order_by(_FRONTIER.c.id)
    )
    with store.reading() as connection:
        return [ListState(*row) for row in connection.execute(query)]


def completed_at(connection: Connection, source: int) -> str:
    """When a run was last done with the source of this number, with nothing cut short; "" if none was."""
    mine = _T.c.source_id == source
    found = connection.execute(select(func.max(_T.c.ended_at)).where(mine, _T.c.complete == 1))
    return str(found.scalar_one() or "")
