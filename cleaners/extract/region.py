"""Which box of the page holds the article."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaners.extract.anchors import REACH, Anchors
from cleaners.extract.hints import CHROME, Hint
from cleaners.extract.score import Scored

__all__ = ["choose"]

KEEP_PLAIN = 0.85
"""A child that holds this share of a box's worth takes its place."""
KEEP_NAMED = 0.6
"""The same for a child whose name says that it is the body."""
SMALLEST = 40.0
"""Letters of prose: a smaller part is no article."""
OPENINGS = 3
"""Paragraphs below the title whose boxes are tried."""
FOREWORD = re.compile(
    r"[\s【\[（(]*(?:编者按|編者按|编者注|編者註|编者的话|核心提示|内容提要|内容摘要|導讀|导读|导语|導語)[\s】\]）)]*[：:|丨]"
)
CONTAINERS = frozenset(("div", "section", "article", "main", "td", "table", "tbody", "tr", "form", "center"))
CLEARLY = 1.15
"""A part must be this much better than the whole to be taken alone."""
ELSEWHERE = 0.15
"""Text that shares less than this with title and description is about something else."""
BESIDE = 25
"""Most pieces of a box around a single paragraph."""
MAX_CANDIDATES = 60
STORY_SHARE = 0.15
"""Share of the whole's worth that a story in it has, at least."""


def _descend(scored: Scored, below: list[list[int]], start: int) -> int:
    """The smallest box under ``start`` that still holds what it holds."""
    current = start
    named = False
    while True:
        here = scored.value(current)
        best = max(below[current], key=scored.value, default=None)
        if best is None or scored.value(best) <= 0 or _is_leaf(scored, best, current):
            return current
        bits = scored.box_hints[best]
        is_named = bool(bits & Hint.BODY) and not bits & CHROME
        need = KEEP_NAMED if is_named and not named else KEEP_PLAIN
        if scored.value(best) < need * here:
            return current
        named = named or is_named
        current = best


def _is_leaf(scored: Scored, box: int, parent: int) -> bool:
    """A single paragraph: the lines beside it in a box without menus belong to it."""
    b, around = scored.layout.boxes[box], scored.layout.boxes[parent]
    return b.last - b.first == 1 and around.last - around.first <= BESIDE and scored.link_share(parent) < 0.3


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
    merit: float = max(scored.value(box), 1.0) ** 0.4 * (0.15 + topical / total) * (0.4 + 0.6 * voted / total)
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


def _is_paragraph(scored: Scored, box: int) -> bool:
    """One of several single paragraphs in boxes of one kind: no article of its own."""
    boxes = scored.layout.boxes
    if boxes[box].last - boxes[box].first != 1:
        return False
    while (parent := boxes[box].parent) >= 0 and boxes[parent].last - boxes[parent].first == 1:
        box = parent
    like = [
        other
        for other in scored.below[boxes[box].parent]
        if other != box
        and boxes[other].tag == boxes[box].tag
        and boxes[other].last - boxes[other].first == 1
        and scored.value(other) > 0
        and boxes[other].name == boxes[box].name
    ]
    return bool(like)


def _parts(scored: Scored, anchors: Anchors, whole: int) -> list[int]:
    """Boxes around the first prose below the title that may be the article in the place of ``whole``."""
    if anchors.heading is None:
        return []
    boxes = scored.layout.boxes
    last = min(len(scored.layout.pieces), anchors.heading + REACH)
    opening = [i for i in range(anchors.heading + 1, last) if scored.worth[i] > 0][:OPENINGS]
    result: dict[int, None] = {}
    for i in opening:
        if FOREWORD.match(scored.layout.pieces[i].raw):
            continue  # by the editors: it opens the article and is none
        box = scored.layout.pieces[i].box
        while box >= 0 and not boxes[box].first <= boxes[whole].first < boxes[whole].last <= boxes[box].last:
            lead = scored.box_hints[box] & (Hint.LEAD | Hint.BODY) == Hint.LEAD  # no article of its own
            if boxes[box].tag in CONTAINERS and not lead and not _is_paragraph(scored, box):
                result[box] = None
            box = boxes[box].parent
    return list(result)


def _own_story(scored: Scored, anchors: Anchors, whole: int) -> int:
    """Of several stories in a row (the next one is loaded below) the one under the title."""
    if anchors.heading is None:
        return whole
    boxes = scored.layout.boxes
    first, last = boxes[whole].first, boxes[whole].last
    stories: list[int] = []
    for index, box in enumerate(boxes):
        if box.tag != "article" or index == whole or not first <= box.first <= box.last <= last:
            continue
        apart = not stories or box.first >= boxes[stories[-1]].last
        if apart and scored.value(index) >= STORY_SHARE * scored.value(whole):
            stories.append(index)
    own = [s for s in stories if boxes[s].first <= anchors.heading < boxes[s].last]
    if len(stories) < 2 or not own or not _stands_apart(scored, anchors, own[0], whole):
        return whole
    return own[0]


def choose(scored: Scored, anchors: Anchors, votes: Sequence[bool]) -> int | None:
    """The box of the article, or None when no box has any prose.

    The whole is what is left after walking down from the root as far as nothing is lost. A
    short article under its title may stand beside longer texts about something else, which
    is why the parts next to the title are weighed against it.
    """
    below = scored.below
    if not any(w > 0 for w in scored.worth):
        return None
    whole = _own_story(scored, anchors, _descend(scored, below, 0))
    best, best_merit = whole, _merit(scored, anchors, votes, whole) * CLEARLY
    # a whole that is worth nothing is no region: the page's links outweigh its prose
    lost = 0.0 if scored.value(whole) <= 0 else float("inf")
    for part in _parts(scored, anchors, whole)[:MAX_CANDIDATES]:
        merit = _merit(scored, anchors, votes, part)
        if scored.value(part) < SMALLEST or merit <= best_merit:
            continue
        if merit > lost or _stands_apart(scored, anchors, part, whole):
            best, best_merit = part, merit
    return best
