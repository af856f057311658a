"""RSS 0.9x/1.0/2.0, Atom and JSON Feed."""

from __future__ import annotations

import html
import itertools
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from crawler.discovery.entries import Entry
from crawler.discovery.unpacking import unpacked
from crawler.discovery.urls import absolute
from crawler.discovery.xml import XmlError, elements, local, text_of

__all__ = ["read_feed"]

MAX_ENTRIES = 2000
LEAST_CONTENT, MAX_CONTENT = 200, 500_000
"""Characters of HTML: less is a summary, more is no article."""
_CONTENT = frozenset({"encoded", "content"})
_ITEMS = frozenset({"item", "entry"})
_ROOTS = frozenset({"rss", "rdf", "feed", "channel"})
_DATES = ("pubdate", "published", "date", "updated")
_COMMENT = re.compile(r"#(?:comment|respond|reply|pinglun)[-_]?\w*$", re.IGNORECASE)


def read_feed(body: bytes, url: str) -> list[Entry]:
    """The entries of the feed at ``url``, in order, each URL once.

    Raises :class:`XmlError` when ``body`` is no feed, defines entities or is too large.
    """
    pieces = unpacked(body)
    head = next(pieces, b"")
    rest = itertools.chain([head], pieces)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    found = _json_entries(b"".join(rest), url) if start == b"{" else _xml_entries(rest, url)
    first: dict[str, Entry] = {}
    for entry in found:
        first.setdefault(entry.url, entry)
    return list(first.values())


def _xml_entries(pieces: Iterable[bytes], base: str) -> Iterator[Entry]:
    reader = elements(pieces, _ITEMS, MAX_ENTRIES)
    root = next(reader)
    if local(root) not in _ROOTS:
        raise XmlError(f"no feed: the root element is <{local(root)[:40]}>")
    for item in reader:
        entry = _entry(item, base)
        if entry:
            yield entry


def _entry(item: etree._Element, base: str) -> Entry | None:
    texts: dict[str, str] = {}
    links: list[str] = []
    guid = content = None
    for child in item:
        name = local(child)
        if name in _CONTENT:
            content = _content(child) or content
            continue
        text = text_of(child)
        if name == "link":
            if child.get("rel", "alternate") == "alternate":
                links += [link for link in (child.get("href"), text) if link]
        elif name == "guid":
            guid = text if child.get("isPermaLink", "true") != "false" else None
        elif text:
            texts.setdefault(name, text)
    for link in [*links, *([guid] if guid and "://" in guid else [])]:
        if url := absolute(link, base):
            if _COMMENT.search(link):  # its title, time and text are those of the comment
                return Entry(url)
            published = next((texts[name] for name in _DATES if name in texts), None)
            modified = texts.get("updated") or texts.get("modified")
            return Entry(url, texts.get("title"), published, modified, content)
    return None


def _content(element: etree._Element) -> str | None:
    """The HTML that `content:encoded` (RSS) or `content` (Atom, RFC 4287 section 4.1.3) holds."""
    if element.get("type") == "xhtml":
        found = "".join(etree.tostring(child, encoding="unicode") for child in element)
    else:
        found = "".join(map(str, element.itertext()))
        if element.get("type", "html") == "text":
            found = "".join(f"<p>{html.escape(line)}</p>" for line in found.splitlines() if line.strip())
    return _long_enough(found)


def _long_enough(found: str) -> str | None:
    """None for what is only a summary, or longer than any article."""
    return found if LEAST_CONTENT <= len(found) <= MAX_CONTENT else None


def _json_entries(body: bytes, base: str) -> Iterator[Entry]:
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise XmlError(f"no JSON: {error}") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise XmlError("no JSON Feed: it has no list of items")
    for item in items[:MAX_ENTRIES]:
        if not isinstance(item, dict):
            continue
        link = _string(item.get("url")) or _string(item.get("external_url"))
        if link and (url := absolute(link, base)):
            published, modified = (_string(item.get(name)) for name in ("date_published", "date_modified"))
            content = _long_enough(_string(item.get("content_html")) or "")
            yield Entry(url, _string(item.get("title")), published, modified, content)


def _string(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
