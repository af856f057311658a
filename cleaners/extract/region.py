"""Which box of the page holds the article."""

from __future__ import annotations

from cleaners.extract.hints import CHROME, Hint
from cleaners.extract.score import Scored

__all__ = ["children", "choose"]

KEEP_PLAIN = 0.85
"""A child that holds this share of a box's worth takes its place."""
KEEP_NAMED = 0.6
"""The same for a child whose name says that it is the body."""


def children(scored: Scored) -> list[list[int]]:
    """Indices of each box's child boxes."""
    boxes = scored.layout.boxes
    result: list[list[int]] = [[] for _ in boxes]
    for index, box in enumerate(boxes):
        if box.parent >= 0:
            result[box.parent].append(index)
    return result


def choose(scored: Scored) -> int | None:
    """Walk down from the root to the smallest box that still holds the article.

    Returns the box's index, or None when no box has any prose.
    """
    below = children(scored)
    current = 0
    if not any(w > 0 for w in scored.worth):
        return None
    named = False
    while True:
        here = scored.value(current)
        best = max(below[current], key=scored.value, default=None)
        if best is None or scored.value(best) <= 0:
            return current
        bits = scored.box_hints[best]
        is_named = bool(bits & Hint.BODY) and not bits & CHROME
        need = KEEP_NAMED if is_named and not named else KEEP_PLAIN
        if scored.value(best) < need * here:
            return current
        named = named or is_named
        current = best
