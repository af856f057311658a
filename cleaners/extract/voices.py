"""What other readers of the same page take for the article: trafilatura, and the page's own JSON-LD."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from typing import cast

import trafilatura
from lxml import etree, html
from trafilatura.settings import Extractor

from cleaners.extract.hints import CHROME
from cleaners.extract.measure import squeeze
from cleaners.extract.score import Scored
from cleaners.extract.walk import Piece

__all__ = ["agreed", "trafilatura_lines"]

MAX_ELEMENTS = 12_000
SPARE = 0.02
"""Share of the page's prose that a box of chrome may hold and still be left out."""
MARK = "data-taosha-unread"
UNREAD = (
    "head",
    "script",
    "style",
    "noscript",
    "template",
    "link",
    "svg",
    "math",
    "iframe",
    "object",
    "canvas",
    "select",
)
OPTIONS = Extractor(output_format="python", fast=True, comments=False, tables=True, with_metadata=False)
"""``deduplicate`` stays off (it remembers pages)."""
MARKED = etree.XPath(f"descendant-or-self::*[@{MARK}]")
SHORTEST = 4
"""Shorter texts match by chance and are looked up as whole lines only."""


def trafilatura_lines(root: html.HtmlElement, scored: Scored) -> list[str]:
    """Lines that trafilatura keeps; none for a page so large that it would take seconds.

    It works on a copy without what is surely not read: its time goes with the elements.
    """
    if root.xpath("count(//*)") > MAX_ELEMENTS:
        return []
    try:
        found = trafilatura.bare_extraction(_slim(root, scored), options=copy(OPTIONS))
    except RecursionError:  # deep nesting; the other readers go on
        return []
    text = getattr(found, "text", None) or ""
    return [line for line in text.split("\n") if line.strip()]


def _slim(root: html.HtmlElement, scored: Scored) -> html.HtmlElement:
    """A copy without head, scripts and boxes of chrome that hold next to no prose."""
    spare = SPARE * (scored.prose_sums[-1] or 1.0)
    for bits, box in zip(scored.box_hints, scored.layout.boxes, strict=True):
        outermost = box.parent >= 0 and not scored.box_hints[box.parent] & CHROME
        if (
            bits & CHROME
            and outermost
            and scored.prose_sums[box.last] - scored.prose_sums[box.first] <= spare
        ):
            box.node.set(MARK, "")
    copied: html.HtmlElement = html.document_fromstring(
        etree.tostring(root, encoding="unicode", method="html")
    )
    marked = cast(list[html.HtmlElement], MARKED(copied))
    for node in marked:
        if node.getparent() is not None:
            node.drop_tree()
    etree.strip_elements(copied, *UNREAD, with_tail=False)
    return copied


def agreed(pieces: Sequence[Piece], lines: Iterable[str]) -> list[bool]:
    """For each piece: is its text among ``lines``, alone or as part of a longer run?"""
    whole = {squeeze(line).lstrip("-|") for line in lines}
    if not whole:
        return [False] * len(pieces)
    joined = "\n".join(whole)
    result = []
    for piece in pieces:
        key = squeeze(piece.raw)
        result.append(key in whole or (len(key) > SHORTEST and key in joined))
    return result
