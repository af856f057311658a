"""TOML to :class:`Source`, with errors that name the file, the key and the line."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cleaners.model import Rules
from crawler.sources.lines import line_of
from crawler.sources.model import Expect, Listing, Pace, Source
from crawler.sources.schema import LAYOUT, LAYOUTS, TABLES, TOP, WrongValueError, source_name

__all__ = ["SourceError", "load_source", "parse_source"]

MAX_BYTES = 256 * 1024


class SourceError(ValueError):
    """A source file that can not be used: which file, line and key, and why."""

    def __init__(self, path: Path | None, key: str | None, line: int | None, why: str) -> None:
        place = f"{path or 'source'}" + (f":{line}" if line else "")
        super().__init__(f"{place}: {key}: {why}" if key else f"{place}: {why}")
        self.path, self.key, self.line, self.why = path, key, line, why


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
        except WrongValueError as error:
            raise fail(prefix + key, str(error)) from error
    return values


def _default_name(path: Path | None, fail: Callable[[str, str], SourceError]) -> str:
    try:
        return source_name(path.stem if path else None)
    except WrongValueError as error:
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
    if "cookies" in values and path is not None:
        values["cookies"] = path.parent / values["cookies"]  # an absolute one stays as it is
    return Source(
        **values,
        listing=Listing(**listing),
        pace=Pace(**tables["pace"]),
        expect=Expect(**tables["expect"]),
        rules=rules,
        path=path,
    )


def _own_host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2].lower().removeprefix("www.")
