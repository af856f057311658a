"""How much each piece looks like prose, and which purpose its boxes claim."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate

from cleaners.extract.cards import TEASER, cut_short, teasers
from cleaners.extract.hints import CHROME, Hint
from cleaners.extract.measure import ends_sentence, marks, units
from cleaners.extract.walk import Layout, Piece

__all__ = ["Scored", "score"]

# A box that holds this share of the page's prose is what its name says only in part:
# <body class="has-sidebar">, an opinion page in <div class="comment">.
WEAK_SHARE = 0.2
STRONG_SHARE = 0.5
STRONG = int(Hint.COMMENT | Hint.RELATED | Hint.FOOT | Hint.NAV)
RELATED = int(Hint.RELATED)
NOT_META = ~int(Hint.META | Hint.CAPTION)
ASIDE = int(Hint.ASIDE)
STORY = int(Hint.STORY)
STORY_SHARE = 0.1
INHERITED = ~int(Hint.BODY | Hint.TITLE | Hint.LEAD | Hint.STORY)
# Forms and consent dialogs stay what they are however much they say
FIRM = int(Hint.FORM | Hint.LEGAL)
DIGITS = re.compile(r"\d+")


@dataclass(slots=True)
class Scored:
    """Values of pieces. ``prose`` is what a piece is worth by its text alone, ``worth`` that
    with its boxes' purposes, links counting against; ``hints`` the inherited bits.
    Lists run parallel to ``layout.pieces``; ``box_hints``, ``below`` (child boxes) and ``kinds``
    (equal for boxes of equal tag and class in boxes of one kind) to ``layout.boxes``."""

    layout: Layout
    size: list[float]
    density: list[float]
    prose: list[float]
    worth: list[float]
    hints: list[int]
    box_hints: list[int]
    below: list[list[int]]
    kinds: list[int]
    sums: list[float]
    prose_sums: list[float]
    size_sums: list[float]
    link_sums: list[float]

    def value(self, box: int) -> float:
        """Worth of all pieces in a box."""
        b = self.layout.boxes[box]
        return self.sums[b.last] - self.sums[b.first]

    def link_share(self, box: int) -> float:
        """Share of a box's letters that are links, 0 to 1."""
        b = self.layout.boxes[box]
        size = self.size_sums[b.last] - self.size_sums[b.first]
        return (self.link_sums[b.last] - self.link_sums[b.first]) / size if size else 0.0


def prose_of(piece: Piece, size: float, density: float) -> float:
    """Letters of running text: long or closed by a full stop, with marks, without links."""
    if density > 0.5:
        return 0.0
    closed = ends_sentence(piece.raw)
    if (size < 70 and not closed) or TEASER.search(piece.raw[-24:]):
        return 0.0
    divided = marks(piece.raw)
    if size < 70 and not divided:
        return 0.0
    if not divided:
        return size * 0.15 if size > 120 else 0.0
    return size * (1 - density) * (1.0 if closed or divided > 2 else 0.6)


def score(layout: Layout) -> Scored:
    """Value every piece of ``layout``; linear in pieces and boxes."""
    pieces = layout.pieces
    size = [units(p.raw) for p in pieces]
    density = [p.link_chars / len(p.raw) for p in pieces]
    prose = [prose_of(p, s, d) for p, s, d in zip(pieces, size, density, strict=True)]
    below = children(layout)
    prose_sums = list(accumulate(prose, initial=0.0))
    box_hints = _inherit(layout, prose_sums, _cards(layout, prose_sums, below))
    own = [box_hints[p.box] for p in pieces]
    for i in cut_short(layout):
        own[i] |= RELATED
    worth = []
    for value, s, d, bits in zip(prose, size, density, own, strict=True):
        if bits & CHROME:
            worth.append(min(0.0, -0.05 * s))
        elif value:
            worth.append(value)
        else:
            worth.append(-(4.0 + 0.3 * s * d) if d > 0.5 else 0.0)
    return Scored(
        layout,
        size,
        density,
        prose,
        worth,
        own,
        box_hints,
        below,
        _kinds(layout),
        list(accumulate(worth, initial=0.0)),
        prose_sums,
        list(accumulate(size, initial=0.0)),
        list(accumulate((s * d for s, d in zip(size, density, strict=True)), initial=0.0)),
    )


def children(layout: Layout) -> list[list[int]]:
    """Indices of each box's child boxes."""
    result: list[list[int]] = [[] for _ in layout.boxes]
    for index, box in enumerate(layout.boxes):
        if box.parent >= 0:
            result[box.parent].append(index)
    return result


def _kinds(layout: Layout) -> list[int]:
    """A number for each box: the same for boxes that differ in nothing but their place."""
    known: dict[tuple[int, str, str], int] = {}
    names: dict[str, str] = {"": ""}
    result: list[int] = []
    for box in layout.boxes:
        above = result[box.parent] if box.parent >= 0 else -1
        name = names.get(box.name)
        if name is None:
            name = names[box.name] = DIGITS.sub("", box.name)
        result.append(known.setdefault((above, box.tag, name), len(known)))
    return result


def _cards(layout: Layout, sums: list[float], below: list[list[int]]) -> set[int]:
    """Cards of lists that are not themselves the page's text (reviews, numbered advice)."""
    result: set[int] = set()
    for cards in teasers(layout, below):
        held = sum(sums[layout.boxes[c].last] - sums[layout.boxes[c].first] for c in cards)
        if held <= WEAK_SHARE * sums[-1]:
            result.update(cards)
    return result


def _inherit(layout: Layout, prose_sums: list[float], cards: set[int]) -> list[int]:
    """Bits of each box with those of the boxes around it, where their share of prose lets them."""
    total = prose_sums[-1] or 1.0
    result: list[int] = []
    for index, box in enumerate(layout.boxes):
        bits = box.own | RELATED if index in cards else box.own
        share = (prose_sums[box.last] - prose_sums[box.first]) / total
        if bits & CHROME and share > WEAK_SHARE:
            kept = STRONG | ASIDE if box.tag == "aside" else STRONG
            bits &= ~CHROME | FIRM | (kept if share < STRONG_SHARE else 0)
        if share > WEAK_SHARE:
            bits &= NOT_META
        if box.tag in ("html", "body"):
            bits = 0
        # what a box is for holds for all it contains; BODY and TITLE say it of themselves only
        above = result[box.parent] & INHERITED if box.parent >= 0 else 0
        if box.own & STORY and share > STORY_SHARE:
            bits &= ~ASIDE
            above &= ~ASIDE
        result.append(bits | above)
    return result
