"""Lists: articles, pages that gave none, runs; and finding one article by what a person types."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, func, literal, null, or_, select

from storage.filters import Where, conditions
from storage.models import ArticleRow, PageRow, RejectionRow, RunRow, SourceRow
from storage.records import Listed, RunRecord
from storage.store import Store
from storage.texts import key_text, text_list

__all__ = [
    "OUTCOMES",
    "find_articles",
    "find_pages",
    "is_known_source",
    "list_articles",
    "list_pages",
    "list_runs",
]

OUTCOMES = ("article", "rejected", "pending")

_FOUND_LIMIT = 20
"""How many articles an ambiguous name may give back."""


def list_articles(store: Store, where: Where, limit: int | None = None) -> list[Listed]:
    """Give articles, the newest first; those without a date last."""
    query = (
        select(ArticleRow, SourceRow.name.label("name"))
        .join(SourceRow, SourceRow.id == ArticleRow.source_id)
        .where(*conditions(where))
        .order_by(ArticleRow.published_utc.desc().nulls_last(), ArticleRow.id.desc())
        .limit(limit)
        .with_only_columns(
            ArticleRow.id,
            ArticleRow.page_id,
            SourceRow.name,
            ArticleRow.published_at,
            ArticleRow.published_precision,
            ArticleRow.title,
            ArticleRow.chars,
            literal("article"),
            ArticleRow.origin,
            null(),
        )
    )
    with store.reading() as connection:
        return [Listed(*row) for row in connection.execute(query)]


def list_pages(
    store: Store, *, outcome: str = "rejected", source: str | None = None, limit: int | None = None
) -> list[Listed]:
    """Give pages without an article, the newest first; ``outcome`` may be a reason code too.

    ``outcome`` of the results is the reason for rejected pages.
    """
    query: Select[*tuple[object, ...]] = (
        select(
            null(),
            PageRow.id,
            SourceRow.name,
            null(),
            null(),
            null(),
            null(),
            func.coalesce(RejectionRow.reason, PageRow.outcome),
            PageRow.origin,
            RejectionRow.detail,
        )
        .join(SourceRow, SourceRow.id == PageRow.source_id)
        .outerjoin(RejectionRow, RejectionRow.page_id == PageRow.id)
        .where(PageRow.outcome != "article")
        .order_by(PageRow.id.desc())
        .limit(limit)
    )
    if outcome != "all":
        query = query.where(or_(PageRow.outcome == outcome, RejectionRow.reason == outcome))
    if source is not None:
        query = query.where(SourceRow.name == key_text(source))
    with store.reading() as connection:
        return [Listed(*row) for row in connection.execute(query)]  # type: ignore[arg-type]


def is_known_source(store: Store, name: str) -> bool:
    """Say whether a crawl source, or an outlet that an article names, is called so."""
    known = key_text(name)
    crawled = select(SourceRow.id).where(SourceRow.name == known)
    named = select(ArticleRow.id).where(ArticleRow.source == known)
    with store.reading() as connection:
        return any(connection.execute(query.limit(1)).first() for query in (crawled, named))


def find_articles(store: Store, reference: str) -> list[int]:
    """Give the articles (at most 20) that ``reference`` means: a number, a URL, an origin, or its end."""
    for condition in _article_conditions(reference):
        query = select(ArticleRow.id).where(condition).order_by(ArticleRow.id).limit(_FOUND_LIMIT)
        with store.reading() as connection:
            found = list(connection.execute(query).scalars())
        if found:
            return found
    return []


def _article_conditions(reference: str) -> Sequence[ColumnElement[bool]]:
    text = key_text(reference)
    exact = (ArticleRow.origin == text, ArticleRow.url == text, ArticleRow.canonical_url == text)
    end = ArticleRow.origin.endswith("/" + text, autoescape=True)
    number = _number(text)
    return (*exact, end) if number is None else (ArticleRow.id == number, *exact, end)


def find_pages(store: Store, reference: str) -> list[int]:
    """Give the pages that ``reference`` means: ``p12`` is page 12; else an origin, a URL, or its end."""
    text = key_text(reference)
    number = _number(text[1:]) if text[:1] == "p" else None
    options: list[ColumnElement[bool]] = [] if number is None else [PageRow.id == number]
    options += [PageRow.origin == text, PageRow.url == text]
    options.append(PageRow.origin.endswith("/" + text, autoescape=True))
    for condition in options:
        query = select(PageRow.id).where(condition).order_by(PageRow.last_seen_at.desc(), PageRow.id.desc())
        with store.reading() as connection:
            found = list(connection.execute(query.limit(_FOUND_LIMIT)).scalars())
        if found:
            return found
    return []


def _number(text: str) -> int | None:
    if text.isascii() and text.isdigit() and len(text) <= 18:  # SQLite's integers have 64 bits
        return int(text)
    return None


def list_runs(store: Store, limit: int | None = None) -> list[RunRecord]:
    """Give runs, the latest first."""
    query = select(RunRow).order_by(RunRow.id.desc()).limit(limit)
    with store.reading() as connection:
        rows = connection.execute(query.with_only_columns(*RunRow.__table__.columns)).all()
    return [
        RunRecord(
            id=row.id,
            command=row.command,
            status=row.status,
            started_at=row.started_at,
            finished_at=row.finished_at,
            sources=text_list(row.sources),
            counts=json.loads(row.counts),
            versions=json.loads(row.versions),
        )
        for row in rows
    ]
