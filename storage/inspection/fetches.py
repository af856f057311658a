"""The pages that an origin sent over time: one for each distinct body."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from storage.models import BodyRow, PageRow, RejectionRow
from storage.store import Store
from storage.texts import key_text

__all__ = ["Fetch", "fetches"]


@dataclass(frozen=True, slots=True)
class Fetch:
    """A raw page of an origin; ``size`` in bytes, times in UTC."""

    page_id: int
    first_seen_at: str
    last_seen_at: str
    status: int | None
    via: str
    size: int
    outcome: str
    reason: str | None


def fetches(store: Store, origin: str, limit: int = 100) -> list[Fetch]:
    """Give the pages of ``origin``, the latest first."""
    query = (
        select(PageRow.id, PageRow.first_seen_at, PageRow.last_seen_at, PageRow.status, PageRow.via)
        .add_columns(BodyRow.size, PageRow.outcome, RejectionRow.reason)
        .join(BodyRow, BodyRow.id == PageRow.body_id)
        .outerjoin(RejectionRow, RejectionRow.page_id == PageRow.id)
        .where(PageRow.origin == key_text(origin))
        .order_by(PageRow.last_seen_at.desc(), PageRow.id.desc())
        .limit(limit)
    )
    with store.reading() as connection:
        return [Fetch(*row) for row in connection.execute(query)]
