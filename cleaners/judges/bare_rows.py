"""Lists of other articles that lost their links and bullets: headlines as bare lines under the text.

Poems, lists of the article's own items, questions, fields and signatures end articles too, so
that every sign is asked for at once: the shape of headlines, the end of the page, words that
the text does not know, and rows that do not even know each other's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from cleaners.judges.phrases import by_lexicon
from cleaners.judges.terms import terms
from cleaners.lexicon import table
from cleaners.model import Document, Line

__all__ = ["judge"]

ENDS = re.compile(r"[。.!…;,、:」』)\]—]\W*$|[\"”’]$")
PARTED = re.compile(r"\w[,:\s]+[\"“‘「『《]?\w")
LABELLED = re.compile(r"^[^\W\d_]{1,6}\s*[:]|^\W*\d|^第?[一二三四五六七八九十]+[、.期届章等名\s]|^《")
PERSONAL = re.compile(r"[?]$|我|你|您|她的|他的|\b(?:i|my|me|you|your|we|our)\b")
INTRODUCES = re.compile(r"[:]\s*$")
AFTER = ("chrome", "related", "notice")
MOST_AFTER = 12


def _is_row(line: Line, limits: Mapping[str, float]) -> bool:
    size = len(line.text)
    shaped = limits["bare_shortest"] <= size <= limits["bare_longest"]
    return shaped and line.tag in ("p", "div", "li") and not ENDS.search(line.folded)


def _last_run(document: Document, limits: Mapping[str, float]) -> list[Line]:
    """The last run of rows, if only what other judges drop stands after it."""
    gone = {i for name in AFTER for i in by_lexicon(name)(document)}
    run: list[Line] = []
    skipped = 0
    for line in reversed(document.lines):
        if line.index in gone:
            skipped += 1
            if run or skipped > MOST_AFTER:
                break
        elif _is_row(line, limits):
            run.append(line)
        else:
            break
    return run[::-1]


def _cohesion(rows: Sequence[set[str]]) -> float:
    count = Counter(term for row in rows for term in row)
    return sum(n > 1 for n in count.values()) / (len(count) or 1)


def _shaped(run: Sequence[Line], limits: Mapping[str, float]) -> bool:
    number = len(run)
    lengths = Counter(len(line.text) for line in run)
    personal = sum(bool(PERSONAL.search(line.folded)) for line in run)
    return (
        number >= limits["bare_rows"]
        and sum(len(line.text) for line in run) >= limits["bare_mean"] * number
        and sum(bool(PARTED.search(line.folded)) for line in run) >= limits["bare_parted"] * number
        and sum(bool(LABELLED.search(line.folded)) for line in run) < limits["bare_labelled"] * number
        and max(lengths.values()) <= limits["bare_even"] * number
        and personal < limits["bare_personal"] * number
    )


def judge(document: Document) -> Mapping[int, str]:
    """The run of bare headlines that ends the page, if there is one."""
    limits = table("headlines")
    lines = document.lines
    if sum(_is_row(line, limits) for line in lines[-MOST_AFTER * 2 :]) < limits["bare_rows"]:
        return {}
    run = _last_run(document, limits)
    if not _shaped(run, limits) or any(re.search(limits["roundup"], t.lower()) for t in document.titles):
        return {}
    body = [line for line in lines if line.index < run[0].index]
    if not body or INTRODUCES.search(body[-1].folded):
        return {}
    known = set().union(*(terms(line.folded) for line in body), *map(terms, document.titles))
    rows = [terms(line.folded) for line in run]
    total = sum(map(len, rows)) or 1
    shared = sum(len(row & known) for row in rows) / total
    cohesion = _cohesion(rows)
    if shared > limits["bare_known"] or cohesion > limits["bare_cohesion"]:
        return {}
    strange = not cohesion and shared <= limits["bare_strange"]
    share = limits["bare_share_strange" if strange else "bare_share"]
    if sum(len(line.text) for line in run) > share * sum(len(line.text) for line in body):
        return {}
    return {line.index: "headlines.bare@1" for line in run}
