"""What gave no article: pages that never arrived, and pages that were rejected."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, column, func, or_, select, table

from storage.store import Store
from storage.texts import key_text

__all__ = ["FailureLine", "FailureList", "failures"]

_FAILURES = table(
    "v_failures",
    *map(column, ("kind", "source_name", "origin", "reason", "detail", "tries", "at", "page_id")),
)


@dataclass(frozen=True, slots=True)
class FailureLine:
    """One page: ``kind`` is ``failed`` or ``rejected``; a rejected one is stored as ``page_id``."""

    kind: str
    source: str
    origin: str
    reason: str
    detail: str
    tries: int
    at: str
    page_id: int | None


@dataclass(frozen=True, slots=True)
class FailureList:
    """Lines of one page of the list, the latest first; ``reasons`` counts all, by (kind, reason)."""

    lines: tuple[FailureLine, ...]
    more: bool
    reasons: tuple[tuple[str, str, int], ...]
    sources: tuple[str, ...]


def failures(
    store: Store,
    *,
    reason: str | None = None,
    source: str | None = None,
    words: str | None = None,
    limit: int = 50,
    skip: int = 0,
) -> FailureList:
    """List what failed. ``words`` must stand in the address or in the detail, in any case."""
    chosen: list[ColumnElement[bool]] = []
    if source:
        chosen.append(_FAILURES.c.source_name == key_text(source))
    if words:
        fields = (_FAILURES.c.origin, _FAILURES.c.detail)
        chosen.append(or_(*(field.icontains(key_text(words), autoescape=True) for field in fields)))
    count = func.count()
    counted = (
        select(_FAILURES.c.kind, _FAILURES.c.reason, count)
        .where(*chosen)
        .group_by(_FAILURES.c.kind, _FAILURES.c.reason)
        .order_by(count.desc(), _FAILURES.c.reason)
    )
    listed = select(*_FAILURES.c).where(*chosen)
    if reason:
        listed = listed.where(_FAILURES.c.reason == reason)
    listed = listed.order_by(_FAILURES.c.at.desc(), _FAILURES.c.origin).limit(limit + 1).offset(skip)
    with store.reading() as connection:
        rows = connection.execute(listed).all()
        reasons = tuple((kind, name, number) for kind, name, number in connection.execute(counted))
        names = select(_FAILURES.c.source_name).distinct().order_by(_FAILURES.c.source_name)
        sources = tuple(connection.execute(names).scalars())
    return FailureList(tuple(FailureLine(*row) for row in rows[:limit]), len(rows) > limit, reasons, sources)
