"""The fields of an exported article, read in batches so that memory stays constant."""

from __future__ import annotations

from collections.abc import Collection, Generator
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, select

from storage.filters import Where, conditions
from storage.models import ArticleRow, BlockRow, FlagRow, ImageRow, PageRow, RuleRow, SourceRow
from storage.store import Store
from storage.texts import text_list

__all__ = ["FIELDS", "count_records", "export_records"]

FIELDS = (
    *("url", "origin", "canonical_url", "title", "subtitle", "original_title", "authors", "editors"),
    *("source", "producer", "site_name", "image_credit", "published_at", "published_precision"),
    *("published_raw", "timezone_source", "modified_at", "language", "script", "section", "tags"),
    *("description", "access", "images", "text", "source_text", "chars", "encoding", "removed"),
    *("notes_count", "cluster", "fetched_at", "id", "crawl_source", "via", "fingerprint", "content_hash"),
    *("revision", "first_seen_at", "updated_at", "flags"),
)
"""The fields in the order of the export; existing names never change their meaning."""

_LISTS = ("authors", "editors", "tags")
_BATCH = 100


def export_records(
    store: Store, where: Where | None = None, fields: Collection[str] = FIELDS
) -> Generator[dict[str, Any], None, None]:
    """Give the selected articles in the order in which they were stored first, from one snapshot.

    ``fields`` picks what is read; the order is always that of :data:`FIELDS`.
    """
    chosen = [name for name in FIELDS if name in fields]
    further = {name: read for name, read in _FURTHER.items() if name in fields}
    query = (
        select(ArticleRow.id, *(_COLUMNS[name] for name in chosen if name in _COLUMNS and name != "id"))
        .join(SourceRow, SourceRow.id == ArticleRow.source_id)
        .join(PageRow, PageRow.id == ArticleRow.page_id)
        .where(ArticleRow.id.in_(bindparam("ids", expanding=True)))
        .order_by(ArticleRow.id)
    )
    # Asked once, and read as we go: a condition may look at every article.
    selected = select(ArticleRow.id).where(*conditions(where or Where())).order_by(ArticleRow.id)
    with (
        store.reading() as connection,
        connection.execute(selected.execution_options(yield_per=_BATCH)) as found_ids,
    ):
        for part in found_ids.scalars().partitions(_BATCH):
            ids = list(part)
            rows = connection.execute(query, {"ids": ids}).mappings().all()
            found = {name: read(connection, ids) for name, read in further.items()}
            for row in rows:
                record: dict[str, Any] = dict(row) | {"cluster": None}
                record |= {name: list(text_list(row[name])) for name in _LISTS if name in row}
                record |= {name: values.get(row["id"], []) for name, values in found.items()}
                yield {name: record[name] for name in chosen}


def count_records(store: Store, where: Where) -> int:
    """Count the selected articles."""
    with store.reading() as connection:
        query = select(func.count()).select_from(ArticleRow).where(*conditions(where))
        return int(connection.execute(query).scalar_one())


def _removed(connection: Connection, ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    query = (
        select(BlockRow.article_id, BlockRow.text, RuleRow.step, RuleRow.name, BlockRow.evidence)
        .join(RuleRow, RuleRow.id == BlockRow.rule_id)
        .where(BlockRow.article_id.in_(ids))
        .order_by(BlockRow.article_id, BlockRow.position)
    )
    out: dict[int, list[dict[str, Any]]] = {}
    for article_id, text, step, rule, evidence in connection.execute(query):
        block = {"text": text, "step": step, "rule": rule}
        out.setdefault(article_id, []).append(block | ({"evidence": evidence} if evidence else {}))
    return out


def _flags(connection: Connection, ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    query = (
        select(FlagRow.article_id, RuleRow.name, FlagRow.start, FlagRow.evidence)
        .join(RuleRow, RuleRow.id == FlagRow.rule_id)
        .where(FlagRow.article_id.in_(ids))
        .order_by(FlagRow.article_id, FlagRow.position)
    )
    out: dict[int, list[dict[str, Any]]] = {}
    for article_id, rule, start, evidence in connection.execute(query):
        out.setdefault(article_id, []).append({"rule": rule, "start": start, "evidence": evidence})
    return out


def _images(connection: Connection, ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    query = (
        select(ImageRow.article_id, ImageRow.url, ImageRow.alt, ImageRow.caption)
        .where(ImageRow.article_id.in_(ids))
        .order_by(ImageRow.article_id, ImageRow.position)
    )
    out: dict[int, list[dict[str, Any]]] = {}
    for article_id, url, alt, caption in connection.execute(query):
        out.setdefault(article_id, []).append({"url": url, "alt": alt, "caption": caption})
    return out


_FURTHER = {"removed": _removed, "images": _images, "flags": _flags}
_COLUMNS: dict[str, ColumnElement[Any]] = {
    **{column.name: column for column in ArticleRow.__table__.columns},
    "crawl_source": SourceRow.name.label("crawl_source"),
    "fetched_at": PageRow.__table__.c.fetched_at,
    "via": PageRow.__table__.c.via,
}
