"""Sets a finished text beside what it was made from: which piece became which, and by what change."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from storage.records import EditRecord

__all__ = ["Piece", "aligned"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, before and after; ``edits`` are the numbers of the changes in between."""

    before: str
    after: str
    edits: tuple[int, ...] = ()


_Step = tuple[int, EditRecord]
"""A change with its number in the sequence."""


def aligned(text: str, edits: Sequence[EditRecord]) -> tuple[Piece, ...]:
    """Give the pieces of ``text``, which ``edits`` led to in this order; linear for each pass of a rule.

    All ``before`` together are the text before the first change, all ``after`` are ``text``. Changes
    that touch each other are one piece. Raises ``ValueError`` when the changes do not fit.
    """
    passes = list(_passes(edits))
    raw = text
    for steps in reversed(passes):
        raw = _undone(raw, steps)
    pieces: list[Piece] = [Piece(raw, raw)] if raw else []
    for steps in passes:
        pieces = _applied(pieces, steps)
    return tuple(pieces)


def _passes(edits: Sequence[EditRecord]) -> Iterator[list[_Step]]:
    """Cut the changes where one starts over from the left."""
    steps: list[_Step] = []
    done = 0
    for number, edit in enumerate(edits):
        if edit.offset < done:
            yield steps
            steps = []
        steps.append((number, edit))
        done = edit.offset + len(edit.after)
    if steps:
        yield steps


def _undone(text: str, steps: Sequence[_Step]) -> str:
    out: list[str] = []
    done = 0
    for _, edit in steps:
        end = edit.offset + len(edit.after)
        if text[edit.offset : end] != edit.after:
            raise ValueError(f"change {edit.position} does not fit at {edit.offset}")
        out += (text[done : edit.offset], edit.before)
        done = end
    return "".join(out) + text[done:]


def _applied(pieces: Sequence[Piece], steps: Sequence[_Step]) -> list[Piece]:
    out: list[Piece] = []
    rest = deque(pieces)
    at = 0  # where `rest` starts, in the text before this pass
    grown = 0
    for number, edit in steps:
        start = edit.offset - grown
        end = start + len(edit.before)
        grown += len(edit.after) - len(edit.before)
        while rest and at + len(rest[0].after) <= start:
            at += len(rest[0].after)
            out.append(rest.popleft())
        if rest and at < start and not rest[0].edits:
            head, tail = _cut(rest.popleft(), start - at)
            out.append(head)
            rest.appendleft(tail)
            at = start
        taken = _take(rest, end - at)
        whole = "".join(piece.after for piece in taken)
        made = Piece(
            "".join(piece.before for piece in taken),
            whole[: start - at] + edit.after + whole[end - at :],
            (*sorted({n for piece in taken for n in piece.edits}), number),
        )
        # The next change may touch this piece again: its end keeps its place, its start moves.
        at += len(whole) - len(made.after)
        rest.appendleft(made)
    return [*out, *rest]


def _cut(piece: Piece, at: int) -> tuple[Piece, Piece]:
    """Cut an unchanged piece in two."""
    head, tail = piece.after[:at], piece.after[at:]
    return Piece(head, head), Piece(tail, tail)


def _take(rest: deque[Piece], length: int) -> list[Piece]:
    """Take the pieces that have the next ``length`` characters; an unchanged one is cut there."""
    taken: list[Piece] = []
    while length > 0 and rest:
        piece = rest.popleft()
        if len(piece.after) > length and not piece.edits:
            piece, tail = _cut(piece, length)
            rest.appendleft(tail)
        taken.append(piece)
        length -= len(piece.after)
    return taken
