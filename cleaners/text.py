"""Repair and normal form of text alone, for callers that have no page.

``repair`` undoes damage and keeps the script and punctuation; ``normalize`` gives the
normal form. Both take any string and never raise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cleaners.edits import diff
from cleaners.fixers import MARKS, NORMALS, Mender, Step, knowing
from cleaners.model import Note, Repaired

__all__ = ["fix_all", "normalize", "repair", "repair_all"]

_ROUNDS = 4
"""Damage upon damage deeper than this is not met; most texts need one round, damaged ones two."""


def repair(text: str, phrases: tuple[str, ...] = ()) -> Repaired:
    """Undo damage in ``text``; paragraphs are lines. Clean text comes back as the same object.

    ``phrases`` are names and terms of your field, learned from your own clean texts with
    :func:`cleaners.slips.familiar.familiar_phrases`: they win where bytes were lost.

    >>> repair("从事⼤模型相关⼯作").text
    '从事大模型相关工作'
    """
    lines = text.split("\n")
    fixed, notes = repair_all(lines, knowing(phrases), text)
    if not any(notes):
        return Repaired(text)
    return Repaired("\n".join(fixed), _joined(lines, notes))


def normalize(text: str) -> str:
    """The normal form of ``text``: simplified script, Chinese punctuation, no blank lines.

    >>> normalize('他說:"大模型,很好."')
    '他说：“大模型，很好。”'
    """
    for _ in range(_ROUNDS):
        repaired = repair(text).text
        lines, _notes = fix_all(repaired.split("\n"), NORMALS, repaired)
        normal = "\n".join(line for line in lines if line)
        if normal == text:
            break
        text = normal
    return text


def repair_all(
    texts: Sequence[str], steps: Sequence[Step], whole: str | None = None
) -> tuple[list[str], list[tuple[Note, ...]]]:
    """Run ``steps`` until nothing changes (one repair may lay bare what another repairs), then ``MARKS``.

    ``whole`` is the texts joined by line ends, if the caller has it.
    """
    current = list(texts)
    notes: list[tuple[Note, ...]] = [() for _ in current]
    for _ in range(_ROUNDS):
        whole = "\n".join(current) if whole is None else whole
        fixed, made = fix_all(current, steps, whole)
        if fixed == current:
            break
        notes = [old + new for old, new in zip(notes, made, strict=True)]
        current, whole = fixed, None
    current, marks = fix_all(current, MARKS, whole)
    return current, [old + new for old, new in zip(notes, marks, strict=True)]


def fix_all(
    texts: Sequence[str], steps: Sequence[Step], whole: str | None = None
) -> tuple[list[str], list[tuple[Note, ...]]]:
    """Run ``steps`` in order over ``texts``: the new texts, and the notes of each.

    A step whose gate finds nothing for it to do in the texts together is passed over. ``whole`` is
    the texts joined by line ends, if the caller has it.
    """
    current = list(texts)
    notes: list[tuple[Note, ...]] = [() for _ in current]
    whole = "\n".join(current) if whole is None else whole
    for step in steps:
        if step.gate is not None and not step.gate(whole):
            continue
        if isinstance(step, Mender):
            results = step.mend(current)
            fixed = [result.text for result in results]
            notes = [old + result.notes for old, result in zip(notes, results, strict=True)]
        else:
            fixed = step.fix(current)
            if fixed is current:
                continue
            notes = [
                old if before == after else old + diff(before, after, step.step, step.rule)
                for old, before, after in zip(notes, current, fixed, strict=True)
            ]
        if fixed != current:
            current = fixed
            whole = "\n".join(current)
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
