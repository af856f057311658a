"""The keys of a source file, and what each takes: text in, our own types out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cssselect import SelectorError
from lxml.cssselect import CSSSelector

__all__ = ["LAYOUT", "LAYOUTS", "TABLES", "TOP", "WrongValueError", "source_name"]

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
INTERVAL = re.compile(r"(\d{1,6})\s*([mhd])")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}
FIELDS = ("title", "date", "people")
"""What a source may promise that its articles state."""


class WrongValueError(ValueError):
    """What is wrong with one value; the caller knows the key."""


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise WrongValueError(f"must be a text that is not empty, not {value!r}")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise WrongValueError(f"must be true or false, not {value!r}")
    return value


def source_name(value: Any) -> str:
    """Check the name of a source. Raises :class:`WrongValueError`."""
    if not NAME.fullmatch(_text(value)):
        raise WrongValueError(f"must be lower-case letters, digits, '.', '_' or '-', not {value!r}")
    return str(value)


def _url(value: Any) -> str:
    parts = urlsplit(_text(value))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WrongValueError(f"must be an http or https URL, not {value!r}")
    return str(value)


def _host(value: Any) -> str:
    host = _text(value).lower()
    if "/" in host or "@" in host or any(c.isspace() for c in host):
        raise WrongValueError(f"must be a host name such as 'news.example.org' or 'host:8080', not {value!r}")
    return host


def _pattern(value: Any) -> re.Pattern[str]:
    try:
        return re.compile(_text(value))
    except re.error as error:
        raise WrongValueError(f"is no regular expression: {error}") from error


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 3600:
        raise WrongValueError(f"must be a number of seconds from 0 to 3600, not {value!r}")
    return float(value)


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1000:
        raise WrongValueError(f"must be a whole number from 1 to 1000, not {value!r}")
    return value


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1_000_000:
        raise WrongValueError(f"must be a whole number from 1 to 1000000, not {value!r}")
    return value


def _interval(value: Any) -> timedelta:
    match = INTERVAL.fullmatch(_text(value))
    if not match:
        raise WrongValueError(f"must be a time such as '30m', '6h' or '1d', not {value!r}")
    return timedelta(**{UNITS[match[2]]: int(match[1])})


def _zone(value: Any) -> str:
    try:
        return ZoneInfo(_text(value)).key
    except (OSError, ValueError, KeyError) as error:
        raise WrongValueError(f"is no IANA time zone: {value!r}") from error


def _encoding(value: Any) -> str:
    try:
        "".encode(_text(value))
    except LookupError as error:
        raise WrongValueError(f"is no known encoding: {value!r}") from error
    return str(value)


def _selector(value: Any) -> str:
    try:
        CSSSelector(_text(value), translator="html")
    except SelectorError as error:
        raise WrongValueError(f"is no CSS selector: {value!r}: {error}") from error
    return str(value)


def _day(value: Any) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise WrongValueError(f"must be a day such as 2024-06-30 (without quotes), not {value!r}")
    return value


def _path(value: Any) -> Path:
    return Path(_text(value)).expanduser()


def _field(value: Any) -> str:
    if value not in FIELDS:
        raise WrongValueError(f"must be one of {', '.join(FIELDS)}, not {value!r}")
    return str(value)


def _many(check: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    def checked(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise WrongValueError(f"must be a list, not {value!r}")
        return tuple(check(one) for one in value)

    return checked


_texts = _many(_text)
_selectors = _many(_selector)

TOP: Mapping[str, Callable[[Any], Any]] = {
    "name": source_name,
    "title": _text,
    "hosts": _many(_host),
    "home": _url,
    "discover": _flag,
    "feeds": _many(_url),
    "sitemaps": _many(_url),
    "listings": _many(_url),
    "article": _pattern,
    "ignore": _many(_pattern),
    "interval": _interval,
    "language": _text,
    "browser": _flag,
    "cookies": _path,
    "zone": _zone,
    "encoding": _encoding,
}
LISTING: Mapping[str, Callable[[Any], Any]] = {"next": _selector, "pages": _count}
PACE: Mapping[str, Callable[[Any], Any]] = {"delay": _seconds, "concurrency": _count}
CLEAN: Mapping[str, Callable[[Any], Any]] = {
    "body": _selectors,
    "title": _selectors,
    "author": _selectors,
    "date": _selectors,
    "source": _selectors,
    "keep": _selectors,
    "drop": _selectors,
    "drop_phrases": _texts,
    "next_page": _selectors,
    "disabled": _texts,
}
EXPECT: Mapping[str, Callable[[Any], Any]] = {"articles": _number, "fields": _many(_field), "chars": _number}
TABLES = {"listing": LISTING, "pace": PACE, "expect": EXPECT, "clean": CLEAN}
LAYOUT: Mapping[str, Callable[[Any], Any]] = {"until": _day, **CLEAN}
LAYOUTS = "layout"
"""A list of tables: the rules for pages of earlier days."""
