"""What the store holds, in numbers."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, literal, select

from storage.models import (
    ArticleRow,
    BlockRow,
    BodyRow,
    EditRow,
    FailureRow,
    PageRow,
    RejectionRow,
    RevisionRow,
    RuleRow,
    RunRow,
    SourceRow,
)
from storage.records import Stats
from storage.store import Store

__all__ = ["stats"]

_SERVER_SIZE = (
    "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class AS c "
    "WHERE c.relkind = 'r' AND c.relnamespace = CAST(current_schema AS regnamespace)"
)


def stats(store: Store) -> Stats:
    """Count what the store holds. Reads whole tables: seconds on a store of a million articles."""
    with store.reading() as connection:
        return Stats(
            outcomes=tuple(_outcomes(connection)),
            reasons=tuple(_reasons(connection)),
            removing_rules=tuple(_removing(connection)),
            changing_rules=tuple(_changing(connection)),
            totals=_totals(connection),
            sizes=_sizes(connection, store),
        )


def _outcomes(connection: Connection) -> Iterator[tuple[str, str, int]]:
    pages = (
        select(SourceRow.name, PageRow.outcome, func.count())
        .select_from(PageRow)
        .join(SourceRow, SourceRow.id == PageRow.source_id)
        .group_by(SourceRow.name, PageRow.outcome)
    )
    failed = (
        select(SourceRow.name, literal("failed"), func.count())
        .select_from(FailureRow)
        .join(SourceRow, SourceRow.id == FailureRow.source_id)
        .where(FailureRow.resolved_at.is_(None))
        .group_by(SourceRow.name)
    )
    rows = [*connection.execute(pages), *connection.execute(failed)]
    yield from sorted((name, outcome, count) for name, outcome, count in rows)


def _reasons(connection: Connection) -> Iterator[tuple[str, int]]:
    count = func.count()
    query = select(RejectionRow.reason, count).group_by(RejectionRow.reason)
    yield from map(tuple, connection.execute(query.order_by(count.desc(), RejectionRow.reason)))


def _removing(connection: Connection) -> Iterator[tuple[str, int, int, int]]:
    """Give (rule, blocks, articles, characters), the most blocks first."""
    blocks = func.count()
    query = (
        select(RuleRow.name, blocks, func.count(BlockRow.article_id.distinct()), func.sum(BlockRow.chars))
        .select_from(BlockRow)
        .join(RuleRow, RuleRow.id == BlockRow.rule_id)
        .group_by(RuleRow.name)
        .order_by(blocks.desc(), RuleRow.name)
    )
    for name, count, articles, chars in connection.execute(query):
        yield name, count, articles, int(chars)


def _changing(connection: Connection) -> Iterator[tuple[str, int, int]]:
    """Give (rule, changes, articles), the most changes first."""
    changes = func.sum(EditRow.count)
    query = (
        select(RuleRow.name, changes, func.count(EditRow.article_id.distinct()))
        .select_from(EditRow)
        .join(RuleRow, RuleRow.id == EditRow.rule_id)
        .group_by(RuleRow.name)
        .order_by(changes.desc(), RuleRow.name)
    )
    for name, count, articles in connection.execute(query):
        yield name, int(count), articles


def _totals(connection: Connection) -> dict[str, int]:
    tables = {
        "articles": ArticleRow,
        "pages": PageRow,
        "bodies": BodyRow,
        "rejections": RejectionRow,
        "runs": RunRow,
        "revisions": RevisionRow,
        "removed_blocks": BlockRow,
        "edits": EditRow,
    }
    out = {}
    for name, model in tables.items():
        query = select(func.count()).select_from(model)
        if model is EditRow:
            query = select(func.coalesce(func.sum(EditRow.count), 0))
        if model is BlockRow:
            query = query.where(BlockRow.rule_id.is_not(None))
        out[name] = int(connection.execute(query).scalar_one())
    return out


def _sizes(connection: Connection, store: Store) -> dict[str, int]:
    kept = select(func.sum(BodyRow.size), func.sum(BodyRow.stored_size)).where(BodyRow.dropped_at.is_(None))
    raw, packed = connection.execute(kept).one()
    chars = connection.execute(select(func.sum(ArticleRow.chars))).scalar_one()
    if store.file is not None:
        size = store.file.stat().st_size
        bodies = 0 if store.bodies.file is None or store.bodies.missing else store.bodies.file.stat().st_size
    else:
        bodies = connection.exec_driver_sql("SELECT pg_total_relation_size('body_data')").scalar_one()
        size = connection.exec_driver_sql(_SERVER_SIZE).scalar_one() - bodies
    return {
        "store_bytes": int(size),
        "bodies_bytes": int(bodies),
        "raw_bytes": int(raw or 0),
        "packed_bytes": int(packed or 0),
        "article_chars": int(chars or 0),
    }
