"""Lists of teasers: boxes of one kind in a row, each a linked headline with a line or two of text."""

from __future__ import annotations

import re

from cleaners.extract.measure import units
from cleaners.extract.walk import Layout

__all__ = ["TEASER", "cut_short", "teasers"]

TEASER = re.compile(
    r"(?:[【\[(（]\s*(?:详细|详情|詳細|全文|更多|查看更多|阅读全文|查看全文|点击查看)\s*[】\])）]|(?:\.{3}|…)\s*(?:详细|更多|全文|more)"
    r"|\b(?:read|learn|see) more|weiterlesen|mehr lesen|lire la suite|leer más|続きを読む)\W*$",
    re.IGNORECASE,
)
"""How a teaser ends that leads to its article."""

FEWEST = 3
"""Cards in a row make a list."""
DOTS = ("...", "…")
SHORTEST_CUT = 30
"""Characters: shorter lines of one length are verse or talk."""
MOST_PIECES = 9
LONGEST = 450.0
"""Letters of text beside the linked headline."""


def _is_card(layout: Layout, index: int) -> bool:
    box = layout.boxes[index]
    if not 2 <= box.last - box.first <= MOST_PIECES:
        return False
    linked = False
    plain = 0.0
    for piece in layout.pieces[box.first : box.last]:
        size = units(piece.raw)
        if piece.link_chars >= 0.8 * len(piece.raw.replace(" ", "")) and size >= 15:
            linked = True
        else:
            plain += size
    return linked and plain < LONGEST


def cut_short(layout: Layout) -> set[int]:
    """Indices of pieces that were cut to one length, each ending in dots: the openings of other articles."""
    found: dict[int, list[int]] = {}
    for index, piece in enumerate(layout.pieces):
        if piece.raw.endswith(DOTS) and len(piece.raw) >= SHORTEST_CUT:
            found.setdefault(len(piece.raw), []).append(index)
    return {i for same in found.values() if len(same) >= FEWEST for i in same}


def teasers(layout: Layout, below: list[list[int]]) -> list[list[int]]:
    """Lists of cards, as indices of their boxes."""
    result: list[list[int]] = []
    for kids in below:
        if len(kids) < FEWEST:
            continue
        kinds: dict[str, list[int]] = {}
        for kid in kids:
            kinds.setdefault(layout.boxes[kid].tag, []).append(kid)
        for tag, same in kinds.items():
            if len(same) >= FEWEST and tag not in ("p", "tr", "td"):
                cards = [kid for kid in same if _is_card(layout, kid)]
                if len(cards) >= FEWEST and len(cards) >= 0.5 * len(same):
                    result.append(cards)
    return result
