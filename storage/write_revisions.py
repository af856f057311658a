"""Stores what an article was before it changed, and why it did."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, union_all

from storage.models import ArticleRow, BlockRow, EditRow, ImageRow, RevisionRow, RuleRow, table_of
from storage.prepare import Prepared
from storage.states import KEPT, changed_fields, changed_rules, pack_state
from storage.texts import compact_json

__all__ = ["cause_of", "current_rules", "current_state", "next_state", "write_revision"]

_ARTICLES = table_of(ArticleRow)
_IMAGES = table_of(ImageRow)
_BLOCKS = table_of(BlockRow)
_EDITS = table_of(EditRow)
_RULES = table_of(RuleRow)
_IMAGE_FIELDS = ("url", "alt", "caption", "block")
_STATE = select(*(_ARTICLES.c[name] for name in KEPT)).where(_ARTICLES.c.id == bindparam("key"))
_PICTURES = (
    select(*(_IMAGES.c[name] for name in _IMAGE_FIELDS))
    .where(_IMAGES.c.article_id == bindparam("key"))
    .order_by(_IMAGES.c.position)
)
_ACTS = union_all(
    select(_RULES.c.name, func.count().label("times"))
    .join(_BLOCKS, _BLOCKS.c.rule_id == _RULES.c.id)
    .where(_BLOCKS.c.article_id == bindparam("key"))
    .group_by(_RULES.c.name),
    select(_RULES.c.name, func.sum(_EDITS.c.count))
    .join(_EDITS, _EDITS.c.rule_id == _RULES.c.id)
    .where(_EDITS.c.article_id == bindparam("key"))
    .group_by(_RULES.c.name),
)
_INSERT = insert(table_of(RevisionRow))


def current_state(connection: Connection, article_id: int) -> dict[str, Any]:
    """Give the state of an article that is stored. Raises ``KeyError`` when there is none."""
    row = connection.execute(_STATE, {"key": article_id}).mappings().one_or_none()
    if row is None:
        raise KeyError(article_id)
    pictures = connection.execute(_PICTURES, {"key": article_id}).mappings()
    return dict(row) | {"images": [dict(picture) for picture in pictures]}


def next_state(prepared: Prepared) -> dict[str, Any]:
    """Give the state that a prepared article is going to be."""
    images = [{name: image[name] for name in _IMAGE_FIELDS} for image in prepared.images]
    return {name: prepared.article[name] for name in KEPT} | {"images": images}


def current_rules(connection: Connection, article_id: int) -> dict[str, int]:
    """Count how often each rule acted on an article that is stored."""
    counts: dict[str, int] = {}
    for name, times in connection.execute(_ACTS, {"key": article_id}):
        counts[name] = counts.get(name, 0) + int(times)
    return counts


def cause_of(old: Row[*tuple[Any, ...]], page_id: int, fingerprint: str) -> str:
    """Say what made an article change: its ``source``, the ``cleaner``, or ``both``."""
    if old.page_id == page_id:
        return "cleaner"
    return "source" if old.fingerprint == fingerprint else "both"


def write_revision(
    connection: Connection,
    old: Row[*tuple[Any, ...]],
    prepared: Prepared,
    page_id: int,
    made: tuple[int, str],
) -> None:
    """Store the change from ``old`` (columns of the article), before its rows are replaced.

    ``made`` is (number of the run, time).
    """
    before, after = current_state(connection, old.id), next_state(prepared)
    run_id, now = made
    values = {
        "article_id": old.id,
        "number": old.revision + 1,
        "made_at": now,
        "run_id": run_id,
        "cause": cause_of(old, page_id, prepared.article["fingerprint"]),
        "fields": compact_json(changed_fields(before, after)),
        "rules": compact_json(changed_rules(current_rules(connection, old.id), prepared.rule_counts())),
        "page_id": old.page_id,
        "fingerprint": old.fingerprint,
        "chars": before["chars"],
        "before": pack_state(before, after),
    }
    connection.execute(_INSERT, values)
