"""Pages that are no article: decided from the tree, each on two signals that do not hang together.

The phrases are data (``page_kinds.toml``). A short article is never refused for being short:
a refusal needs the words of an error or verification page *and* the lack of anything else.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from lxml import html

from cleaners.extract.anchors import Anchors
from cleaners.extract.measure import ends_sentence, marks
from cleaners.extract.messages import empty, own_text, reports, says_nothing, surroundings
from cleaners.extract.notices import is_notice, is_plain
from cleaners.extract.score import Scored
from cleaners.extract.walk import Piece
from cleaners.metadata.folding import fold
from cleaners.model import Candidate, Page, Reason, Rejected

__all__ = ["judge"]

SHORT_PAGE = 900.0
"""Letters of visible text: error and verification pages say no more."""
SHORT_TEXT = 500.0
"""Letters that are kept of a page that may be nothing but a message in the site's frame."""
OWN_PROSE = 80.0
"""Letters: a page that says so much besides the words of an error is about errors, not one."""
NOT_LETTER = re.compile(r"[\W\d_]+")
WALLS = ("blocked", "soft_404", "login_wall")
MANY_LINKS = 10
HEADLINE = 15.0
"""Letters of a link that may be a headline."""


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("cleaners") / "data" / "page_kinds.toml").read_text("utf-8"))


@cache
def _pattern(kind: str, key: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in _data()[kind][key]))


def judge(
    root: html.HtmlElement,
    scored: Scored,
    why: Sequence[str | None],
    anchors: Anchors,
    found: Sequence[Candidate],
    page: Page,
) -> Rejected | None:
    """The reason why the page is no article, or None. ``found`` are the candidates for its metadata."""
    pieces = scored.layout.pieces
    total = sum(scored.size)
    kept = sum(s for s, reason in zip(scored.size, why, strict=True) if reason is None)
    title = fold(" ".join("".join(t.itertext()) for t in root.iter("title"))[:300])
    if (total <= SHORT_PAGE or kept < 60) and _own_prose(scored, why) < OWN_PROSE:
        text = fold("\n".join(p.raw for p in pieces[:120])[:3000])
        wall = _wall(root, title, text, page)
        if wall and ((page.status or 200) >= 400 or not _has_news(scored, why, anchors.heading, found)):
            return wall
    if 0 < kept <= SHORT_TEXT and (message := says_nothing(scored, why, anchors.heading, found)):
        return Rejected(page.url, Reason.SOFT_404, f"all that the page says is {message!r}")
    if total < 40 and _is_shell(root):
        return Rejected(page.url, Reason.SCRIPT_SHELL, "the page has scripts and next to no text")
    if _only_links(scored, why, anchors.heading):
        return Rejected(page.url, Reason.LISTING, "all that the page says is in links")
    if kept == 0 or empty(scored, why, anchors.heading):
        return Rejected(page.url, Reason.NO_CONTENT, "no block of the page is article text")
    signals = _listing(scored, why, anchors, page)
    if len(signals) >= 2:
        return Rejected(page.url, Reason.LISTING, "; ".join(signals))
    return None


def _own_prose(scored: Scored, why: Sequence[str | None]) -> float:
    """Letters of kept prose that use none of the words of error and verification pages."""
    total = 0.0
    for piece, value, reason in zip(scored.layout.pieces, scored.prose, why, strict=True):
        if reason is None and value:
            folded = fold(piece.raw[:500])
            if not any(_pattern(kind, "text").search(folded) for kind in WALLS):
                total += value
    return total


def _has_news(
    scored: Scored, why: Sequence[str | None], heading: int | None, found: Sequence[Candidate]
) -> bool:
    """Whether the kept text, however short, is a sentence that no wall says, below a title that no wall has.

    Forms to log in, to comment and to prove that one is human stand around many a short article.
    """
    lines = own_text(scored, why, heading)
    own = [line for line in lines if not any(_pattern(kind, "text").search(fold(line)) for kind in WALLS)]
    if not any(ends_sentence(line) or marks(line) for line in own):
        return False
    around = surroundings(scored, why, found)
    return not any(map(_names_wall, around.titles[:1])) and not is_notice("\n".join(own), around)


def _names_wall(title: str) -> bool:
    folded = fold(title)
    named = is_plain(title) and any(_pattern(kind, "title").search(folded) for kind in WALLS)
    return named or any(_pattern(kind, "text").fullmatch(folded) for kind in WALLS)


def _wall(root: html.HtmlElement, title: str, text: str, page: Page) -> Rejected | None:
    """Error, verification and login pages: words in the text and a second sign elsewhere."""
    scripts = " ".join((s.get("src") or "") + (s.text or "")[:2000] for s in list(root.iter("script"))[:40])
    signs = " ".join(root.xpath("//@id | //@class | //@action")[:400])
    status = page.status or 200
    for kind, reason in (
        ("blocked", Reason.BLOCKED),
        ("soft_404", Reason.SOFT_404),
        ("login_wall", Reason.LOGIN_WALL),
    ):
        said = _said(_pattern(kind, "text"), text)
        in_title = _pattern(kind, "title").search(title)
        machine = _pattern(kind, "markup").search(fold(scripts + " " + signs))
        if status >= 400 and (said or in_title):
            machine = machine or said or in_title
        found = [m.group()[:60] for m in (said, in_title, machine) if m]
        if len(found) >= 2 or (said and len(text) < 120 and not reports(text)):
            return Rejected(
                page.url, reason, f"the page says {' and '.join(map(repr, dict.fromkeys(found)))}"
            )
    return None


def _said(words: re.Pattern[str], text: str) -> re.Match[str] | None:
    """What a page says itself; a line of news about such pages only reports it."""
    for found in words.finditer(text):
        end = text.find("\n", found.end())
        if not reports(text[text.rfind("\n", 0, found.start()) + 1 : end if end >= 0 else None]):
            return found
    return None


def _is_shell(root: html.HtmlElement) -> bool:
    scripts = sum(1 for _ in root.iter("script"))
    roots = root.xpath("//*[@id='app' or @id='root' or @id='__next' or @id='__nuxt' or @id='main']")
    return scripts >= 1 and (bool(roots) or scripts >= 3)


def _only_links(scored: Scored, why: Sequence[str | None], heading: int | None) -> bool:
    """Whether all kept text but the title, in several pieces, is links; one piece may be a flash that
    links to itself. A day or a number beside a link belongs to it."""
    pieces = scored.layout.pieces
    linked = [d > 0.8 or _is_link(p) for d, p in zip(scored.density, pieces, strict=True)]
    kept = [
        link
        for i, (link, s, reason) in enumerate(zip(linked, scored.size, why, strict=True))
        if reason is None and s and i != heading
    ]
    if _mostly_links(scored, why, heading):
        return True
    if not kept:  # nothing was kept at all: is the page a list?
        rows = [link for link, s in zip(linked, scored.size, strict=True) if s >= HEADLINE]
        return len(rows) >= 5 and sum(rows) >= 0.8 * len(rows)
    return len(kept) >= 5 and all(kept)


def _mostly_links(scored: Scored, why: Sequence[str | None], heading: int | None) -> bool:
    """Whether many links are nearly all of the kept text, in however few pieces."""
    kept = [i for i, reason in enumerate(why) if reason is None and i != heading]
    links = sum(scored.layout.pieces[i].links for i in kept)
    size = sum(scored.size[i] for i in kept)
    linked = sum(scored.size[i] * scored.density[i] for i in kept)
    return links >= MANY_LINKS and linked > 0.8 * size


def _is_link(piece: Piece) -> bool:
    letters = len(NOT_LETTER.sub("", piece.raw)) if piece.links else 0
    return 0 < letters <= piece.link_chars


def _listing(scored: Scored, why: Sequence[str | None], anchors: Anchors, page: Page) -> list[str]:
    """Signs of a page of links; articles with long link columns show one of them at most."""
    prose = sum(p for p, reason in zip(scored.prose, why, strict=True) if reason is None)
    links = sum(s for s, d in zip(scored.size, scored.density, strict=True) if d > 0.8 and s >= HEADLINE)
    held: dict[int, float] = {}
    for piece, value, reason in zip(scored.layout.pieces, scored.prose, why, strict=True):
        if reason is None and value:
            box = scored.layout.boxes[piece.box].parent
            held[box] = held.get(box, 0.0) + value
    signs = []
    if links > 2 * prose and links > 600:
        signs.append("links to other pages are twice the text")
    if len(held) >= 4 and max(held.values()) < 0.35 * prose and anchors.heading is None:
        signs.append("the text is scattered and no heading is the title")
    path = urlsplit(page.url).path if page.url.startswith("http") else "/-"
    if re.fullmatch(r"/?(?:index\.\w{2,5}|default\.\w{2,5})?", path) and anchors.heading is None:
        signs.append("the address is that of a front page")
    return signs
