"""Repair and normal form of text alone, for callers that have no page.

``repair`` undoes damage and keeps the script and punctuation; ``normalize`` gives the
normal form. Both take any string and never raise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cleaners.edits import diff
from cleaners.fixers import NORMALS, REPAIRS, Fixer
from cleaners.model import Note, Repaired

__all__ = ["fix_all", "normalize", "repair"]


def repair(text: str) -> Repaired:
    """Undo damage in ``text``; paragraphs are lines. Clean text comes back as the same object.

    >>> repair("从事⼤模型相关⼯作").text
    '从事大模型相关工作'
    """
    lines = text.split("\n")
    fixed, notes = fix_all(lines, REPAIRS)
    if not any(notes):
        return Repaired(text)
    return Repaired("\n".join(fixed), _joined(lines, notes))


def normalize(text: str) -> str:
    """The normal form of ``text``: simplified script, Chinese punctuation, no blank lines.

    >>> normalize('他說:"大模型,很好."')
    '他说：“大模型，很好。”'
    """
    lines = repair(text).text.split("\n")
    fixed, _ = fix_all(lines, NORMALS)
    return "\n".join(line for line in fixed if line)


def fix_all(texts: Sequence[str], fixers: Sequence[Fixer]) -> tuple[list[str], list[tuple[Note, ...]]]:
    """Run ``fixers`` in order over ``texts``: the new texts, and the notes of each."""
    current = list(texts)
    notes: list[tuple[Note, ...]] = [() for _ in current]
    for fixer in fixers:
        fixed = fixer.fix(current)
        if fixed is current:
            continue
        for i, (before, after) in enumerate(zip(current, fixed, strict=True)):
            if before != after:
                notes[i] += diff(before, after, fixer.step, fixer.rule)
        current = list(fixed)
    return current, notes


def _joined(lines: list[str], notes: list[tuple[Note, ...]]) -> tuple[Note, ...]:
    """Notes of single lines as notes of the whole text, line by line from the left."""
    out = []
    offset = 0
    for line, own in zip(lines, notes, strict=True):
        length = len(line)
        for note in own:
            out.append(replace(note, where=note.where + offset))
            length += len(note.after) - len(note.before)
        offset += length + 1
    return tuple(out)
