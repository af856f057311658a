"""Which article a page is: its canonical link, and whether two addresses name the same article."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

from crawler.discovery.urls import absolute, normalize_url

__all__ = ["canonical_of", "names_same", "other_addresses"]

_HEAD = 1 << 17
_LINK = re.compile(rb"<link\b[^<>]{0,2000}>", re.IGNORECASE)
_REL = re.compile(rb"""\brel\s*=\s*["']?[^"'<>]*\bcanonical\b""", re.IGNORECASE)
_HREF = re.compile(rb"""\bhref\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>]+))""", re.IGNORECASE)
_WORDS = re.compile(r"[^\W_]+(?:[-_][^\W_]+)*")
_TELLING = 4
"""Characters from which a number or a slug names one article and not, say, a month."""


def other_addresses(response: Any, url: str, may_be_article: Callable[[str], bool]) -> list[str]:
    """Other addresses of the article at ``url``: where it was redirected to, and its canonical link.

    A canonical link counts when it leads to an article and names the same one.
    """
    final = normalize_url(response.url) or url
    found = [final] if final != url else []
    canonical = canonical_of(response.body, response.url)
    if canonical and canonical not in (url, final) and may_be_article(canonical):
        found += [canonical] if names_same(canonical, url) or names_same(canonical, final) else []
    return found


def canonical_of(body: bytes, url: str) -> str | None:
    """The address that the page ``body`` at ``url`` calls its own, normalised; None if it says none.

    Read off the bytes, as addresses are ASCII in every encoding of web pages but UTF-16.
    """
    for link in _LINK.finditer(body, 0, _HEAD):
        if _REL.search(link[0]) and (href := _HREF.search(link[0])):
            value = next(part for part in href.groups() if part is not None)
            return absolute(html.unescape(value.decode("utf-8", errors="replace")), url)
    return None


def names_same(one: str, other: str) -> bool:
    """Whether two addresses share what names one article: a number of four digits, or a slug.

    Dates are no such thing; a canonical link that is wrong (the home page, a section) shares nothing.
    """
    return bool(_telling(one) & _telling(other))


def _telling(url: str) -> set[str]:
    parts = urlsplit(url)
    path = unquote(parts.path)
    stem = re.sub(r"\.\w{1,5}$", "", path.rstrip("/"))
    words = _WORDS.findall(stem) + _WORDS.findall(unquote(parts.query))
    return {
        word.lower()
        for word in words
        if (word.isdigit() and len(word) >= _TELLING and not _date(word))
        or ("-" in word and len(word) >= 2 * _TELLING)
        or (not word.isascii() and len(word) >= _TELLING)
        or (not word.isdigit() and any(c.isdigit() for c in word) and len(word) >= 2 * _TELLING)
    }


def _date(word: str) -> bool:
    """A year, a month or a day in digits."""
    if not re.match(r"(?:19|20)\d\d", word) or len(word) not in (4, 6, 8):
        return False
    return not word[4:6] or (1 <= int(word[4:6]) <= 12 and (not word[6:] or 1 <= int(word[6:]) <= 31))
