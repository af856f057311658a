"""One article with all that is known of it: metadata, what was removed, what was changed."""

from __future__ import annotations

from sqlalchemy import select

from storage.models import (
    ArticleRow,
    BlockRow,
    CandidateRow,
    EditRow,
    FlagRow,
    ImageRow,
    PageRow,
    RuleRow,
    SourceRow,
)
from storage.packing import unpack
from storage.records import ArticleRecord, EditRecord, FlagRecord, RemovedRecord
from storage.store import Store
from storage.texts import text_list

__all__ = ["article", "edits", "flags", "removed"]


def article(store: Store, article_id: int) -> ArticleRecord | None:
    """Give an article, or ``None``."""
    query = (
        select(*ArticleRow.__table__.columns, SourceRow.name.label("crawl_source"))
        .add_columns(PageRow.fetched_at, PageRow.via)
        .join(SourceRow, SourceRow.id == ArticleRow.source_id)
        .join(PageRow, PageRow.id == ArticleRow.page_id)
        .where(ArticleRow.id == article_id)
    )
    images = select(ImageRow.url, ImageRow.alt, ImageRow.caption, ImageRow.block).where(
        ImageRow.article_id == article_id
    )
    offered = select(CandidateRow.field, CandidateRow.value, CandidateRow.place).where(
        CandidateRow.article_id == article_id
    )
    with store.reading() as connection:
        row = connection.execute(query).mappings().one_or_none()
        if row is None:
            return None
        pictures = connection.execute(images.order_by(ImageRow.position)).mappings().all()
        candidates = connection.execute(offered.order_by(CandidateRow.position)).mappings().all()
    fields = dict(row)
    crawl_source, fetched_at, via = (fields.pop(n) for n in ("crawl_source", "fetched_at", "via"))
    fields |= {name: list(text_list(fields[name])) for name in ("authors", "editors", "tags")}
    return ArticleRecord(
        id=article_id,
        page_id=fields["page_id"],
        crawl_source=crawl_source,
        fields=fields,
        images=tuple(dict(picture) for picture in pictures),
        candidates=tuple(dict(candidate) for candidate in candidates),
        fetched_at=fetched_at,
        via=via,
    )


def removed(store: Store, article_id: int, rule: str | None = None) -> list[RemovedRecord]:
    """Give the removed blocks in page order; ``rule`` picks one rule, with or without its version."""
    query = (
        select(BlockRow.position, BlockRow.tag, RuleRow.step, RuleRow.name, BlockRow.text)
        .add_columns(BlockRow.uncertain, BlockRow.evidence)
        .join(RuleRow, RuleRow.id == BlockRow.rule_id)
        .where(BlockRow.article_id == article_id)
        .order_by(BlockRow.position)
    )
    with store.reading() as connection:
        rows = connection.execute(query).all()
    return [
        RemovedRecord(position, tag, step, name, content or "", bool(uncertain), evidence)
        for position, tag, step, name, content, uncertain, evidence in rows
        if _is_rule(name, rule)
    ]


def flags(store: Store, article_id: int, rule: str | None = None) -> list[FlagRecord]:
    """Give what was noticed about the article and changed nothing, in order."""
    query = (
        select(RuleRow.step, RuleRow.name, FlagRow.start, FlagRow.evidence)
        .join(RuleRow, RuleRow.id == FlagRow.rule_id)
        .where(FlagRow.article_id == article_id)
        .order_by(FlagRow.position)
    )
    with store.reading() as connection:
        rows = connection.execute(query).all()
    return [FlagRecord(*row) for row in rows if _is_rule(row.name, rule)]


def edits(store: Store, article_id: int, rule: str | None = None) -> list[EditRecord]:
    """Give the changes to the text in the order in which they were made."""
    query = (
        select(RuleRow.step, RuleRow.name, EditRow.changes, EditRow.uncertain)
        .join(RuleRow, RuleRow.id == EditRow.rule_id)
        .where(EditRow.article_id == article_id)
        .order_by(EditRow.position)
    )
    kept = select(ArticleRow.text, BlockRow.position, BlockRow.start, BlockRow.chars).join(
        ArticleRow, ArticleRow.id == BlockRow.article_id
    )
    with store.reading() as connection:
        rows = connection.execute(query).all()
        blocks = connection.execute(kept.where(BlockRow.article_id == article_id)).all()
    contexts: dict[int | None, str] = {
        position: content[start : start + chars]
        for content, position, start, chars in blocks
        if start is not None
    }
    made = [
        (step, name, bool(uncertain), change)
        for step, name, changes, uncertain in rows
        for change in unpack(changes)
    ]
    return [
        EditRecord(
            position,
            block,
            step,
            name,
            offset,
            before,
            after,
            uncertain,
            contexts.get(block),
        )
        for position, (step, name, uncertain, (block, offset, before, after)) in enumerate(made)
        if _is_rule(name, rule)
    ]


def _is_rule(name: str, wanted: str | None) -> bool:
    return wanted is None or name == wanted or name.partition("@")[0] == wanted
