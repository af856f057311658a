"""Which box of the page holds the article."""

from __future__ import annotations

from collections.abc import Sequence

from cleaners.extract.anchors import Anchors
from cleaners.extract.hints import CHROME, Hint
from cleaners.extract.score import Scored

__all__ = ["children", "choose"]

KEEP_PLAIN = 0.85
"""A child that holds this share of a box's worth takes its place."""
KEEP_NAMED = 0.6
"""The same for a child whose name says that it is the body."""
SMALLEST = 40.0
"""Letters of prose: a smaller part is no article."""
NEAR = 30
"""Pieces below the title within which the article starts."""
CONTAINERS = frozenset(("div", "section", "article", "main", "td", "table", "tbody", "tr", "form", "center"))
CLEARLY = 1.25
"""A part must be this much better than the whole to be taken alone."""
ELSEWHERE = 0.15
"""Text that shares less than this with title and description is about something else."""
MAX_CANDIDATES = 60


def children(scored: Scored) -> list[list[int]]:
    """Indices of each box's child boxes."""
    boxes = scored.layout.boxes
    result: list[list[int]] = [[] for _ in boxes]
    for index, box in enumerate(boxes):
        if box.parent >= 0:
            result[box.parent].append(index)
    return result


def _descend(scored: Scored, below: list[list[int]], start: int) -> int:
    """The smallest box under ``start`` that still holds what it holds."""
    current = start
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


def _merit(scored: Scored, anchors: Anchors, votes: Sequence[bool], box: int) -> float:
    """How well a box does as the article: size, topic, place under the title, other readers' votes."""
    b = scored.layout.boxes[box]
    total = topical = voted = 0.0
    for i in range(b.first, b.last):
        worth = scored.worth[i]
        if worth > 0:
            total += worth
            topical += worth * anchors.relevance[i]
            voted += worth * votes[i]
    if not total:
        return 0.0
    merit = max(scored.value(box), 1.0) ** 0.4 * (0.15 + topical / total) * (0.4 + 0.6 * voted / total)
    if anchors.heading is not None:
        if b.last <= anchors.heading:
            merit *= 0.4  # all of it above the title
        elif b.first > anchors.heading + 40:
            merit *= 0.8
    return merit


def _topical(scored: Scored, anchors: Anchors, box: int) -> tuple[float, float]:
    """Worth of a box's prose, and the worth of it that talks of the title."""
    b = scored.layout.boxes[box]
    gains = [(w, w * anchors.relevance[i]) for i in range(b.first, b.last) if (w := scored.worth[i]) > 0]
    return sum(g[0] for g in gains), sum(g[1] for g in gains)


def _stands_apart(scored: Scored, anchors: Anchors, part: int, whole: int) -> bool:
    """Is the rest of the whole about something else than the part?"""
    all_worth, all_topical = _topical(scored, anchors, whole)
    own_worth, own_topical = _topical(scored, anchors, part)
    inside = scored.layout.boxes[part].first >= scored.layout.boxes[whole].first
    rest = all_worth - own_worth if inside else all_worth
    all_topical -= own_topical if inside else 0.0
    if rest <= 0 or own_worth <= 0:
        return False
    far = all_topical / rest
    return far < ELSEWHERE and far < 0.3 * own_topical / own_worth


def _parts(scored: Scored, anchors: Anchors, below: list[list[int]], whole: int) -> list[int]:
    """Boxes that may be the article in the place of ``whole``, because of where the title is."""
    heading = anchors.heading
    if heading is None:
        return []
    boxes = scored.layout.boxes
    if boxes[whole].first <= heading < boxes[whole].last:
        near = [b for b in below[whole] if boxes[b].tag in CONTAINERS and boxes[b].last > heading]
        return [b for b in near if boxes[b].first < heading + NEAR]
    if heading >= boxes[whole].first:
        return []
    first = next((i for i in range(heading + 1, boxes[whole].first) if scored.worth[i] > 0), None)
    if first is None:
        return []
    chain = [scored.layout.pieces[first].box]
    while (parent := boxes[chain[-1]].parent) >= 0 and boxes[parent].last <= boxes[whole].first:
        chain.append(parent)
    return [chain[-1]]


def choose(scored: Scored, anchors: Anchors, votes: Sequence[bool]) -> int | None:
    """The box of the article, or None when no box has any prose.

    The whole is what is left after walking down from the root as far as nothing is lost. A
    short article under its title may stand beside longer texts about something else, which
    is why the parts next to the title are weighed against it.
    """
    below = children(scored)
    if not any(w > 0 for w in scored.worth):
        return None
    whole = _descend(scored, below, 0)
    best, best_merit = whole, _merit(scored, anchors, votes, whole) * CLEARLY
    for child in _parts(scored, anchors, below, whole)[:MAX_CANDIDATES]:
        part = _descend(scored, below, child)
        if scored.value(part) < SMALLEST or not _stands_apart(scored, anchors, part, whole):
            continue
        merit = _merit(scored, anchors, votes, part)
        if merit > best_merit:
            best, best_merit = part, merit
    return best
