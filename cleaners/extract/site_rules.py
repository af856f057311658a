"""What each of a site's own rules matched on a page: to try rules out, and to notice those in vain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import html as lxml_html

from cleaners.decoding import decode
from cleaners.extract.candidates import select
from cleaners.extract.parse import parse
from cleaners.extract.walk import walk
from cleaners.metadata.folding import fold
from cleaners.model import Page, Rejected, Rules

__all__ = ["Match", "in_vain", "matches", "phrase_matches", "try_rules"]

ALTERNATIVES = ("body", "title", "author", "date", "source")
"""Of these a page needs to have one: a site writes down all the forms that it knows."""
EACH = ("keep", "drop")
OPTIONAL = ("next_page",)
"""Most pages have no next one."""
SHOWN = 3
CHARS = 200


@dataclass(frozen=True, slots=True)
class Match:
    """What one rule matched: ``id`` is its key and place (``drop[1]``), ``texts`` the first few places.

    ``count`` is how many elements (of a phrase: lines) it matched. ``needed`` is false where nothing is
    wrong if it matches none: another form of the same rule did, or the page may do without.
    """

    id: str
    rule: str
    count: int
    texts: tuple[str, ...]
    needed: bool = True


def matches(root: lxml_html.HtmlElement, rules: Rules) -> tuple[Match, ...]:
    """What the selectors of ``rules`` match in a page, in the order of the keys."""
    return tuple(
        match
        for key in (*ALTERNATIVES, *EACH, *OPTIONAL)
        for match in _of_key(root, key, getattr(rules, key))
    )


def _of_key(root: lxml_html.HtmlElement, key: str, selectors: tuple[str, ...]) -> Iterator[Match]:
    found = [list(select(root, (selector,))) for selector in selectors]
    for number, (selector, nodes) in enumerate(zip(selectors, found, strict=True)):
        texts = tuple(_shown(node) for node in nodes[:SHOWN])
        needed = key in EACH or (key in ALTERNATIVES and not any(found))
        yield Match(f"{key}[{number}]", selector, len(nodes), texts, needed)


def _shown(node: lxml_html.HtmlElement) -> str:
    text = " ".join("".join(map(str, node.itertext("*"))).split())
    return (text or node.get("href") or node.get("content") or f"<{node.tag}>")[:CHARS]


def in_vain(found: tuple[Match, ...]) -> tuple[str, ...]:
    """The rules that matched nothing where they should have: id and rule."""
    return tuple(f"{match.id}: {match.rule}" for match in found if match.needed and not match.count)


def phrase_matches(lines: list[str], rules: Rules) -> tuple[Match, ...]:
    """The lines that have the words of each of ``rules.drop_phrases``."""
    if not rules.drop_phrases:
        return ()
    folded = [fold(line) for line in lines]
    found = []
    for number, phrase in enumerate(rules.drop_phrases):
        words = fold(phrase).strip()
        hits = [line for line, low in zip(lines, folded, strict=True) if words and words in low]
        texts = tuple(hit[:CHARS] for hit in hits[:SHOWN])
        found.append(Match(f"drop_phrases[{number}]", phrase, len(hits), texts))
    return tuple(found)


def try_rules(page: Page, rules: Rules) -> tuple[Match, ...]:
    """What each rule matches on a page; nothing on a page that can not be parsed. Total on any bytes."""
    rules = rules.at(page.fetched_at)
    root = parse(decode(page.body, page.content_type, rules.encoding).text, page)
    if isinstance(root, Rejected):
        return ()
    lines = [piece.raw for piece in walk(root).pieces]
    return matches(root, rules) + phrase_matches(lines, rules)
