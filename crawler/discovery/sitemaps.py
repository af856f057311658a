"""Sitemaps: URL sets, indexes, gzip, plain text and news fields (sitemaps.org, Google News)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from crawler.discovery.entries import Entry
from crawler.discovery.unpacking import unpacked
from crawler.discovery.urls import absolute
from crawler.discovery.xml import XmlError, elements, local, text_of

__all__ = ["Sitemap", "read_sitemap", "sitemap_parts"]

MAX_URLS = 50_000  # the limit of the protocol
MAX_SITEMAPS = 1000
MAX_LINE = 4096
PART = 1000
_ITEMS = frozenset({"url", "sitemap"})


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap file, or a part of one, names: further sitemaps, and pages."""

    sitemaps: tuple[Entry, ...] = ()
    pages: tuple[Entry, ...] = ()


def read_sitemap(body: bytes, url: str) -> Sitemap:
    """The whole sitemap at ``url``. Raises :class:`XmlError` when it is none or is too large."""
    parts = list(sitemap_parts(body, url))
    return Sitemap(
        tuple(entry for part in parts for entry in part.sitemaps),
        tuple(entry for part in parts for entry in part.pages),
    )


def sitemap_parts(body: bytes, url: str) -> Iterator[Sitemap]:
    """The sitemap at ``url``, a thousand entries at a time, in constant memory beside ``body``.

    Raises :class:`XmlError` when it is none, and once it turns out to be too large.
    """
    pieces = unpacked(body)
    first = next(pieces, b"")
    rest = itertools.chain([first], pieces)
    plain = first.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"http")
    entries = _plain(rest, url) if plain else _xml(rest, url)
    while part := list(itertools.islice(entries, PART)):
        yield Sitemap(
            tuple(entry for name, entry in part if name == "sitemap"),
            tuple(entry for name, entry in part if name == "url"),
        )


def _plain(pieces: Iterable[bytes], base: str) -> Iterator[tuple[str, Entry]]:
    count = 0
    for line in _lines(pieces):
        if url := absolute(line.decode("utf-8", errors="replace"), base):
            yield "url", Entry(url)
            count += 1
            if count >= MAX_URLS:
                return


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of a text; one that is longer than any URL gives its start."""
    left = b""
    for piece in pieces:
        *whole, left = (left[:MAX_LINE] + piece).replace(b"\r", b"\n").split(b"\n")
        yield from whole
    yield left


def _xml(pieces: Iterable[bytes], base: str) -> Iterator[tuple[str, Entry]]:
    reader = elements(pieces, _ITEMS, MAX_URLS)
    root = next(reader)
    if local(root) not in ("urlset", "sitemapindex"):
        raise XmlError(f"no sitemap: the root element is <{local(root)[:40]}>")
    sitemaps = 0
    for item in reader:
        name, entry = local(item), _entry(item, base)
        sitemaps += name == "sitemap"
        if entry and (name == "url" or sitemaps <= MAX_SITEMAPS):
            yield name, entry


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
