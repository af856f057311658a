"""How changes to a text are told, and told again: see :mod:`cleaners.model`, which hands these on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["NORMALIZE", "REPAIR", "Note", "Repaired", "replay"]

REPAIR = "repair/"
"""Prefix of ``Note.step`` for changes that undo damage: they show in ``source_text`` too."""

NORMALIZE = "normalize/"
"""Prefix of ``Note.step`` for changes of form (script, marks, spaces): only in ``text``."""


@dataclass(frozen=True, slots=True)
class Note:
    """One change to one text.

    ``where`` is the offset in the text as it stood when all earlier notes had been
    applied, so that notes replay one after the other (see :func:`replay`). ``step`` is the
    stage and step (``repair/annotations``, ``judge/headlines``, ``extract``), ``rule`` the
    documented rule with its version (``annotation.pinyin@1``). A dropped block is a note
    whose ``after`` is empty and whose ``before`` is the whole text. ``evidence`` is what a
    rule rests on, where that is not on the page itself.
    """

    step: str
    rule: str
    before: str
    after: str
    where: int = 0
    uncertain: bool = False
    evidence: str | None = None

    def __reduce__(self) -> tuple[type[Note], tuple[object, ...]]:
        # Pages go from process to process; pickled field by field, notes and blocks take thrice the time.
        fields = (self.step, self.rule, self.before, self.after, self.where, self.uncertain, self.evidence)
        return Note, fields


@dataclass(frozen=True, slots=True)
class Repaired:
    """The result of :func:`cleaners.repair`: the text, and every change that led to it."""

    text: str
    notes: tuple[Note, ...] = ()


def replay(text: str, notes: Iterable[Note]) -> str:
    """Apply ``notes`` to ``text`` in order, in time linear in both for each pass of a step.

    Raises ``ValueError`` when a note does not fit the text (it was made for another one).
    """
    out: list[str] = []
    done = 0  # length of `out`
    pos = 0  # how far `text` has been consumed
    for note in notes:
        if note.where < done:  # a later step starts over from the left
            text, out, done, pos = "".join(out) + text[pos:], [], 0, 0
        start = pos + note.where - done
        end = start + len(note.before)
        if text[start:end] != note.before:
            raise ValueError(f"note {note.rule} does not fit at {note.where}: {note.before[:40]!r}")
        out += (text[pos:start], note.after)
        done = note.where + len(note.after)
        pos = end
    return "".join(out) + text[pos:]
