"""Signs that an article goes on over several pages, read off without parsing the page."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import parse_qsl, urlsplit

from cleaners.lexicon import table
from cleaners.model import Rules

__all__ = ["Place", "is_later", "may_go_on", "place_of"]

NUMBERED = re.compile(r"^(?P<stem>.*?)(?:[_-](?:p|page)?|/(?:p|page)?/?)(?P<number>\d{1,2})$", re.IGNORECASE)
EXTENSION = re.compile(r"\.(?:s?html?|php|aspx?|jsp)$|/$", re.IGNORECASE)
COUNTERS = ("page", "p", "pn", "pageno", "page_no")

Place = tuple[str, str, tuple[tuple[str, str], ...]]
"""An address without the number of its part: host, path, parameters."""


def may_go_on(html: str, rules: Rules | None = None) -> bool:
    """Whether it is worth to ask :func:`cleaners.pages.next_page`, which parses the page, at all."""
    if rules and rules.next_page:
        return True
    lowered = html.lower()
    return any(word in lowered and pattern.search(lowered) is not None for word, pattern in _hints())


@cache
def _hints() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((word, re.compile(pattern)) for word, pattern in table("pages")["hint"].items())


def is_later(url: str) -> bool:
    """Whether an address could be that of a later part: it has a number from 2 on."""
    return place_of(url)[1] >= 2


def place_of(url: str) -> tuple[Place, int]:
    """An address without the number of its part, and that number; a first part has none."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    counted = [v for k, v in query if k.lower() in COUNTERS and v.isdecimal() and len(v) <= 2]
    rest = tuple(sorted((k, v) for k, v in query if k.lower() not in COUNTERS))
    path = EXTENSION.sub("", parts.path)
    host = parts.netloc.lower()
    if counted:
        return (host, path, rest), int(counted[0])
    numbered = NUMBERED.match(path)
    if numbered and len(numbered["stem"].rpartition("/")[2]) >= 2:
        return (host, numbered["stem"], rest), int(numbered["number"])
    return (host, path, rest), 1
