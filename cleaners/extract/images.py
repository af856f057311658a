"""Pictures of the article: absolute address, alternative text, caption, place."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from lxml import html

from cleaners.extract.walk import Layout
from cleaners.model import Image, Page

__all__ = ["collect"]

# Where scripts find the address of a picture that is loaded late, best first
SOURCES = ("data-src", "data-original", "data-lazy-src", "data-actualsrc", "data-echo", "data-url", "src")
MAX_IMAGES = 200
MAX_OFFERS = 40
MAX_SRCSET = 8_000
OFFER = re.compile(r",\s+")


def _address(node: html.HtmlElement, base: str) -> str | None:
    for name in SOURCES:
        value = (node.get(name) or "").strip()
        if value and not value.startswith("data:"):
            try:
                url = str(urljoin(base, value))
            except ValueError:
                continue
            if url.startswith(("http://", "https://", "file:")):
                return url
    return _largest(node.get("data-srcset") or node.get("srcset") or "", base)


def _largest(srcset: str, base: str) -> str | None:
    """The widest of the addresses that a picture offers, absolute."""
    offers = []
    for offer in OFFER.split(srcset[:MAX_SRCSET])[:MAX_OFFERS]:
        parts = offer.split()
        if parts and not parts[0].startswith("data:"):
            size = parts[-1][:-1] if len(parts) > 1 else ""
            offers.append((int(size) if size.isdecimal() and len(size) < 6 else 0, parts[0].rstrip(",")))
    for _, value in sorted(offers, reverse=True):
        try:
            url = str(urljoin(base, value))
        except ValueError:
            continue
        if url.startswith(("http://", "https://", "file:")):
            return url
    return None


def _caption(node: html.HtmlElement) -> str | None:
    for around in list(node.iterancestors())[:4]:
        if around.tag == "figure":
            for caption in around.iter("figcaption"):
                return " ".join("".join(caption.itertext("*")).split()) or None
    return None


def collect(layout: Layout, kept: set[int], base: str) -> tuple[Image, ...]:
    """Pictures that stand between the first and the last kept piece, small icons left out."""
    if not kept:
        return ()
    first, last = min(kept), max(kept)
    found: dict[str, Image] = {}
    for picture in layout.pictures:
        if first <= picture.before <= last + 1:
            url = _address(picture.node, base)
            width = picture.node.get("width") or ""
            if url and url not in found and not (width.isdigit() and int(width) < 60):
                alt = " ".join((picture.node.get("alt") or "").split()) or None
                found[url] = Image(url, alt, _caption(picture.node), min(picture.before, len(layout.pieces)))
    return tuple(found.values())[:MAX_IMAGES]


def base_url(root: html.HtmlElement, page: Page, canonical: str | None) -> str:
    """What relative addresses of the page are relative to: for a saved page, where it came from."""
    own = canonical if canonical and page.url.startswith("file:") else page.url
    for base in root.iter("base"):
        href = (base.get("href") or "").strip()
        if href:
            try:
                return str(urljoin(own, href))
            except ValueError:
                break
    return own
