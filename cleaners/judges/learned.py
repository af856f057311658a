"""Lines that a site repeats from article to article, as its memory has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cleaners.judges.terms import terms
from cleaners.memory import Edge, Known, block_hash
from cleaners.metadata.folding import fold
from cleaners.metadata.titles import key
from cleaners.model import Document, Line

__all__ = ["RULE", "edges", "judge"]

RULE = "learned.recurring@1"
HEAD = 4
TAIL = 12
"""Lines looked at, at the beginning and at the end. A line in the middle is the author's, however often
it recurs: a heading of a column, a quotation. Links in the middle are the extraction's business."""
MIN_LETTERS = 4
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
LEFT_LETTERS = 10
TITLE_TERMS = 2


def edges(document: Document) -> tuple[Edge, ...]:
    """The lines of an article that may turn out to be the site's, in page order."""
    return tuple(Edge(hash_, letters) for _, hash_, letters in _keyed(document.lines))


def judge(document: Document, known: Sequence[Known]) -> Mapping[int, Known]:
    """The lines that the site repeats at the end of the article, and at its beginning.

    Those at the beginning need to stand on nearly all articles, because introductions and names of
    columns stand there. A line that takes words of the title up stays, and so does a whole article of
    known lines: it is a copy.
    """
    by_hash = {one.hash: one for one in known}
    found = {i: by_hash[hash_] for i, hash_, _ in _keyed(document.lines) if hash_ in by_hash}
    if not found:
        return {}
    subject = _subject(document)
    words = {i: terms(document.lines[i].folded) for i in found}
    marked = {i: one for i, one in found.items() if len(words[i] & subject) < TITLE_TERMS}
    gone = _at_end(document.lines, marked) | _at_start(document.lines, marked)
    left = sum(len(key(line.folded)) for i, line in enumerate(document.lines) if i not in gone)
    if left < LEFT_LETTERS or all(i in found for i in range(len(document.lines)) if i not in gone):
        return {}
    return {document.lines[i].index: marked[i] for i in sorted(gone)}


def _keyed(lines: Sequence[Line]) -> list[tuple[int, int, int]]:
    """(place in ``lines``, hash, letters) of the lines where a template could stand."""
    places = sorted({*range(min(HEAD, len(lines))), *range(max(0, len(lines) - TAIL), len(lines))})
    keys = ((i, key(lines[i].folded)) for i in places)
    return [(i, block_hash(letters), len(letters)) for i, letters in keys if len(letters) >= MIN_LETTERS]


def _at_end(lines: Sequence[Line], marked: Mapping[int, Known]) -> set[int]:
    gone: set[int] = set()
    for i in range(len(lines) - 1, -1, -1):
        if i not in marked:
            if len(key(lines[i].folded)) >= MIN_LETTERS:
                break
            continue
        gone.add(i)
    return gone


def _at_start(lines: Sequence[Line], marked: Mapping[int, Known]) -> set[int]:
    gone: set[int] = set()
    for i, line in enumerate(lines):
        if i not in marked or not marked[i].firm or line.tag in HEADINGS:
            break
        gone.add(i)
    return gone


def _subject(document: Document) -> set[str]:
    """The words that all versions of the title share: without the site's name behind it."""
    titles = [terms(fold(title)) for title in document.titles]
    shared = set.intersection(*titles) if titles else set()
    return shared - terms(fold(document.site_name or ""))
