"""Every place where a page states something about its article, as candidates for the metadata."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from operator import itemgetter
from typing import Any
from urllib.parse import urljoin

from cssselect import HTMLTranslator, SelectorError
from lxml import html

from cleaners.extract import structured
from cleaners.model import Candidate, Page, Rules

__all__ = ["canonical", "collect", "language", "near", "select"]

DATA: dict[str, Any] = tomllib.loads((files("cleaners") / "data" / "meta_places.toml").read_text("utf-8"))
META: dict[str, str] = {name: field for field, names in DATA["meta"].items() for name in names}
ITEMPROP: dict[str, str] = {name: field for field, names in DATA["itemprop"].items() for name in names}
CLASSES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"(?:^|[\s_-])(?:{'|'.join(names)})(?:$|[\s_-])", re.IGNORECASE), field)
    for field, names in DATA["classes"].items()
)
CLASS_WORDS = frozenset(
    max(name.split("[-_]?"), key=len) for names in DATA["classes"].values() for name in names
)
TRANSLATOR = HTMLTranslator()
MAX_VALUE = 400
MAX_SCRIPT = 300_000
# Looking for the value first and for its name before it is many times faster than the other way round
SCRIPT_VALUE = re.compile(r"""["'](?P<value>\d[\dT:+\-/.年月日Z ]{7,30})["']""")
SCRIPT_NAME = re.compile(
    r"""\b(?:publish_?(?:time|date|at)|pub_?(?:time|date)|pubdate|datePublished|publishedAt|ct|oriCreateTime|publish_timestamp)"""
    r"""["']?\s*[:=]\s*$""",
    re.IGNORECASE,
)
NAME_REACH = 40


def _text(node: html.HtmlElement) -> str:
    for attribute in ("content", "datetime"):
        value = node.get(attribute)
        if value and value.strip():
            return " ".join(value.split())
    return " ".join(" ".join(t for t in node.itertext("*") if t.strip()).split()) if len(node) < 50 else ""


def select(root: html.HtmlElement, selectors: tuple[str, ...]) -> Iterator[html.HtmlElement]:
    """Elements that any of the CSS selectors matches; a selector that is none matches nothing."""
    for selector in selectors:
        try:
            yield from root.xpath(TRANSLATOR.css_to_xpath(selector))
        except SelectorError:
            continue


def canonical(root: html.HtmlElement, page: Page) -> str | None:
    """The page's own word on its address, absolute; http(s) only."""
    places = [n.get("href") for n in root.iter("link") if "canonical" in (n.get("rel") or "").lower().split()]
    places += [
        n.get("content") for n in root.iter("meta") if (n.get("property") or n.get("name")) == "og:url"
    ]
    for place in places:
        if place and place.strip():
            base = page.url if page.url.startswith("http") else ""
            try:
                url = str(urljoin(base, place.strip()))
            except ValueError:
                continue
            if url.startswith(("http://", "https://")):
                return url
    return None


def language(root: html.HtmlElement) -> str | None:
    """The declared language of the page, as written."""
    found = root.get("lang") or root.get("xml:lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang")
    if not found:
        for meta in root.iter("meta"):
            key = (meta.get("http-equiv") or meta.get("property") or meta.get("name") or "").lower()
            if key in ("content-language", "og:locale", "language", "dc.language"):
                found = meta.get("content")
                break
    return found.strip() or None if found else None


def _from_head(root: html.HtmlElement) -> Iterator[Candidate]:
    for meta in root.iter("meta"):
        key = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
        value = " ".join((meta.get("content") or "").split())
        if key in META and value:
            origin = key if ":" in key else f"meta:{key}"
            yield Candidate(META[key], value[:2000], origin)
    for title in root.iter("title"):
        value = " ".join((title.text or "").split())
        if value and not any(p.tag == "svg" for p in title.iterancestors()):
            yield Candidate("title", value[:1000], "title")
            break


def _headings(root: html.HtmlElement) -> Iterator[Candidate]:
    for node in root.iter("h1"):
        yield Candidate("title", _text(node)[:MAX_VALUE], "h1")


def _from_scripts(root: html.HtmlElement) -> Iterator[Candidate]:
    """Times that a page hands to its own scripts; many pages print them only with their help."""
    for script in root.iter("script"):
        text = script.text or ""
        if len(text) < MAX_SCRIPT:
            for match in SCRIPT_VALUE.finditer(text):
                before = text[max(0, match.start() - NAME_REACH) : match.start()]
                if SCRIPT_NAME.search(before):
                    yield Candidate("published", match["value"], "script")


def _listed(node: html.HtmlElement) -> str:
    """Names that stand in elements of their own, divided as such."""
    parts = [" ".join(t.split()) for t in node.itertext("*") if t.strip()]
    if len(parts) > 1 and all(len(p.split()) > 1 for p in parts):
        return ", ".join(parts)
    return _text(node)


@lru_cache(maxsize=4096)
def _field_of(names: str) -> str | None:
    lower = names.lower()
    if not any(word in lower for word in CLASS_WORDS):
        return None
    return next((field for pattern, field in CLASSES if pattern.search(names)), None)


def near(marks: list[tuple[html.HtmlElement, int]], span: tuple[int, int]) -> tuple[Candidate, ...]:
    """What elements between two pieces say by their class, itemprop or rel."""
    found = []
    first, last = (bisect_left(marks, place, key=itemgetter(1)) for place in span)
    for node, _ in marks[first:last]:
        prop = node.get("itemprop")
        if prop and prop in ITEMPROP:
            found.append(Candidate(ITEMPROP[prop], _text(node)[:MAX_VALUE], "itemprop"))
        elif node.tag == "time":
            found.append(Candidate("published", _text(node)[:MAX_VALUE], "time"))
        elif node.tag == "a" and "author" in (node.get("rel") or "").split():
            found.append(Candidate("author", _text(node)[:MAX_VALUE], "rel"))
        elif len(node) < 12:
            names = f"{node.get('class') or ''} {node.get('id') or ''}"
            field = _field_of(names)
            if field:
                value = _listed(node) if field == "author" else _text(node)
                found.append(Candidate(field, value[:MAX_VALUE], "class"))
    return tuple(c for c in dict.fromkeys(found) if c.value and len(c.value) < 200)


def _from_rules(root: html.HtmlElement, rules: Rules) -> Iterator[Candidate]:
    for field, selectors in (
        ("title", rules.title),
        ("author", rules.author),
        ("published", rules.date),
        ("source", rules.source),
    ):
        for node in select(root, selectors):
            yield Candidate(field, _text(node)[:MAX_VALUE], "rules")


def collect(root: html.HtmlElement, articles: list[dict[str, Any]], rules: Rules) -> tuple[Candidate, ...]:
    """All candidates, the site's own rules first, then machine-made data, then the visible page."""
    found = [
        *_from_rules(root, rules),
        *structured.candidates(articles),
        *_from_head(root),
        *_headings(root),
        *_from_scripts(root),
    ]
    seen: dict[tuple[str, str, str], Candidate] = {}
    for candidate in found:
        if candidate.value:
            seen.setdefault((candidate.field, candidate.value, candidate.origin), candidate)
    return tuple(seen.values())[:400]
