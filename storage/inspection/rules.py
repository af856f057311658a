"""What rules did across the store: how much, and samples of it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from storage.filters import Where, conditions
from storage.models import ArticleRow, BlockRow, EditRow, RuleRow, SourceRow
from storage.packing import unpack
from storage.store import Store

__all__ = ["ChangeSample", "RemovalSample", "RuleUse", "rule_use", "samples"]

_AROUND = 24
"""Characters of the finished text that are shown on both sides of a change."""


@dataclass(frozen=True, slots=True)
class RuleUse:
    """How much a rule did: blocks and characters removed, changes made, and in how many articles."""

    rule: str
    step: str
    blocks: int = 0
    chars: int = 0
    changes: int = 0
    articles: int = 0


@dataclass(frozen=True, slots=True)
class RemovalSample:
    """A block that a rule removed."""

    article_id: int
    title: str | None
    source: str
    position: int
    tag: str
    text: str
    uncertain: bool


@dataclass(frozen=True, slots=True)
class ChangeSample:
    """A change that a rule made, with the finished text of its block around it where it still stands there.

    ``times`` is how often the rule made it in the article.
    """

    article_id: int
    title: str | None
    source: str
    before: str
    after: str
    times: int
    uncertain: bool
    left: str = ""
    right: str = ""


def rule_use(store: Store, where: Where | None = None, stored_since: str | None = None) -> list[RuleUse]:
    """Count what each rule did to the articles of ``where``: the one that removed most first.

    ``stored_since`` is a UTC time: only articles that were stored or changed since.
    """
    chosen = _chosen(where or Where(), stored_since)
    count = func.count()
    removing = select(
        BlockRow.rule_id, count, func.sum(BlockRow.chars), func.count(BlockRow.article_id.distinct())
    )
    changing = select(EditRow.rule_id, func.sum(EditRow.count), func.count(EditRow.article_id.distinct()))
    if chosen is not None:
        removing = removing.where(BlockRow.article_id.in_(chosen))
        changing = changing.where(EditRow.article_id.in_(chosen))
    removing = removing.where(BlockRow.rule_id.is_not(None)).group_by(BlockRow.rule_id)
    changing = changing.group_by(EditRow.rule_id)
    with store.reading() as connection:
        names = {
            number: (name, step)
            for number, name, step in connection.execute(select(RuleRow.id, RuleRow.name, RuleRow.step))
        }
        removed = {row[0]: tuple(row[1:]) for row in connection.execute(removing)}
        changed = {row[0]: tuple(row[1:]) for row in connection.execute(changing)}
    found = []
    for number, (name, step) in names.items():
        blocks, chars, shortened = removed.get(number, (0, 0, 0))
        changes, altered = changed.get(number, (0, 0))
        if blocks or changes:
            found.append(
                RuleUse(name, step, blocks, int(chars or 0), int(changes or 0), max(shortened, altered))
            )
    return sorted(found, key=lambda use: (-use.blocks, -use.changes, use.rule, use.step))


def _chosen(where: Where, stored_since: str | None) -> Select[int] | None:
    found = conditions(where)
    if stored_since is not None:
        found.append(ArticleRow.updated_at >= stored_since)
    return select(ArticleRow.id).where(*found) if found else None


def samples(
    store: Store, rule: str, count: int = 10, *, source: str | None = None, seed: int = 0
) -> tuple[list[RemovalSample], list[ChangeSample]]:
    """Give up to ``count`` removals and ``count`` changes of a rule (version optional), spread at random.

    The same ``seed`` gives the same samples while nothing is written.
    """
    dice = random.Random(seed)  # noqa: S311  samples to look at, nothing secret
    named = or_(RuleRow.name == rule, RuleRow.name.startswith(rule + "@", autoescape=True))
    with store.reading() as connection:
        ids = list(connection.execute(select(RuleRow.id).where(named)).scalars())
        blocks = _picked(connection, BlockRow, ids, _of_source(BlockRow, source), (dice, count))
        changes = _picked(connection, EditRow, ids, _of_source(EditRow, source), (dice, count))
        return list(_removals(connection, blocks)), list(_changes(connection, changes, dice))


def _of_source(model: type[BlockRow] | type[EditRow], source: str | None) -> ColumnElement[bool] | None:
    if source is None:
        return None
    return model.article_id.in_(select(ArticleRow.id).where(*conditions(Where(source=source))))


def _picked(
    connection: Connection,
    model: type[BlockRow] | type[EditRow],
    rules: Sequence[int],
    condition: ColumnElement[bool] | None,
    picking: tuple[random.Random, int],
) -> list[int]:
    """Pick rows by falling on a number between the first and the last: no row but those is read."""
    dice, count = picking
    mine = model.rule_id.in_(rules)
    within = mine if condition is None else and_(mine, condition)
    ends = connection.execute(select(func.min(model.id), func.max(model.id)).where(within)).one()
    if not ends[0]:  # no row at all
        return []
    found: set[int] = set()
    next_one = select(model.id).where(within).order_by(model.id).limit(1)
    for _ in range(3 * count):
        if len(found) == count:
            return sorted(found)
        spot = dice.randint(ends[0], ends[1])
        found.update(connection.execute(next_one.where(model.id >= spot)).scalars())
    more = select(model.id).where(within).order_by(model.id).limit(count)  # few, or all in one place
    return sorted((list(found) + [n for n in connection.execute(more).scalars() if n not in found])[:count])


def _removals(connection: Connection, ids: Sequence[int]) -> Iterator[RemovalSample]:
    query = (
        select(BlockRow.article_id, ArticleRow.title, SourceRow.name, BlockRow.position)
        .add_columns(BlockRow.tag, BlockRow.text, BlockRow.uncertain)
        .join(ArticleRow, ArticleRow.id == BlockRow.article_id)
        .join(SourceRow, SourceRow.id == ArticleRow.source_id)
        .where(BlockRow.id.in_(ids))
        .order_by(BlockRow.id)
    )
    for article, title, source, position, tag, text, uncertain in connection.execute(query):
        yield RemovalSample(article, title, source, position, tag, text or "", bool(uncertain))


def _changes(connection: Connection, ids: Sequence[int], dice: random.Random) -> Iterator[ChangeSample]:
    query = (
        select(EditRow.article_id, ArticleRow.title, SourceRow.name, EditRow.changes, EditRow.uncertain)
        .join(ArticleRow, ArticleRow.id == EditRow.article_id)
        .join(SourceRow, SourceRow.id == ArticleRow.source_id)
        .where(EditRow.id.in_(ids))
        .order_by(EditRow.id)
    )
    for article, title, source, packed, uncertain in connection.execute(query).all():
        made = unpack(packed)
        block, offset, before, after = dice.choice(made)
        times = sum(change[2:] == (before, after) for change in made)
        left, right = _context(connection, article, block, offset, after)
        yield ChangeSample(article, title, source, before, after, times, bool(uncertain), left, right)


def _context(
    connection: Connection, article: int, block: int | None, offset: int, after: str
) -> tuple[str, str]:
    """Give what stands around a change in the finished text, if it still stands at its place there."""
    if block is None:
        return "", ""
    query = (
        select(ArticleRow.text, BlockRow.start, BlockRow.chars)
        .join(BlockRow, BlockRow.article_id == ArticleRow.id)
        .where(BlockRow.article_id == article, BlockRow.position == block, BlockRow.start.is_not(None))
    )
    found = connection.execute(query).one_or_none()
    if found is None:
        return "", ""
    whole, start, chars = found
    assert start is not None
    text = whole[start : start + chars]
    end = offset + len(after)
    if text[offset:end] != after:
        return "", ""
    return text[max(0, offset - _AROUND) : offset], text[end : end + _AROUND]
