"""Raw pages as they were stored: for cleaning them (again), and for looking at them."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, or_, select, tuple_
from sqlalchemy.orm import aliased

from cleaners.model import Page, Via
from storage.body_rows import load_body
from storage.filters import Where, conditions
from storage.models import (
    ArticleRow,
    BodyRow,
    PageRow,
    PartRow,
    RejectionRow,
    SightingRow,
    SiteRow,
    SourceRow,
)
from storage.records import PageRecord, StoredPage
from storage.site_memory import unpack_hashes
from storage.store import Store
from storage.texts import key_text
from storage.times import parse_time

__all__ = ["load_page", "page_numbers", "page_record", "pending_pages", "stored_pages"]

_BATCH = 200


def load_page(store: Store, page_id: int) -> Page:
    """Give a stored page with its bytes and its parts. Raises ``KeyError`` when there is none.

    Raises :class:`storage.errors.BodyMissing` when its bytes were dropped or lost.
    """
    further = select(PartRow.part_id).where(PartRow.page_id == page_id).order_by(PartRow.number)
    with store.reading() as connection:
        page = _load(store, connection, page_id)
        numbers = connection.execute(further).scalars().all()
        parts = tuple(_load(store, connection, number) for number in numbers)
    return replace(page, parts=parts) if parts else page


def _load(store: Store, connection: Connection, page_id: int) -> Page:
    row = connection.execute(select(*PageRow.__table__.columns).where(PageRow.id == page_id)).one_or_none()
    if row is None:
        raise KeyError(page_id)
    body = load_body(connection, store.bodies, row.body_id)
    return Page(
        url=row.url,
        body=body,
        content_type=row.content_type,
        status=row.status,
        headers=_headers(row.headers),
        request_headers=_headers(row.request_headers),
        fetched_at=parse_time(row.fetched_at),
        origin=row.origin,
        via=Via(row.via),
    )


def _headers(stored: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in json.loads(stored))


def page_record(store: Store, page_id: int) -> PageRecord | None:
    """Give what is known of a page, without its bytes; or ``None``."""
    query = (
        select(
            PageRow.id,
            PageRow.origin,
            PageRow.url,
            SourceRow.name,
            PageRow.outcome,
            PageRow.status,
            PageRow.content_type,
            BodyRow.size,
            BodyRow.sha256,
            PageRow.via,
            PageRow.fetched_at,
            PageRow.first_seen_at,
            PageRow.last_seen_at,
            RejectionRow.reason,
            RejectionRow.detail,
        )
        .join(SourceRow, SourceRow.id == PageRow.source_id)
        .join(BodyRow, BodyRow.id == PageRow.body_id)
        .outerjoin(RejectionRow, RejectionRow.page_id == PageRow.id)
        .where(PageRow.id == page_id)
    )
    with store.reading() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else PageRecord(*tuple(row))


def pending_pages(store: Store) -> Iterator[tuple[int, str]]:
    """Give the number and source of each page that was stored but not cleaned (the run was killed)."""
    for page in stored_pages(store):
        if page.pending:
            yield page.id, page.source


def page_numbers(store: Store, source: str | None = None) -> Iterator[tuple[int, str]]:
    """Give the number and source of every page that has its bytes, in the order of storing."""
    query = select(PageRow.id, SourceRow.name).join(SourceRow, SourceRow.id == PageRow.source_id)
    query = query.join(BodyRow, BodyRow.id == PageRow.body_id).where(BodyRow.dropped_at.is_(None))
    if source is not None:
        query = query.where(SourceRow.name == key_text(source))
    last = 0
    while True:
        with store.reading() as connection:
            rows = connection.execute(query.where(PageRow.id > last).order_by(PageRow.id).limit(_BATCH)).all()
        if not rows:
            return
        yield from ((row[0], row[1]) for row in rows)
        last = rows[-1][0]


def stored_pages(store: Store, where: Where | None = None) -> Iterator[StoredPage]:
    """Give the pages that decide what the store shows: of each origin the latest, and all pending ones.

    A ``where`` with nothing but a source takes its pages without an article too; any other takes only
    pages of articles. It is asked once, at the start: what the caller does with the pages, such as cleaning
    them again, changes nothing in the selection. Pages whose bytes were dropped are left out. Reads in
    batches: pages that arrive meanwhile may or may not be seen.
    """
    query = _deciding(
        *(PageRow.id, SourceRow.name, PageRow.via, PageRow.fingerprint, PageRow.outcome),
        *(SiteRow.name.label("site"), SightingRow.hashes),
    )
    query = query.outerjoin(SightingRow, SightingRow.page_id == PageRow.id)
    query = query.outerjoin(SiteRow, SiteRow.id == SightingRow.site_id).limit(_BATCH)
    for rows in _in_batches(store, query, None if where is None or where.empty else _selected(store, where)):
        for row in rows:
            hashes = unpack_hashes(row.hashes or b"")
            pending = row.outcome == "pending"
            yield StoredPage(row.id, row.name, row.via, row.fingerprint, pending, row.site, hashes)


def _deciding(*columns: Any) -> Select[*tuple[Any, ...]]:
    """Give the query for columns of the pages that decide, in the order of storing."""
    later = aliased(PageRow)
    newer = tuple_(later.last_seen_at, later.id) > tuple_(PageRow.last_seen_at, PageRow.id)
    latest = ~select(later.id).where(later.origin == PageRow.origin, newer).exists()
    return (
        select(*columns)
        .join(SourceRow, SourceRow.id == PageRow.source_id)
        .join(BodyRow, BodyRow.id == PageRow.body_id)
        .where(BodyRow.dropped_at.is_(None))
        .where(or_(PageRow.outcome == "pending", and_(latest, PageRow.outcome != "part")))
        .order_by(PageRow.id)
    )


def _selected(store: Store, where: Where) -> array[int]:
    """Give the numbers of the pages that ``where`` takes: eight bytes each, so that all have room."""
    chosen: ColumnElement[bool] = PageRow.id.in_(select(ArticleRow.page_id).where(*conditions(where)))
    if Where(source=where.source) == where:
        chosen = or_(chosen, SourceRow.name == where.source)
    query = _deciding(PageRow.id).where(chosen).execution_options(yield_per=_BATCH)
    with store.reading() as connection, connection.execute(query) as found:
        return array("q", found.scalars())


def _in_batches(
    store: Store, query: Select[*tuple[Any, ...]], numbers: array[int] | None
) -> Iterator[Sequence[Row[*tuple[Any, ...]]]]:
    """Run a query with a limit over all pages, or those with ``numbers`` alone."""
    if numbers is not None:
        for start in range(0, len(numbers), _BATCH):
            with store.reading() as connection:
                among = PageRow.id.in_(numbers[start : start + _BATCH].tolist())
                rows = connection.execute(query.where(among)).all()
            yield rows
        return
    last = 0
    while True:
        with store.reading() as connection:
            rows = connection.execute(query.where(PageRow.id > last)).all()
        if not rows:
            return
        yield rows
        last = rows[-1].id
