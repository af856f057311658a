"""Articles that a page keeps in its scripts, as markup in a string, and shows with their help only."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape, unescape

from lxml import html

from cleaners.extract import structured
from cleaners.extract.measure import units
from cleaners.extract.parse import parse
from cleaners.model import Page, Rejected

__all__ = ["embedded"]

SHORTEST = 80
"""Characters of a string that may be an article."""
MAX_SCRIPT = 2_000_000
MAX_STRINGS = 400
DEPTH = 2
"""Strings in strings: data that a page hands over as JSON in a string."""
STRING = re.compile(rf'"((?:[^"\\]|\\.){{{SHORTEST},}}?)"', re.DOTALL)
MARKUP = re.compile(r"<(?:p|br|div)\b", re.IGNORECASE)
ESCAPED = re.compile(r"&lt;(?:p|br|div)\b", re.IGNORECASE)
TAG = re.compile(r"<[^<>]*>")
FEWEST = 200.0
"""Letters: a shorter text is a notice or a teaser."""


def _strings(text: str, depth: int) -> Iterator[str]:
    """The long strings of a script, those inside them included."""
    for count, match in enumerate(STRING.finditer(text)):
        if count >= MAX_STRINGS:
            return
        try:
            value = json.loads(f'"{match[1]}"', strict=False)
        except ValueError:
            continue
        yield unescape(value) if ESCAPED.search(value) else value
        if depth > 1 and '"' in value:
            yield from _strings(value, depth - 1)


def _paragraphs(markup: str) -> float:
    """Letters of text, if the string is markup from its first letters on and no data around it."""
    start = MARKUP.search(markup)
    if not start or start.start() > SHORTEST or markup.lstrip()[:1] in "{[":
        return 0.0
    return units(TAG.sub("", markup))


def _stated(root: html.HtmlElement) -> str:
    """The body that the page states for machines, line by line."""
    bodies = structured.article_bodies(structured.articles(root))
    lines = (" ".join(line.split()) for line in (bodies[0] if bodies else "").splitlines())
    return "".join(f"<p>{escape(line)}</p>" for line in lines if line)


def embedded(root: html.HtmlElement, page: Page) -> html.HtmlElement | None:
    """The tree of the longest body in the page's scripts, JSON-LD or markup in a string, if there is one."""
    best = _stated(root)
    most = max(FEWEST, units(TAG.sub("", best)))
    for script in root.iter("script"):
        text = script.text or ""
        if len(text) < SHORTEST or len(text) > MAX_SCRIPT:
            continue
        for markup in _strings(text, DEPTH):
            size = _paragraphs(markup)
            if size > most:
                best, most = markup, size
    tree = parse(f"<article>{best}</article>", page) if best else None
    return None if tree is None or isinstance(tree, Rejected) else tree.find(".//article")
