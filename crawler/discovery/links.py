"""The links of an HTML page: articles and lists, feeds, and the next page of a list."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cssselect import SelectorError
from lxml import etree, html

from cleaners.long_tags import without_long_tags
from crawler.discovery.pager import numbered_pages, page_after
from crawler.discovery.shape import TABLES
from crawler.discovery.urls import absolute

__all__ = ["Link", "PageLinks", "read_links"]

MAX_LINKS = 5000
MAX_TEXT = 300
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_WHITE = re.compile(r"\s+")
_ARROWS = re.compile(r"^[\[(（【]+|[\])）】>»›→▶▸…·.]+$")
_BROKEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Link:
    """A link and its text, white space folded."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class PageLinks:
    """What a page links to. ``feeds`` and ``next_pages`` are declared or said to be such."""

    links: tuple[Link, ...] = ()
    feeds: tuple[str, ...] = ()
    next_pages: tuple[str, ...] = ()


def read_links(text: str, url: str, next_selector: str | None = None) -> PageLinks:
    """Read the links of the page ``text`` at ``url``; ``next_selector`` (CSS) finds the next page.

    A selector that is wrong finds nothing; a page that can not be parsed has no links.
    """
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(
            without_long_tags(_BROKEN.sub(" ", text)), parser=parser, ensure_head_body=True
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return PageLinks()
    base = _base(root, url)
    links, marked = _anchors(root, base)
    chosen = _selected(root, base, next_selector) if next_selector else marked
    if not chosen and not next_selector:
        shown = [(link.url, link.text) for link in links]
        chosen = numbered_pages(shown, url) or page_after(shown, url)
    return PageLinks(links, _feeds(root, base), tuple(dict.fromkeys(u for u in chosen if u != url)))


def _base(root: etree._Element, url: str) -> str:
    for element in root.iter("base"):
        href = element.get("href")
        if href:
            return absolute(href, url) or url
    return url


def _feeds(root: etree._Element, base: str) -> tuple[str, ...]:
    found = (absolute(element.get("href") or "", base) for element in root.iter("link") if _is_feed(element))
    return tuple(dict.fromkeys(url for url in found if url))


def _is_feed(element: etree._Element) -> bool:
    rels = (element.get("rel") or "").lower().split()
    return "alternate" in rels and (element.get("type") or "").lower().strip() in _FEED_TYPES


def _anchors(root: etree._Element, base: str) -> tuple[tuple[Link, ...], list[str]]:
    best: dict[str, str] = {}
    marked: list[str] = []
    for element in root.iter("a", "link"):
        url = absolute(element.get("href") or "", base)
        if url is None:
            continue
        rels = (element.get("rel") or "").lower().split()
        if element.tag == "link":
            marked += [url] if "next" in rels else []
            continue
        text = _text(element)
        if "next" in rels or _says_next(text):
            marked.append(url)
            continue
        if len(best) < MAX_LINKS or url in best:
            best[url] = max(best.get(url, ""), text, key=len)
    return tuple(Link(url, text) for url, text in best.items()), marked


def _says_next(text: str) -> bool:
    said = text.replace(" ", "").lower()
    return (_ARROWS.sub("", said) or said) in TABLES["next_texts"]


def _selected(root: etree._Element, base: str, selector: str) -> list[str]:
    try:
        found = root.cssselect(selector)
    except SelectorError:
        return []
    hrefs = (element.get("href") for element in found)
    return [url for href in hrefs if href and (url := absolute(href, base))]


def _text(element: etree._Element) -> str:
    text = "".join(map(str, element.itertext())) or element.get("title") or ""
    if not text.strip():
        text = " ".join(image.get("alt") or "" for image in element.iter("img"))
    return _WHITE.sub(" ", text).strip()[:MAX_TEXT]
