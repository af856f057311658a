"""What inside the article's box is not the article: menus, meta lines, boxes, dangling headings.

A piece is judged by its neighbourhood: the *main* boxes are those that hold the prose of the
region directly, and text far from any of them is chrome unless another reader votes for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaners.extract.anchors import Anchors
from cleaners.extract.hints import CHROME, Hint
from cleaners.extract.measure import ends_sentence
from cleaners.extract.score import FIRM, Scored

__all__ = ["prune"]

# Western, Japanese and Korean pages mark captions apart from the text, and they go with the picture;
# on Chinese pages they are lines of the text.
HAN_ONLY = re.compile(r"^[^\u3040-\u30ff\uac00-\ud7af]*[\u4e00-\u9fff][^\u3040-\u30ff\uac00-\ud7af]*$")
MAIN_SHARE = 0.08
"""A box with this share of the region's prose, held directly, is one of the main boxes."""
FAR = 3
"""Boxes between a piece and the nearest main box: beyond this it is elsewhere."""
FARTHEST = 6
"""The same for list entries and cells without links that stand between paragraphs of the text."""
LISTED = frozenset(("li", "td", "tr", "h1", "h2", "h3", "h4"))
"""Tags whose text may all be one link and still be article text."""
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


def main_boxes(
    scored: Scored, votes: Sequence[bool], span: tuple[int, int], only_voted: bool = False
) -> set[int]:
    """Kinds of boxes whose own paragraphs make up a good part of the prose of a span of pieces.

    Templates wrap each paragraph in boxes of its own; they are of one kind.
    """
    first, last = span
    boxes = scored.layout.boxes
    kinds = scored.kinds
    held: dict[int, float] = {}
    total = 0.0
    for i in range(first, last):
        value = scored.prose[i]
        if value and not scored.hints[i] & (FIRM if only_voted else CHROME) and (votes[i] or not only_voted):
            leaf = scored.layout.pieces[i].box
            total += value
            for kind in {kinds[leaf], kinds[boxes[leaf].parent]}:
                held[kind] = held.get(kind, 0.0) + value
    if not held and not only_voted:
        return main_boxes(scored, votes, (first, last), only_voted=True)
    return {kind for kind, value in held.items() if value >= MAIN_SHARE * total}


def _distance(scored: Scored, main: set[int], box: int) -> int:
    boxes = scored.layout.boxes
    for steps in range(FARTHEST + 1):
        if scored.kinds[box] in main:
            return steps
        box = boxes[box].parent
        if box < 0:
            break
    return FARTHEST + 1


def _reason(scored: Scored, i: int, vote: bool, distance: int, relevance: float, between: bool) -> str | None:
    bits = scored.hints[i]
    prose = scored.prose[i] > 0
    density = scored.density[i]
    if bits & FIRM:
        return "chrome"
    if bits & CHROME:
        held = (bool(bits & Hint.HIDDEN) and not bits & CHROME & ~Hint.HIDDEN) or vote
        return None if prose and density < 0.4 and held and distance <= 1 else "chrome"
    if density > 0.7 and not vote:
        return "links"
    if bits & Hint.CAPTION and not vote and not HAN_ONLY.search(scored.layout.pieces[i].raw):
        return "caption"
    if density > 0.95 and scored.layout.pieces[i].tag not in LISTED:
        return "links"
    if bits & Hint.META and not (prose and distance <= 1 and ends_sentence(scored.layout.pieces[i].raw)):
        return "meta"
    if prose:
        return "elsewhere" if not vote and distance > 2 and relevance < 0.2 else None
    near = FAR - 1
    if scored.layout.pieces[i].tag in LISTED:
        near = FARTHEST if between and not density else FAR
    return "loose" if distance > near and not vote else None


def prune(
    scored: Scored, anchors: Anchors, votes: Sequence[bool], span: tuple[int, int], result: list[str | None]
) -> None:
    """Write into ``result`` why pieces between ``span`` are left out, or None."""
    first, last = span
    main = main_boxes(scored, votes, span)
    pieces = scored.layout.pieces
    away = {i: _distance(scored, main, pieces[i].box) for i in range(first, last)}
    text = [i for i in away if scored.prose[i] and not away[i]]
    start, end = (text[0], text[-1]) if text else (last, first)
    for i, distance in away.items():
        result[i] = _reason(scored, i, votes[i], distance, anchors.relevance[i], start < i < end)
    heading = anchors.heading
    if heading is not None and first <= heading < last:
        for i in range(first, heading):
            if not (scored.prose[i] > 0 and votes[i]):
                result[i] = result[i] or "above"
    _trim(scored, votes, main, span, result)


def _trim(
    scored: Scored, votes: Sequence[bool], main: set[int], span: tuple[int, int], result: list[str | None]
) -> None:
    """Headings that lead to nothing, and loose ends after the last prose."""
    pieces = scored.layout.pieces
    kept = [i for i in range(*span) if result[i] is None]
    prose = [i for i in kept if scored.prose[i] > 0]
    if not prose:
        return
    for i in kept:
        if i > prose[-1] and not ends_sentence(pieces[i].raw) and _distance(scored, main, pieces[i].box) > 1:
            result[i] = "tail"
    below: int | None = None
    for i in reversed(kept):
        if result[i] is not None:
            continue
        leads = below is not None and (pieces[below].tag not in HEADINGS or pieces[below].tag > pieces[i].tag)
        if pieces[i].tag in HEADINGS and not scored.prose[i] and not leads:
            result[i] = "heading"
            continue
        below = i
