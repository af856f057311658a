"""Articles in several pages: where the next part is, and the parts as one article.

Pure functions: who fetches or looks up the next page is the caller's business.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml import html as lxml_html

from cleaners.extract.candidates import select
from cleaners.extract.parse import parse
from cleaners.lexicon import patterns
from cleaners.metadata.folding import fold
from cleaners.model import Article, Block, Image, Note, Page, Rejected, Rules, Sighting
from cleaners.part_signs import place_of

__all__ = ["first_page", "join", "next_page"]

RULE = "pages.repeated@1"
HEAD = 3
"""Kept blocks at the start of a part that may repeat the first part's lead."""
MAX_LINKS = 5_000


def next_page(html: str, url: str, rules: Rules | None = None) -> str | None:
    """The address of the next part of the article on this page, absolute, or None.

    A site's own selector is believed. Otherwise a link that says "next page" must also lead
    to the same address with the next number: many pages call the next article their next page.
    """
    root = parse(html, Page(url, b""))
    if isinstance(root, Rejected):
        return None
    base = _base(root, url)
    if rules and rules.next_page:
        hrefs = (node.get("href") for node in select(root, rules.next_page))
        return next((found for href in hrefs if (found := _absolute(href, url, base)) and found != url), None)
    place, number = place_of(url)
    for href in _said_next(root):
        found = _absolute(href, url, base)
        if found and place_of(found) == (place, number + 1):
            return found
    return None


def first_page(html: str, url: str) -> str | None:
    """The address of an earlier part, if ``url`` is that of a later one and the page leads back to it.

    Only links count that say so ("previous page", "1"): a section may have the address of its
    articles without their numbers.
    """
    place, number = place_of(url)
    root = parse(html, Page(url, b"")) if number >= 2 else None
    if root is None or isinstance(root, Rejected):
        return None
    base = _base(root, url)
    for node in islice(root.iter("a", "link"), MAX_LINKS):
        found = _absolute(node.get("href"), url, base)
        if found and place_of(found)[0] == place and place_of(found)[1] < number:
            said = "prev" in (node.get("rel") or "").lower().split()
            if said or patterns("pages", "previous").fullmatch(fold(_text(node)).strip()):
                return found
    return None


def _said_next(root: lxml_html.HtmlElement) -> Iterator[str | None]:
    for count, node in enumerate(root.iter("a", "link")):
        if count >= MAX_LINKS:
            return
        said = "next" in (node.get("rel") or "").lower().split()
        if said or (node.tag == "a" and patterns("pages", "next").fullmatch(fold(_text(node)).strip())):
            yield node.get("href")


def _text(node: lxml_html.HtmlElement) -> str:
    return "".join(map(str, node.itertext("*")))[:40] if len(node) < 10 else ""


def _base(root: lxml_html.HtmlElement, url: str) -> str:
    """What the links of the page are relative to: its first ``<base href>``, or its own address."""
    href = next((node.get("href") for node in root.iter("base") if node.get("href")), None)
    return _absolute(href, url, url) or url


def _absolute(href: str | None, url: str, base: str) -> str | None:
    """Where a link leads. In a saved page (``file:``), one to the web leads to the file of that name."""
    try:
        found = urljoin(base, (href or "").strip()).partition("#")[0]
        parts = urlsplit(found)
    except ValueError:
        return None
    if not href or parts.scheme not in ("http", "https", "file"):
        return None
    if not url.startswith("file:"):
        return found if parts.scheme != "file" else None
    name = parts.path.rpartition("/")[2]
    return found if parts.scheme == "file" else f"{url.rpartition('/')[0]}/{name}" if name else None


def join(articles: Sequence[Article]) -> Article:
    """The parts of one article in order, as the first one with the blocks and images of all.

    What opens a later part and already opened the first (a lead on every page) is dropped,
    with a note. Raises ``ValueError`` if there are no parts.
    """
    if not articles:
        raise ValueError("no parts to join")
    first = articles[0]
    blocks: list[Block] = list(first.blocks)
    flags: list[Note] = list(first.flags)
    images: dict[str, Image] = {image.url: image for image in first.meta.images}
    opening = {block.raw for block in first.kept[:HEAD]}
    for part in articles[1:]:
        start, place = len(blocks), sum(len(text) + 1 for block in blocks if (text := block.text))
        blocks += _without(part, opening)
        # What a site's rules miss on a later page says nothing of the article.
        flags += (replace(n, where=n.where + place) for n in part.flags if n.step != "flag/site")
        for image in part.meta.images:
            before = None if image.block is None else image.block + start
            images.setdefault(image.url, replace(image, block=before))
    edges = tuple(dict.fromkeys(edge for part in articles for edge in part.sighting.edges))
    used = tuple(sorted({name for part in articles for name in part.sighting.used}))
    return replace(
        first,
        blocks=tuple(blocks),
        meta=replace(first.meta, images=tuple(images.values())),
        page_notes=tuple(note for part in articles for note in part.page_notes),
        sighting=Sighting(edges, used),
        flags=tuple(flags),
    )


def _without(part: Article, opening: set[str]) -> Iterator[Block]:
    kept = 0
    for block in part.blocks:
        if block.dropped is None:
            kept += 1
            if kept <= HEAD and block.raw in opening:
                note = Note("judge/pages", RULE, before=block.source_text, after="")
                yield replace(block, dropped=note)
                continue
        yield block
