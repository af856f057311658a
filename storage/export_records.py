"""The fields of an exported article, read in batches so that memory stays constant."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from sqlalchemy import Connection, select

from storage.filters import Where, conditions
from storage.models import ArticleRow, BlockRow, FlagRow, ImageRow, PageRow, RuleRow, SourceRow
from storage.store import Store
from storage.texts import text_list

__all__ = ["FIELDS", "export_records"]

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


def export_records(store: Store, where: Where | None = None) -> Generator[dict[str, Any], None, None]:
    """Give the selected articles in the order in which they were stored first, from one snapshot."""
    query = (
        select(*ArticleRow.__table__.columns, SourceRow.name.label("crawl_source"))
        .add_columns(PageRow.fetched_at, PageRow.via)
        .join(SourceRow, SourceRow.id == ArticleRow.source_id)
        .join(PageRow, PageRow.id == ArticleRow.page_id)
        .where(*conditions(where or Where()))
        .order_by(ArticleRow.id)
        .limit(_BATCH)
    )
    last = 0
    with store.reading() as connection:
        while True:
            rows = connection.execute(query.where(ArticleRow.id > last)).mappings().all()
            if not rows:
                return
            last = rows[-1]["id"]
            ids = [row["id"] for row in rows]
            removed, images = _removed(connection, ids), _images(connection, ids)
            noticed = _flags(connection, ids)
            for row in rows:
                record = dict(row) | {"cluster": None}
                record |= {name: list(text_list(row[name])) for name in _LISTS}
                record["removed"] = removed.get(row["id"], [])
                record["images"] = images.get(row["id"], [])
                record["flags"] = noticed.get(row["id"], [])
                yield {name: record[name] for name in FIELDS}


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
