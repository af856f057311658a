"""What other readers of the same page take for the article: trafilatura, and the page's own JSON-LD."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import trafilatura
from lxml import html

from cleaners.extract.measure import squeeze
from cleaners.extract.walk import Piece

__all__ = ["agreed", "trafilatura_lines"]

MAX_ELEMENTS = 12_000
SHORTEST = 4
"""Shorter texts match by chance and are looked up as whole lines only."""


def trafilatura_lines(root: html.HtmlElement) -> list[str]:
    """Lines that trafilatura keeps; none for a page so large that it would take seconds.

    It works on a copy; ``deduplicate`` stays off (it remembers pages).
    """
    if root.xpath("count(//*)") > MAX_ELEMENTS:
        return []
    try:
        found = trafilatura.bare_extraction(
            root, fast=True, include_comments=False, include_tables=True, with_metadata=False
        )
    except RecursionError:  # deep nesting; the other readers go on
        return []
    text = getattr(found, "text", None) or ""
    return [line for line in text.split("\n") if line.strip()]


def agreed(pieces: Sequence[Piece], lines: Iterable[str]) -> list[bool]:
    """For each piece: is its text among ``lines``, alone or as part of a longer run?"""
    whole = {squeeze(line).lstrip("-|") for line in lines}
    joined = "\n".join(whole)
    result = []
    for piece in pieces:
        key = squeeze(piece.raw)
        result.append(key in whole or (len(key) > SHORTEST and key in joined))
    return result
