"""JSON-LD: what a page says about its article in a form made for machines."""

from __future__ import annotations

import html as entities
import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import html

from cleaners.model import Candidate

__all__ = ["article_bodies", "articles", "candidates"]

MAX_CHARS = 2_000_000
MAX_NODES = 5_000
ARTICLE = re.compile(r"article|posting|report|review|analysis|^webpage$", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x1f]+")


def _load(text: str) -> Any:
    text = text.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    if not text or len(text) > MAX_CHARS:
        return None
    for attempt in (text, CONTROL.sub(" ", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    """All objects in page order, inner ones after the outer, without recursion."""
    queue: list[Any] = [data]
    for _ in range(MAX_NODES):
        if not queue:
            return
        item = queue.pop(0)
        if isinstance(item, list):
            queue[:0] = item
        elif isinstance(item, dict):
            yield item
            queue += [
                v
                for k, v in item.items()
                if k in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement")
            ]


def _kinds(node: dict[str, Any]) -> str:
    kind = node.get("@type")
    return " ".join(str(k) for k in kind) if isinstance(kind, list) else str(kind or "")


def _is_article(node: dict[str, Any]) -> bool:
    named = any(ARTICLE.search(kind) for kind in _kinds(node).split())
    return named and bool(node.get("headline", node.get("datePublished")))


def articles(root: html.HtmlElement) -> list[dict[str, Any]]:
    """Objects of the page's JSON-LD that describe an article; news articles before web pages."""
    found: list[dict[str, Any]] = []
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            found += filter(_is_article, _nodes(_load(script.text or "")))
    return sorted(found, key=lambda n: "webpage" in _kinds(n).lower())


def article_bodies(nodes: list[dict[str, Any]]) -> list[str]:
    """The texts that the page itself calls the body, without markup."""
    bodies = [n["articleBody"] for n in nodes if isinstance(n.get("articleBody"), str)]
    return [re.sub(r"<[^<>]+>", "\n", entities.unescape(b)) for b in bodies if len(b) > 40]


def _names(value: Any, key: str = "name") -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return _names(value.get(key))
    if isinstance(value, list):
        return [n for v in value[:50] for n in _names(v, key)]
    return []


FIELDS = {
    "headline": "title",
    "alternativeHeadline": "subtitle",
    "datePublished": "published",
    "dateModified": "modified",
    "description": "description",
    "articleSection": "section",
    "keywords": "tags",
    "author": "author",
    "editor": "editor",
    "publisher": "site_name",
    "inLanguage": "language",
    "isAccessibleForFree": "access",
    "sourceOrganization": "source",
}


def candidates(nodes: list[dict[str, Any]]) -> list[Candidate]:
    """Values for the metadata, in the order of the nodes."""
    result = []
    for node in nodes:
        for key, field in FIELDS.items():
            value = node.get(key)
            if isinstance(value, bool):
                value = str(value).lower()
            for text in _names(value, "alternateName" if field == "language" else "name"):
                clean = " ".join(entities.unescape(text).split())
                if clean:
                    result.append(Candidate(field, clean[:2000], "json-ld"))
    return result
