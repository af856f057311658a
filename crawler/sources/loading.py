"""TOML to :class:`Source`, with errors that name the file, the key and the line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cssselect import SelectorError
from lxml.cssselect import CSSSelector

from cleaners.model import Rules
from crawler.sources.lines import line_of
from crawler.sources.model import Listing, Pace, Source

__all__ = ["SourceError", "load_source", "parse_source"]

MAX_BYTES = 256 * 1024
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
INTERVAL = re.compile(r"(\d{1,6})\s*([mhd])")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class SourceError(ValueError):
    """A source file that can not be used: which file, line and key, and why."""

    def __init__(self, path: Path | None, key: str | None, line: int | None, why: str) -> None:
        place = f"{path or 'source'}" + (f":{line}" if line else "")
        super().__init__(f"{place}: {key}: {why}" if key else f"{place}: {why}")
        self.path, self.key, self.line, self.why = path, key, line, why


class _WrongError(ValueError):
    """What is wrong with one value; the caller knows the key."""


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _WrongError(f"must be a text that is not empty, not {value!r}")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _WrongError(f"must be true or false, not {value!r}")
    return value


def _name(value: Any) -> str:
    if not NAME.fullmatch(_text(value)):
        raise _WrongError(f"must be lower-case letters, digits, '.', '_' or '-', not {value!r}")
    return str(value)


def _url(value: Any) -> str:
    parts = urlsplit(_text(value))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _WrongError(f"must be an http or https URL, not {value!r}")
    return str(value)


def _host(value: Any) -> str:
    host = _text(value).lower()
    if "/" in host or "@" in host or any(c.isspace() for c in host):
        raise _WrongError(f"must be a host name such as 'news.example.org' or 'host:8080', not {value!r}")
    return host


def _pattern(value: Any) -> re.Pattern[str]:
    try:
        return re.compile(_text(value))
    except re.error as error:
        raise _WrongError(f"is no regular expression: {error}") from error


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 3600:
        raise _WrongError(f"must be a number of seconds from 0 to 3600, not {value!r}")
    return float(value)


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1000:
        raise _WrongError(f"must be a whole number from 1 to 1000, not {value!r}")
    return value


def _interval(value: Any) -> timedelta:
    match = INTERVAL.fullmatch(_text(value))
    if not match:
        raise _WrongError(f"must be a time such as '30m', '6h' or '1d', not {value!r}")
    return timedelta(**{UNITS[match[2]]: int(match[1])})


def _zone(value: Any) -> str:
    try:
        return ZoneInfo(_text(value)).key
    except (OSError, ValueError, KeyError) as error:
        raise _WrongError(f"is no IANA time zone: {value!r}") from error


def _encoding(value: Any) -> str:
    try:
        "".encode(_text(value))
    except LookupError as error:
        raise _WrongError(f"is no known encoding: {value!r}") from error
    return str(value)


def _selector(value: Any) -> str:
    try:
        CSSSelector(_text(value), translator="html")
    except SelectorError as error:
        raise _WrongError(f"is no CSS selector: {value!r}: {error}") from error
    return str(value)


def _day(value: Any) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise _WrongError(f"must be a day such as 2024-06-30 (without quotes), not {value!r}")
    return value


def _many(check: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    def checked(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise _WrongError(f"must be a list, not {value!r}")
        return tuple(check(one) for one in value)

    return checked


_texts = _many(_text)
_selectors = _many(_selector)

TOP: Mapping[str, Callable[[Any], Any]] = {
    "name": _name,
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
TABLES = {"listing": LISTING, "pace": PACE, "clean": CLEAN}
LAYOUT: Mapping[str, Callable[[Any], Any]] = {"until": _day, **CLEAN}
LAYOUTS = "layout"
"""A list of tables: the rules for pages of earlier days."""


def load_source(path: Path) -> Source:
    """Read one source file. Raises :class:`SourceError` for anything that is wrong with it."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SourceError(path, None, None, f"larger than {MAX_BYTES} bytes")
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(path, None, None, str(error)) from error
    return parse_source(text, path)


def parse_source(text: str, path: Path | None = None) -> Source:
    """Make a source of TOML text; ``path`` gives the default name and appears in errors."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourceError(path, None, None, f"is no TOML: {error}") from error

    def fail(key: str, why: str) -> SourceError:
        return SourceError(path, key, line_of(text, key), why)

    values = _checked({k: v for k, v in data.items() if k not in (*TABLES, LAYOUTS)}, TOP, "", fail)
    tables: dict[str, dict[str, Any]] = {}
    for name, schema in TABLES.items():
        table = data.get(name, {})
        if not isinstance(table, dict):
            raise fail(name, f"must be a table ([{name}]), not {table!r}")
        tables[name] = _checked(table, schema, name + ".", fail)
    values.setdefault("name", _default_name(path, fail))
    source = _source(values, tables, path, fail)

    def fail_at(number: int, key: str, why: str) -> SourceError:
        return SourceError(path, key, line_of(text, key, number), why)

    older = _older(data.get(LAYOUTS, []), source.rules, fail_at)
    return replace(source, rules=replace(source.rules, older=older))


def _older(layouts: Any, today: Rules, fail: Callable[[int, str, str], SourceError]) -> tuple[Rules, ...]:
    """The rules of earlier layouts, oldest first; zone and encoding are those of today."""
    if not isinstance(layouts, list) or not all(isinstance(layout, dict) for layout in layouts):
        raise fail(0, LAYOUTS, f"must be tables ([[{LAYOUTS}]]), not {layouts!r}")
    found = []
    for number, layout in enumerate(layouts):
        values = _checked(layout, LAYOUT, LAYOUTS + ".", partial(fail, number))
        if "until" not in values:
            raise fail(number, LAYOUTS + ".until", "missing: the last day of this layout")
        values["disabled"] = frozenset(values.get("disabled", ()))
        found.append(Rules(name=today.name, zone=today.zone, encoding=today.encoding, **values))
    return tuple(sorted(found, key=lambda rules: rules.until or date.max))


def _checked(
    table: Mapping[str, Any],
    schema: Mapping[str, Callable[[Any], Any]],
    prefix: str,
    fail: Callable[[str, str], SourceError],
) -> dict[str, Any]:
    values = {}
    for key, value in table.items():
        if key not in schema:
            known = ", ".join(sorted(schema) + (sorted((*TABLES, LAYOUTS)) if not prefix else []))
            raise fail(prefix + key, f"unknown key; known here: {known}")
        try:
            values[key] = schema[key](value)
        except _WrongError as error:
            raise fail(prefix + key, str(error)) from error
    return values


def _default_name(path: Path | None, fail: Callable[[str, str], SourceError]) -> str:
    try:
        return _name(path.stem if path else None)
    except _WrongError as error:
        raise fail("name", f"missing, and the file name is no good one: {error}") from error


def _source(
    values: dict[str, Any],
    tables: Mapping[str, dict[str, Any]],
    path: Path | None,
    fail: Callable[[str, str], SourceError],
) -> Source:
    starts = [u for k in ("feeds", "sitemaps", "listings") for u in values.get(k, ())]
    if not starts:
        if "home" not in values:
            raise fail("home", "give a home page, or feeds, sitemaps or listings")
        values.setdefault("discover", True)
    if not values.get("hosts"):
        urls = [*starts, *([values["home"]] if "home" in values else [])]
        values["hosts"] = tuple(dict.fromkeys(_own_host(url) for url in urls))
    clean = tables["clean"]
    clean["disabled"] = frozenset(clean.get("disabled", ()))
    rules = Rules(
        name=values["name"], zone=values.pop("zone", None), encoding=values.pop("encoding", None), **clean
    )
    listing = tables["listing"]
    if "next" in listing:
        listing["next_page"] = listing.pop("next")
    return Source(**values, listing=Listing(**listing), pace=Pace(**tables["pace"]), rules=rules, path=path)


def _own_host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2].lower().removeprefix("www.")
