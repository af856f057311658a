"""Every place where a page states something about its article, as candidates for the metadata."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any
from urllib.parse import urljoin

from cssselect import SelectorError
from lxml import html

from cleaners.extract import structured
from cleaners.model import Candidate, Page, Rules

__all__ = ["canonical", "collect", "language", "select"]

DATA: dict[str, Any] = tomllib.loads((files("cleaners") / "data" / "meta_places.toml").read_text("utf-8"))
META: dict[str, str] = {name: field for field, names in DATA["meta"].items() for name in names}
ITEMPROP: dict[str, str] = {name: field for field, names in DATA["itemprop"].items() for name in names}
CLASSES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"(?:^|[\s_-])(?:{'|'.join(names)})(?:$|[\s_-])", re.IGNORECASE), field)
    for field, names in DATA["classes"].items()
)
MAX_VALUE = 400


def _text(node: html.HtmlElement) -> str:
    for attribute in ("content", "datetime"):
        value = node.get(attribute)
        if value and value.strip():
            return " ".join(value.split())
    return " ".join("".join(node.itertext("*")).split()) if len(node) < 50 else ""


def select(root: html.HtmlElement, selectors: tuple[str, ...]) -> Iterator[html.HtmlElement]:
    """Elements that any of the CSS selectors matches; a selector that is none matches nothing."""
    for selector in selectors:
        try:
            yield from root.cssselect(selector)
        except SelectorError:
            continue


def canonical(root: html.HtmlElement, page: Page) -> str | None:
    """The page's own word on its address, absolute; http(s) only."""
    places = [n.get("href") for n in root.iter("link") if "canonical" in (n.get("rel") or "").lower().split()]
    places += [n.get("content") for n in root.iter("meta") if (n.get("property") or n.get("name")) == "og:url"]
    for place in places:
        if place and place.strip():
            base = page.url if page.url.startswith("http") else ""
            try:
                url = urljoin(base, place.strip())
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


def _from_body(root: html.HtmlElement) -> Iterator[Candidate]:
    for node in root.iter("h1", "time", "span", "div", "p", "a", "em", "i", "li", "h2", "strong", "address", "b"):
        tag = node.tag
        if tag == "h1":
            yield Candidate("title", _text(node)[:MAX_VALUE], "h1")
        elif tag == "time":
            yield Candidate("published", _text(node)[:MAX_VALUE], "time")
            continue
        prop = node.get("itemprop")
        if prop and prop in ITEMPROP:
            yield Candidate(ITEMPROP[prop], _text(node)[:MAX_VALUE], "itemprop")
        elif tag == "a" and "author" in (node.get("rel") or "").split():
            yield Candidate("author", _text(node)[:MAX_VALUE], "rel")
        names = f"{node.get('class') or ''} {node.get('id') or ''}"
        if len(names) > 1 and len(node) < 12:
            for pattern, field in CLASSES:
                if pattern.search(names):
                    yield Candidate(field, _text(node)[:MAX_VALUE], "class")
                    break


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
    found = [*_from_rules(root, rules), *structured.candidates(articles), *_from_head(root), *_from_body(root)]
    seen: dict[tuple[str, str, str], Candidate] = {}
    for candidate in found:
        if candidate.value:
            seen.setdefault((candidate.field, candidate.value, candidate.origin), candidate)
    return tuple(seen.values())[:400]
