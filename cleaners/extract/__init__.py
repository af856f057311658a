"""A page's text as blocks, with what is not the article already dropped and said why."""

from __future__ import annotations

from cleaners.extract import anchors, candidates, images, kinds, structured
from cleaners.extract.parse import parse
from cleaners.extract.plain import extract_plain
from cleaners.extract.score import Scored, score
from cleaners.extract.select import reasons
from cleaners.extract.voices import agreed, trafilatura_lines
from cleaners.extract.walk import walk
from cleaners.model import Block, Candidate, Extracted, Note, Page, Rejected, Rules

__all__ = ["extract", "extract_plain"]

STEP = "extract"
# A visible line near the article that states its time, source or author, up to this many letters
BYLINE_CHARS = 160
BYLINE_REACH = 12


def extract(html: str, page: Page, rules: Rules) -> Extracted | Rejected:
    """Cut the page into blocks and decide which of them are the article.

    Total on any string: a page that is no article gives ``Rejected`` with its reason.
    Every visible text of the page is in exactly one block.
    """
    root = parse(html, page)
    if isinstance(root, Rejected):
        return root
    scored = score(walk(root))
    articles = structured.articles(root)
    found = candidates.collect(root, articles, rules)
    pieces = scored.layout.pieces
    near = anchors.find(
        pieces,
        [c.value for c in found if c.field == "title" and c.origin != "h1"],
        [c.value for c in found if c.field == "description"],
    )
    votes = agreed(pieces, trafilatura_lines(root) + structured.article_bodies(articles))
    why = reasons(scored, near, votes, root, rules)
    rejected = kinds.judge(root, scored, why, page)
    if rejected:
        return rejected
    kept = {i for i, reason in enumerate(why) if reason is None}
    return Extracted(
        blocks=_blocks(scored, why),
        candidates=found + _bylines(scored, why),
        images=images.collect(scored.layout, kept, images.base_url(root, page)),
        canonical_url=candidates.canonical(root, page),
        lang=candidates.language(root),
    )


def _blocks(scored: Scored, why: list[str | None]) -> tuple[Block, ...]:
    result = []
    for piece, reason in zip(scored.layout.pieces, why, strict=True):
        dropped = Note(STEP, f"extract.{reason}@1", piece.raw, "") if reason else None
        result.append(Block(piece.raw, piece.tag, piece.link_chars, dropped=dropped))
    return tuple(result)


def _bylines(scored: Scored, why: list[str | None]) -> tuple[Candidate, ...]:
    """Dropped lines just before and after the article: bylines live there."""
    kept = [i for i, reason in enumerate(why) if reason is None]
    if not kept:
        return ()
    pieces = scored.layout.pieces
    near = [*range(max(0, kept[0] - BYLINE_REACH), min(len(pieces), kept[-1] + BYLINE_REACH))]
    return tuple(
        Candidate("byline", pieces[i].raw, "byline") for i in near if why[i] and len(pieces[i].raw) <= BYLINE_CHARS
    )
