"""A page's text as blocks, with what is not the article already dropped and said why."""

from __future__ import annotations

from typing import Any

from lxml import html

from cleaners.extract import anchors, candidates, images, kinds, site_rules, structured
from cleaners.extract.anchors import Anchors
from cleaners.extract.embedded import embedded
from cleaners.extract.hints import Hint
from cleaners.extract.parse import parse
from cleaners.extract.plain import extract_plain
from cleaners.extract.prune import HEADINGS
from cleaners.extract.score import Scored, score
from cleaners.extract.select import is_sure, reasons
from cleaners.extract.voices import agreed, trafilatura_lines
from cleaners.extract.walk import walk
from cleaners.model import Block, Candidate, Extracted, Note, Page, Reason, Rejected, Rules

__all__ = ["extract", "extract_plain"]

STEP = "extract"
# A visible line near the article that states its time, source or author, up to this many letters
BYLINE_CHARS = 160
BYLINE_REACH = 8
FAR_HEADING = 40
# Characters: a title so short may be the name of a column ("News", "Notices")
COLUMN_CHARS = 6
SHELL = (Reason.SCRIPT_SHELL, Reason.NO_CONTENT)
ELSEWHERE = int(Hint.COMMENT | Hint.RELATED | Hint.NAV | Hint.FOOT | Hint.FORM | Hint.LEGAL)


def extract(markup: str, page: Page, rules: Rules) -> Extracted | Rejected:
    """Cut the page into blocks and decide which of them are the article.

    Total on any string: a page that is no article gives ``Rejected`` with its reason.
    Every visible text of the page is in exactly one block. Where a page shows nothing without
    its scripts, the article that they hold is read in its place.
    """
    root = parse(markup, page)
    if isinstance(root, Rejected):
        return root
    read = _read(root, page, rules)
    if isinstance(read, Rejected) and read.reason in SHELL:
        article = embedded(root, page)
        if article is not None:
            root.append(article)
            again = _read(root, page, rules)
            return read if isinstance(again, Rejected) else again
    return read


def _read(root: html.HtmlElement, page: Page, rules: Rules) -> Extracted | Rejected:
    scored = score(walk(root))
    articles = structured.articles(root)
    found = candidates.collect(root, articles, rules)
    pieces = scored.layout.pieces
    near = anchors.find(
        scored,
        [c.value for c in found if c.field == "title" and c.origin != "h1"],
        [c.value for c in found if c.field == "description"],
    )
    if near.heading is not None:
        found += (Candidate("title", pieces[near.heading].raw, "heading"),)
    why = _decide(scored, near, articles, root, rules)
    rejected = kinds.judge(root, scored, why, near, found, page)
    if rejected:
        return rejected
    kept = {i for i, reason in enumerate(why) if reason is None}
    if near.heading is None or len(pieces[near.heading].raw) <= COLUMN_CHARS:
        found += _above(scored, kept)
    canonical = candidates.canonical(root, page)
    return Extracted(
        blocks=_blocks(scored, why),
        candidates=found + _bylines(scored, why, near.heading),
        images=images.collect(scored.layout, kept, images.base_url(root, page, canonical)),
        canonical_url=canonical,
        lang=candidates.language(root),
        in_vain=site_rules.in_vain(site_rules.matches(root, rules)),
    )


def _above(scored: Scored, kept: set[int]) -> tuple[Candidate, ...]:
    """The heading right above the text, for pages whose title names a column only."""
    pieces = scored.layout.pieces
    first = next((i for i in sorted(kept) if scored.prose[i] > 0), 0)
    for i in range(first - 1, max(-1, first - BYLINE_REACH), -1):
        if pieces[i].tag in HEADINGS and not scored.density[i] and len(pieces[i].raw) > COLUMN_CHARS:
            return (Candidate("title", pieces[i].raw, "above"),)
    return ()


def _decide(
    scored: Scored, near: Anchors, articles: list[dict[str, Any]], root: html.HtmlElement, rules: Rules
) -> list[str | None]:
    """Our own reading where it is sure of itself; else one that other readers have a say in."""
    pieces = scored.layout.pieces
    bodies = structured.article_bodies(articles)
    why = reasons(scored, near, agreed(pieces, bodies), root, rules)
    if rules.body or is_sure(scored, near, why):
        return why
    return reasons(scored, near, agreed(pieces, trafilatura_lines(root, scored) + bodies), root, rules)


def _blocks(scored: Scored, why: list[str | None]) -> tuple[Block, ...]:
    result = []
    for piece, reason in zip(scored.layout.pieces, why, strict=True):
        dropped = Note(STEP, f"extract.{reason}@1", piece.raw, "") if reason else None
        result.append(Block(piece.raw, piece.tag, piece.link_chars, dropped=dropped))
    return tuple(result)


def _bylines(scored: Scored, why: list[str | None], heading: int | None) -> tuple[Candidate, ...]:
    """Dropped lines just before and after the article: bylines live there."""
    kept = [i for i, reason in enumerate(why) if reason is None]
    if not kept:
        return ()
    layout = scored.layout
    first = min(kept[0], heading) if heading is not None and heading > kept[0] - FAR_HEADING else kept[0]
    above = (max(0, first - BYLINE_REACH), kept[0])
    below = (kept[-1] + 1, min(len(layout.pieces), kept[-1] + 1 + BYLINE_REACH))
    found = []
    for span, origin in ((above, "byline"), ((above[1], below[0]), "byline"), (below, "byline-end")):
        for i in range(*span):
            piece = layout.pieces[i]
            if why[i] and len(piece.raw) <= BYLINE_CHARS and not scored.hints[i] & ELSEWHERE and i != heading:
                found.append(Candidate("byline", piece.spaced, origin))
    return tuple(found) + candidates.near(layout.marks, (above[0], below[1]))
