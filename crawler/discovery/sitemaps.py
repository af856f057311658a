"""Sitemaps: URL sets, indexes, gzip, plain text and news fields (sitemaps.org, Google News)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from crawler.discovery.entries import Entry
from crawler.discovery.urls import absolute
from crawler.discovery.xml import XmlError, elements, local, text_of, unpack

__all__ = ["Sitemap", "read_sitemap"]

MAX_URLS = 50_000  # the limit of the protocol
MAX_SITEMAPS = 1000
_ITEMS = frozenset({"url", "sitemap"})


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What one sitemap file names: further sitemaps, and pages."""

    sitemaps: tuple[Entry, ...] = ()
    pages: tuple[Entry, ...] = ()


def read_sitemap(body: bytes, url: str) -> Sitemap:
    """Read the sitemap at ``url``. Raises :class:`XmlError` when it is none or is too large."""
    body = unpack(body)
    head = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:8]
    if head.startswith(b"http"):
        return Sitemap(pages=tuple(_plain(body, url)))
    reader = elements(body, _ITEMS, MAX_URLS)
    root = next(reader)
    if local(root) not in ("urlset", "sitemapindex"):
        raise XmlError(f"no sitemap: the root element is <{local(root)[:40]}>")
    sitemaps: list[Entry] = []
    pages: list[Entry] = []
    for item in reader:
        entry = _entry(item, url)
        if entry and local(item) == "url":
            pages.append(entry)
        elif entry and len(sitemaps) < MAX_SITEMAPS:
            sitemaps.append(entry)
    return Sitemap(tuple(sitemaps), tuple(pages))


def _plain(body: bytes, base: str) -> Iterator[Entry]:
    for line in body[: 1 << 24].decode("utf-8", errors="replace").splitlines()[:MAX_URLS]:
        if url := absolute(line, base):
            yield Entry(url)


def _entry(item: etree._Element, base: str) -> Entry | None:
    texts: dict[str, str] = {}
    for element in item.iter(etree.Element):
        name = local(element)
        if name in ("loc", "lastmod", "publication_date", "title") and (text := text_of(element)):
            texts.setdefault(name, text)
    url = absolute(texts.get("loc", ""), base)
    if not url:
        return None
    modified = texts.get("lastmod")
    return Entry(url, texts.get("title"), texts.get("publication_date") or modified, modified)
