"""The rows of the two columns: the page on one side, the article on the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from crawler.inspector.present import brief, visible
from storage.inspection.explained import ExplainedBlock, Explanation
from storage.records import EditRecord

__all__ = ["Change", "Mark", "Row", "RuleChanges", "RuleCount", "by_rule", "rows", "rule_counts"]

TINTS = 8
"""How many colours rules share."""

_TOLD = 60
"""Characters of a change that a mark tells; the list beside it has more."""


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often a rule acted on the page, and the number of its colour."""

    rule: str
    blocks: int
    changes: int
    tint: int


@dataclass(frozen=True, slots=True)
class Change:
    """A change that was made ``times`` times."""

    before: str
    after: str
    uncertain: bool
    times: int


@dataclass(frozen=True, slots=True)
class RuleChanges:
    """The distinct changes of a rule to a text."""

    rule: str
    step: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of a block on both sides; where it changed, the colour and what happened, in words."""

    before: str
    after: str
    tint: int | None = None
    told: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Neighbouring blocks that one rule dropped, or one block that was kept, with what changed it."""

    blocks: tuple[ExplainedBlock, ...]
    marks: tuple[Mark, ...] = ()
    changes: tuple[RuleChanges, ...] = ()

    @property
    def rule(self) -> str | None:
        """The rule that dropped the blocks; ``None`` if they were kept."""
        return self.blocks[0].rule

    @property
    def count(self) -> int:
        """How many changes were made to the block."""
        return len(self.blocks[0].edits)


def rule_counts(explanation: Explanation) -> dict[str, RuleCount]:
    """Count what each rule did, those that dropped most first; by the name of the rule."""
    blocks = Counter(block.rule for block in explanation.blocks if block.rule is not None)
    edits = [*explanation.markup, *(edit for block in explanation.blocks for edit in block.edits)]
    changes = Counter(edit.rule for edit in edits)
    names = sorted({*blocks, *changes}, key=lambda name: (-blocks[name], -changes[name], name))
    return {
        name: RuleCount(name, blocks[name], changes[name], number % TINTS)
        for number, name in enumerate(names)
    }


def rows(explanation: Explanation, only: str | None = None) -> list[Row]:
    """Give the rows in page order; ``only`` leaves those on which this rule acted."""
    counts = rule_counts(explanation)
    found = []
    for _, run in groupby(explanation.blocks, key=lambda b: (b.rule, b.position if b.rule is None else -1)):
        blocks = tuple(run)
        if only is None or blocks[0].rule == only or any(e.rule == only for e in blocks[0].edits):
            marks = tuple(_marks(blocks[0], counts))
            found.append(Row(blocks, marks, by_rule(blocks[0].edits)))
    return found


def _marks(block: ExplainedBlock, counts: Mapping[str, RuleCount]) -> Iterator[Mark]:
    for piece in block.pieces:
        made = [block.edits[number] for number in piece.edits]
        if made:
            yield Mark(piece.before, piece.after, counts[made[-1].rule].tint, "; ".join(map(_told, made)))
        else:
            yield Mark(piece.before, piece.after)


def _told(edit: EditRecord) -> str:
    return f"{edit.rule}: {brief(visible(edit.before), _TOLD)} → {brief(visible(edit.after), _TOLD)}"


def by_rule(edits: Sequence[EditRecord]) -> tuple[RuleChanges, ...]:
    """Give each distinct change once, by the rule that made it, in the order in which they acted first."""
    found: dict[tuple[str, str], Counter[tuple[str, str, bool]]] = {}
    for edit in edits:
        alike = found.setdefault((edit.rule, edit.step), Counter())
        alike[edit.before, edit.after, edit.uncertain] += 1
    return tuple(
        RuleChanges(rule, step, tuple(Change(*change, times) for change, times in alike.items()))
        for (rule, step), alike in found.items()
    )
