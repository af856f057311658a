"""Signs of where the article stands: its title's place and its topic's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import add

from cleaners.extract.hints import Hint
from cleaners.extract.measure import squeeze
from cleaners.extract.score import Scored

__all__ = ["REACH", "Anchors", "find"]

RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,}")
WORD = re.compile(r"[^\W\d_]{4,}|\d{2,}")
NOT_WORD = re.compile(r"[\W_]+")
WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
QUOTED = re.compile("《([^《》]{4,120})》")
STEM = 5
"""Letters of a word that count: endings change, and German joins words."""
REACH = 60
"""Pieces below the title within which the article starts."""
LEADS_TO = 0.02
"""Share of the page's prose that stands below its title, at least."""
ELSEWHERE = int(Hint.FOOT | Hint.NAV | Hint.ASIDE | Hint.RELATED | Hint.COMMENT)
OPENING = 24
"""Letters of the description that a lead paragraph must share."""


def terms(text: str) -> set[str]:
    """Pairs of wide characters and the beginnings of longer words: what a text is about."""
    text = text.lower()
    if not WIDE.search(text):
        return {w[:STEM] for w in WORD.findall(text)}
    found: set[str] = set()
    for run in RUN.findall(text):
        found.update(map(add, run, run[1:]))
    found.update(w[:STEM] for w in WORD.findall(text) if not WIDE.search(w))
    return found


def _key(text: str) -> str:
    return NOT_WORD.sub("", text).lower()


@dataclass(frozen=True, slots=True)
class Anchors:
    """``heading`` is the index of the piece that shows the title, if any; ``relevance`` of each
    piece is how much it talks of what title and description name, 0 to 1."""

    heading: int | None
    relevance: list[float]


def _heading(scored: Scored, titles: Sequence[str]) -> int | None:
    pieces = scored.layout.pieces
    keys = [k for t in titles if len(k := _key(t)) >= 4]
    if not keys:
        return None
    best: tuple[int, int] | None = None
    shortest, longest = min(map(len, keys)), min(250, 3 * max(map(len, keys)) + 20)
    for index, piece in enumerate(pieces):
        if not shortest <= 3 * len(piece.raw) <= 3 * longest:
            continue  # a word of the title in a menu, or far more than the title
        own = _key(piece.raw)
        if len(own) < 4 or not any(
            own in k or (len(k) >= 8 and k in own and len(own) < 1.5 * len(k)) for k in keys
        ):
            continue
        if len(own) * 3 < shortest:
            continue
        rank = {"h1": 0, "h2": 1, "h3": 2}.get(piece.tag, 3) + (
            2 if piece.link_chars > len(piece.raw) / 2 else 0
        )
        below = scored.prose_sums[min(len(pieces), index + REACH)] - scored.prose_sums[index + 1]
        if below < LEADS_TO * scored.prose_sums[-1]:
            continue
        if scored.hints[index] & ELSEWHERE:
            rank += 4
        if best is None or rank < best[0]:
            best = (rank, index)
    return best[1] if best else None


def _unquoted(text: str, titles: Sequence[str]) -> str:
    """``text`` without the page's title in quotation marks: who quotes it talks about the article."""
    if "《" not in text:
        return text
    return QUOTED.sub(lambda m: "" if any(_key(m[1]) in title for title in titles) else m[0], text)


def find(scored: Scored, titles: Sequence[str], descriptions: Iterable[str]) -> Anchors:
    """Look for the title among the pieces and measure every long piece's topic."""
    pieces = scored.layout.pieces
    heading = _heading(scored, titles)
    topic: set[str] = set()
    for title in titles:
        topic |= terms(title)
    keys = [k for t in titles if len(k := _key(t)) >= 4]
    leads = [squeeze(d)[:OPENING] for d in descriptions if len(squeeze(d)) >= OPENING]
    for description in descriptions:
        topic |= terms(description)
    relevance = []
    for piece, prose in zip(pieces, scored.prose, strict=True):
        if not prose or not topic:
            relevance.append(0.0)
            continue
        own = terms(_unquoted(piece.raw[:600], keys))
        shared = len(own & topic)
        value = min(1.0, 4 * shared / (len(own) + 8))
        if leads and len(piece.raw) >= OPENING:
            start = squeeze(piece.raw[:400])
            if any(lead in start for lead in leads):
                value = min(1.0, value + 0.3)
        relevance.append(value)
    return Anchors(heading, relevance)
