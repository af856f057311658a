"""An article's page block by block: what was dropped, what was kept, and how that was changed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from storage.articles import edits
from storage.inspection.aligned import Piece, aligned
from storage.models import ArticleRow, BlockRow, RuleRow
from storage.records import EditRecord
from storage.store import Store

__all__ = ["ExplainedBlock", "Explanation", "explain"]


@dataclass(frozen=True, slots=True)
class ExplainedBlock:
    """A block: dropped, with the rule that did it and the text that went; or kept, in pieces.

    ``edits`` are the changes to a kept block, which the pieces number. ``placed`` is false if they
    do not fit the text: then the one piece is the finished text on both sides. ``evidence`` is what the
    rule rests on, where it says so.
    """

    position: int
    tag: str
    link_chars: int
    rule: str | None = None
    step: str | None = None
    uncertain: bool = False
    removed: str = ""
    pieces: tuple[Piece, ...] = ()
    edits: tuple[EditRecord, ...] = ()
    placed: bool = True
    evidence: str | None = None

    @property
    def changed(self) -> bool:
        """Whether the block was kept, and its text changed."""
        return bool(self.edits)


@dataclass(frozen=True, slots=True)
class Explanation:
    """All blocks of a page in their order, and the changes to its markup as a whole."""

    blocks: tuple[ExplainedBlock, ...]
    markup: tuple[EditRecord, ...]


def explain(store: Store, article_id: int) -> Explanation:
    """Tell what became of each block; an article that is not there has none."""
    query = (
        select(
            BlockRow.position,
            BlockRow.tag,
            BlockRow.link_chars,
            RuleRow.name,
            RuleRow.step,
            BlockRow.uncertain,
            BlockRow.text,
            BlockRow.start,
            BlockRow.chars,
            BlockRow.evidence,
        )
        .outerjoin(RuleRow, RuleRow.id == BlockRow.rule_id)
        .where(BlockRow.article_id == article_id)
        .order_by(BlockRow.position)
    )
    with store.reading() as connection:
        rows = connection.execute(query).all()
        text = connection.execute(select(ArticleRow.text).where(ArticleRow.id == article_id)).scalar() or ""
    by_block: dict[int | None, list[EditRecord]] = {}
    for edit in edits(store, article_id):
        by_block.setdefault(edit.block, []).append(edit)
    blocks = []
    for position, tag, links, rule, step, uncertain, gone, start, chars, why in rows:
        if gone is not None:
            dropped = ExplainedBlock(position, tag, links, rule, step, bool(uncertain), gone, evidence=why)
            blocks.append(dropped)
        else:
            kept = text[start : start + chars] if start is not None else ""
            blocks.append(_kept(ExplainedBlock(position, tag, links), kept, by_block.get(position, [])))
    return Explanation(tuple(blocks), tuple(by_block.get(None, ())))


def _kept(block: ExplainedBlock, text: str, made: list[EditRecord]) -> ExplainedBlock:
    try:
        pieces, placed = aligned(text, made), True
    except ValueError:
        pieces, placed = (Piece(text, text),), False
    return ExplainedBlock(
        block.position,
        block.tag,
        block.link_chars,
        pieces=pieces,
        edits=tuple(made),
        placed=placed,
    )
