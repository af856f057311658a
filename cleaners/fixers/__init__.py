"""Fixers: steps that map a list of texts to a list of texts of the same length.

A step sees all texts of a document together, so that it can weigh the page's own
evidence; most look at one text at a time. The order is the two tuples below.

Most pages need few of the steps. A step's ``gate`` looks once at all texts joined by line
ends and tells whether the step may change any; it may be wrong only to the side of
looking closer (tests/cleaners/fixers/test_gates.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from cleaners.fixers.characters import (
    compose,
    fold_radicals,
    has_invisible,
    has_odd,
    is_loose,
    strip_invisible,
    unify_ideographs,
)
from cleaners.fixers.punctuation import fold_width, has_wide_latin, may_widen, widen
from cleaners.fixers.quotes import may_pair, pair_quotes
from cleaners.fixers.region import may_be_moved, restore_region
from cleaners.fixers.script import may_convert, to_simplified
from cleaners.fixers.spaces import fold_spaces, may_fold, may_tighten, tighten
from cleaners.fixers.wording import may_be_converted, restore_wording
from cleaners.model import NORMALIZE, REPAIR, Repaired
from cleaners.mojibake import mark_lost, may_be_misread, mojibake
from cleaners.sieve import apply
from cleaners.slips import may_be_damaged, mend_slips

__all__ = ["MARKS", "NORMALS", "REPAIRS", "Fixer", "Gate", "Mender", "Step", "knowing"]

Gate = Callable[[str], object]
"""Tells of all texts of a document, joined, whether a step may change any: true if in doubt."""


@dataclass(frozen=True, slots=True)
class Fixer:
    """A step: ``fix`` maps texts to texts; ``step`` and ``rule`` name it in notes.

    What the rule does is said in the catalogue, ``cleaners/data/rules.toml``.
    """

    step: str
    rule: str
    fix: Callable[[list[str]], list[str]]
    gate: Gate | None = None


@dataclass(frozen=True, slots=True)
class Mender:
    """A step that knows more of its changes than their result: each one's rule, and whether it is sure.

    ``mend`` maps texts to results with notes that replay; ``rule`` names the family.
    """

    step: str
    rule: str
    mend: Callable[[list[str]], list[Repaired]]
    gate: Gate | None = None


Step = Fixer | Mender


def _each(fix: Callable[[str], str], gate: Gate) -> Callable[[list[str]], list[str]]:
    """A step that looks at one text at a time, and only at those for which its gate opens."""
    return partial(apply, fix, sign=gate)


def _may_be_lost(text: str) -> bool:
    return "\ufffd" in text or ("锟" in text and "锟斤" in text) or ("ï" in text and "ï¿½" in text)


REPAIRS: tuple[Step, ...] = (
    # First: it needs the bytes that the removal of invisible characters would take away.
    Mender(REPAIR + "mojibake", "mojibake.utf8_as_gb18030@1", mojibake, may_be_misread),
    Mender(REPAIR + "annotations", "annotations.pinyin@1", mend_slips, may_be_damaged),
    Fixer(
        REPAIR + "characters", "characters.invisible@1", _each(strip_invisible, has_invisible), has_invisible
    ),
    Fixer(REPAIR + "characters", "characters.unify@1", unify_ideographs, has_odd),
    Fixer(REPAIR + "radicals", "radicals.fold@1", _each(fold_radicals, has_odd), has_odd),
    # Wording first: single places that are put right would hide that the whole text was converted.
    Fixer(REPAIR + "region", "region.wording@1", restore_wording, may_be_converted),
    Fixer(REPAIR + "region", "region.mainland@1", restore_region, may_be_moved),
)
"""Undo damage; the page's own script and punctuation stay."""

MARKS: tuple[Step, ...] = (Mender(REPAIR + "mojibake", "mojibake.lost@1", mark_lost, _may_be_lost),)
"""Change nothing; point out what can not be repaired."""

NORMALS: tuple[Step, ...] = (
    Fixer(NORMALIZE + "characters", "characters.compose@1", _each(compose, is_loose), is_loose),
    Fixer(NORMALIZE + "spaces", "spaces.fold@1", _each(fold_spaces, may_fold), may_fold),
    Fixer(NORMALIZE + "script", "script.simplified@1", to_simplified, may_convert),
    Fixer(NORMALIZE + "width", "width.fold@1", _each(fold_width, has_wide_latin), has_wide_latin),
    Fixer(NORMALIZE + "punctuation", "punctuation.widen@1", widen, may_widen),
    Fixer(NORMALIZE + "quotes", "quotes.pair@1", pair_quotes, may_pair),
    Fixer(NORMALIZE + "spaces", "spaces.tighten@1", tighten, may_tighten),
)
"""Give the normal form, after all repairs."""


def knowing(phrases: tuple[str, ...], steps: Sequence[Step] = REPAIRS) -> Sequence[Step]:
    """Give ``steps`` with the language model told of ``phrases`` (:mod:`cleaners.slips.familiar`)."""
    if not phrases:
        return steps
    told = partial(mend_slips, phrases=phrases)
    return [
        replace(step, mend=told) if isinstance(step, Mender) and step.mend is mend_slips else step
        for step in steps
    ]
