"""The annotation noise of Chinese copy sites and its byte slips, undone.

``repair_page`` takes the texts of one page and returns them repaired; ``mend_slips`` is the
same with notes. ``repair_markup`` gives tags their ``<`` back before a damaged page is
parsed. :mod:`cleaners.slips.forward` is the model of the damage.
"""

from __future__ import annotations

import re
from dataclasses import replace

from cleaners.edits import diff
from cleaners.model import Note, Repaired
from cleaners.slips.markup import repair_markup
from cleaners.slips.page import Line, may_be_damaged, repair_page

__all__ = ["Line", "may_be_damaged", "mend_slips", "repair_markup", "repair_page"]

STEP = "repair/annotations"
_BRACKET = re.compile(r"(?:[(（][^()（）]{1,8}[)）])+")


def mend_slips(texts: list[str], phrases: tuple[str, ...] = ()) -> list[Repaired]:
    """Undo the noise in the texts of one page together, one result each."""
    lines = repair_page(texts, phrases)
    return [_told(text, line) for text, line in zip(texts, lines, strict=True)]


def _told(before: str, line: Line) -> Repaired:
    lost = (*(_lost(line.text[begin:end], begin) for begin, end in line.lost), *map(_missing, line.missing))
    if before == line.text:
        return Repaired(before, lost)
    notes = diff(before, line.text, STEP, "annotations.slip@1", uncertain=line.uncertain)
    return Repaired(line.text, (*map(_named, notes), *lost))


def _lost(left: str, where: int) -> Note:
    return Note(STEP, "annotations.lost@1", left, left, where, uncertain=True)


def _missing(where: int) -> Note:
    return Note(
        STEP, "annotations.missing@1", "", "", where, uncertain=True, evidence="a character is lost here"
    )


def _named(note: Note) -> Note:
    """A bracket that is gone was an annotation, and nothing about that is uncertain."""
    if note.after or not _BRACKET.fullmatch(note.before):
        return note
    return replace(note, rule="annotations.pinyin@1", uncertain=False)
