"""Which pieces of the page are the article: the region, other readers' votes, and the site's rules."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import html

from cleaners.extract.anchors import Anchors
from cleaners.extract.candidates import select
from cleaners.extract.hints import CHROME, Hint
from cleaners.extract.prune import prune
from cleaners.extract.region import choose
from cleaners.extract.score import Scored
from cleaners.model import Rules

__all__ = ["is_sure", "reasons"]

SMALL = 300.0
"""Letters of prose: with less, one paragraph more or less is a good part of the article."""
MOST = 0.6
"""Share of the prose outside menus and side boxes that an article holds."""
ALL = 0.99
"""With this share of it kept, there is nothing else on the page that the article could be."""
OFF_TOPIC = 0.16
"""Mean relevance of a text that says little of what title and description name."""


def _inside(scored: Scored, nodes: list[html.HtmlElement]) -> set[int]:
    """Pieces in the boxes of ``nodes``."""
    wanted = set(nodes)
    result: set[int] = set()
    if wanted:
        for box in scored.layout.boxes:
            if box.node in wanted:
                result.update(range(box.first, box.last))
    return result


def reasons(
    scored: Scored, anchors: Anchors, votes: Sequence[bool], root: html.HtmlElement, rules: Rules
) -> list[str | None]:
    """For each piece the name of the rule that leaves it out, or None if it is article text."""
    forced = _inside(scored, list(select(root, rules.keep)))
    dropped = _inside(scored, list(select(root, rules.drop)))
    body = _inside(scored, list(select(root, rules.body)))
    result: list[str | None] = ["outside"] * len(scored.layout.pieces)
    for i in body:
        result[i] = None
    if not body:
        _by_score(scored, anchors, votes, result)
    for i in dropped:
        result[i] = "site-rule"
    for i in forced:
        result[i] = None
    return result


def is_sure(scored: Scored, anchors: Anchors, result: Sequence[str | None]) -> bool:
    """Is the kept text long, and all of the page's, or most of it and about what the page calls itself?"""
    kept = around = topical = 0.0
    for value, bits, reason, relevance in zip(
        scored.prose, scored.hints, result, anchors.relevance, strict=True
    ):
        if not bits & CHROME:
            around += value
        if reason is None:
            kept += value
            topical += value * relevance
    if kept < max(SMALL, MOST * around):
        return False
    return kept >= ALL * around or topical >= OFF_TOPIC * kept


def _by_score(scored: Scored, anchors: Anchors, votes: Sequence[bool], result: list[str | None]) -> None:
    box = choose(scored, anchors, votes)
    if box is None:
        for i, vote in enumerate(votes):
            if vote:
                result[i] = None
        return
    region = scored.layout.boxes[box]
    prune(scored, anchors, votes, (region.first, region.last), result)
    _lead(scored, anchors, votes, region.first, result)


def _lead(
    scored: Scored, anchors: Anchors, votes: Sequence[bool], first: int, result: list[str | None]
) -> None:
    """Paragraphs between the title and the region: what opens the article before its body."""
    if anchors.heading is None or anchors.heading >= first:
        return
    for i in range(anchors.heading + 1, first):
        bits = scored.hints[i]
        if bits & CHROME & ~Hint.RELATED or scored.density[i] > 0.3 or bits & Hint.CAPTION:
            continue
        named = bool(bits & Hint.LEAD) and scored.size[i] > 40
        heading = votes[i] and scored.layout.pieces[i].tag in ("h2", "h3") and scored.size[i] > 25
        if bits & Hint.META and not (named or scored.prose[i] > 0):
            continue
        if (
            named
            or heading
            or (scored.prose[i] > 0 and not bits & CHROME and (votes[i] or anchors.relevance[i] > 0.2))
        ):
            result[i] = None
