"""Fixers: steps that map a list of texts to a list of texts of the same length.

A step sees all texts of a document together, so that it can weigh the page's own
evidence; most look at one text at a time. The order is the two tuples below.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from cleaners.fixers.annotations import strip_annotations
from cleaners.fixers.characters import (
    HAS_INVISIBLE,
    HAS_RADICAL,
    compose,
    fold_radicals,
    strip_invisible,
    unify_ideographs,
)
from cleaners.fixers.punctuation import HAS_WIDE_LATIN, fold_width, widen
from cleaners.fixers.quotes import pair_quotes
from cleaners.fixers.region import restore_region
from cleaners.fixers.script import to_simplified
from cleaners.fixers.spaces import HAS_ODD_SPACE, fold_spaces, tighten
from cleaners.model import NORMALIZE, REPAIR, Repaired
from cleaners.mojibake import mark_lost, mojibake

__all__ = ["MARKS", "NORMALS", "REPAIRS", "Fixer", "Mender", "Step"]


@dataclass(frozen=True, slots=True)
class Fixer:
    """A step: ``fix`` maps texts to texts; ``step`` and ``rule`` name it in notes.

    What the rule does is said in the catalogue, ``cleaners/data/rules.toml``.
    """

    step: str
    rule: str
    fix: Callable[[list[str]], list[str]]


@dataclass(frozen=True, slots=True)
class Mender:
    """A step that knows more of its changes than their result: each one's rule, and whether it is sure.

    ``mend`` maps texts to results with notes that replay; ``rule`` names the family.
    """

    step: str
    rule: str
    mend: Callable[[list[str]], list[Repaired]]


Step = Fixer | Mender


def _each(fix: Callable[[str], str], gate: re.Pattern[str] | None = None) -> Callable[[list[str]], list[str]]:
    """A step that looks at one text at a time; ``gate`` finds whether any has work for it."""

    def fix_each(texts: list[str]) -> list[str]:
        if gate is not None and not gate.search("\n".join(texts)):
            return texts
        return [fix(text) for text in texts]

    return fix_each


REPAIRS: tuple[Step, ...] = (
    # First: it needs the bytes that the removal of invisible characters would take away.
    Mender(REPAIR + "mojibake", "mojibake.utf8_as_gb18030@1", mojibake),
    Fixer(REPAIR + "characters", "characters.invisible@1", _each(strip_invisible, HAS_INVISIBLE)),
    Fixer(REPAIR + "characters", "characters.unify@1", unify_ideographs),
    Fixer(REPAIR + "radicals", "radicals.fold@1", _each(fold_radicals, HAS_RADICAL)),
    Fixer(REPAIR + "annotations", "annotations.pinyin@1", strip_annotations),
    Fixer(REPAIR + "region", "region.mainland@1", restore_region),
)
"""Undo damage; the page's own script and punctuation stay."""

MARKS: tuple[Step, ...] = (Mender(REPAIR + "mojibake", "mojibake.lost@1", mark_lost),)
"""Change nothing; point out what can not be repaired."""

NORMALS: tuple[Step, ...] = (
    Fixer(NORMALIZE + "characters", "characters.compose@1", _each(compose)),
    Fixer(NORMALIZE + "spaces", "spaces.fold@1", _each(fold_spaces, HAS_ODD_SPACE)),
    Fixer(NORMALIZE + "script", "script.simplified@1", to_simplified),
    Fixer(NORMALIZE + "width", "width.fold@1", _each(fold_width, HAS_WIDE_LATIN)),
    Fixer(NORMALIZE + "punctuation", "punctuation.widen@1", widen),
    Fixer(NORMALIZE + "quotes", "quotes.pair@1", pair_quotes),
    Fixer(NORMALIZE + "spaces", "spaces.tighten@1", tighten),
)
"""Give the normal form, after all repairs."""
