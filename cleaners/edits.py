"""What changed between two versions of a text, as notes that replay.

Steps return whole texts; this module finds the edits. Time is linear in the text: exact
alignment (rapidfuzz, bit-parallel Levenshtein) runs on stretches of bounded length only.
"""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz.distance import Levenshtein

from cleaners.model import Note

__all__ = ["diff"]

Edit = tuple[int, int, str]
"""A change: characters ``start:end`` of the old text become the string."""

_EXACT = 2_000  # characters: the longest stretch that is aligned exactly
_ANCHOR = 24  # characters: the length of a shared substring that splits a longer stretch
_DENSE = 40  # edits in one text: above this they are told as one note that spans them


def diff(before: str, after: str, step: str, rule: str, *, uncertain: bool = False) -> tuple[Note, ...]:
    """The notes that turn ``before`` into ``after``; none when they are equal.

    A text with many edits gets one note from its first to its last change: a thousand
    one-character notes help no reader and fill the store.
    """
    if before == after:
        return ()
    edits = list(_edits(before, after, 0))
    if len(edits) > _DENSE:
        start, end = edits[0][0], edits[-1][1]
        edits = [(start, end, after[start : len(after) - (len(before) - end)])]
    notes = []
    shift = 0
    for start, end, text in edits:
        notes.append(Note(step, rule, before[start:end], text, start + shift, uncertain))
        shift += len(text) - (end - start)
    return tuple(notes)


def _edits(before: str, after: str, offset: int) -> Iterator[Edit]:
    head = _common_prefix(before, after)
    tail = _common_prefix(before[head:][::-1], after[head:][::-1])
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    offset += head
    if not old or not new:
        if old or new:
            yield offset, offset + len(old), new
    elif len(old) <= _EXACT and len(new) <= _EXACT:
        for op in Levenshtein.opcodes(old, new):
            if op.tag != "equal":
                yield offset + op.src_start, offset + op.src_end, new[op.dest_start : op.dest_end]
    else:
        anchor = _anchor(old, new)
        if anchor is None:
            yield offset, offset + len(old), new
        else:
            i, j = anchor
            yield from _edits(old[:i], new[:j], offset)
            yield from _edits(old[i:], new[j:], offset + i)


def _anchor(old: str, new: str) -> tuple[int, int] | None:
    """A place where both texts are the same again, as near to the middle as can be found."""
    middle = len(old) // 2
    for step in range(0, min(middle, 4_000), 97):
        i = middle + step
        piece = old[i : i + _ANCHOR]
        guess = i * len(new) // len(old)
        window = max(_EXACT, abs(len(old) - len(new)) + _ANCHOR)
        low = max(0, guess - window)
        j = new.find(piece, low, guess + window)
        if len(piece) == _ANCHOR and j > 0 and new.find(piece, j + 1, guess + window) < 0:
            return i, j
    return None


def _common_prefix(a: str, b: str) -> int:
    """The length of the common prefix, by halving: slices compare at the speed of memcmp."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
