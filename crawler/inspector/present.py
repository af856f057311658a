"""How values of pages are put on a page of ours: links that are safe, marks for what can not be seen."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from urllib.parse import urlsplit

from cleaners.catalog import meaning

__all__ = ["FILTERS", "brief", "counted", "minute", "rule_meaning", "stated", "visible", "web_url"]

_SHOWN_BLANKS = {" ": "␣", "\n": "⏎", "\t": "⇥", "\u3000": "□"}
_DAY = 10


def web_url(url: str | None) -> str | None:
    """Give ``url`` if a click on it can only lead to the web; else ``None``."""
    if not url or any(c <= " " or c == "\x7f" for c in url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and host else None


def visible(text: str) -> str:
    """Give ``text`` so that blanks and invisible characters can be seen; nothing is ∅."""
    return "".join(map(_shown, text)) or "∅"


def _shown(char: str) -> str:
    if char in _SHOWN_BLANKS:
        return _SHOWN_BLANKS[char]
    if unicodedata.category(char) in ("Cc", "Cf", "Co", "Cn", "Zs", "Zl", "Zp"):
        return f"[U+{ord(char):04X}]"
    return char


def stated(moment: str | None, precision: str | None = None) -> str:
    """Give a time as far as the page stated it, in its own offset."""
    if not moment:
        return ""
    length = {"year": 4, "month": 7, "day": _DAY}.get(precision or "", 16)
    return moment[:length].replace("T", " ")


def minute(moment: str | None) -> str:
    """Give a UTC time of the store to the minute."""
    return f"{moment[:16].replace('T', ' ')}" if moment else ""


def brief(text: str, length: int = 400) -> str:
    """Give the beginning of a long text, and say how much is left out."""
    return text if len(text) <= length else f"{text[:length]}… (+{len(text) - length:,})"


def rule_meaning(rule: str) -> str:
    """Give the sentence for a rule; a store may hold rules that this version does not know."""
    return meaning(rule) or ""


def listed(value: object) -> str:
    """Give a list as one line."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        return str(value)
    return "、".join(map(str, value))


def counted(number: int, noun: str) -> str:
    """Give a number with its noun: `1 character`, `2,000 characters`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


FILTERS = {
    "counted": counted,
    "web_url": web_url,
    "visible": visible,
    "stated": stated,
    "minute": minute,
    "brief": brief,
    "rule_meaning": rule_meaning,
    "listed": listed,
}
"""Filters of the templates, by name."""
