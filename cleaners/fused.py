"""Two articles in one page: where the second one begins. Nothing is cut; the article is flagged.

Two signs count. A headline with a byline of its own in the middle of the text; and a text in
traditional script that goes on in simplified script, or the other way round.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from cleaners.fixers.script import script_signs
from cleaners.judges.byline import names_its_makers
from cleaners.metadata.titles import key
from cleaners.model import Document, Line

__all__ = ["Seam", "seams"]

HEADLINE = "fused.headline@1"
SCRIPT = "fused.script@1"
LETTERS = (8, 45)
WORDS = (4, 20)
PROSE = 20
BODY = 50
"""Letters of prose that an article has at least, on either side of a seam."""
MOST = 2
"""Headlines with bylines in one page; more of them make a digest, a page of letters, a live blog."""
SIGNS = 12
PURE = 0.9
SCRIPT_LINES = 2
END = re.compile(r"[.。！!？?；;…][”’」』）)]*$")
NO_HEADLINE = re.compile(r"[。；;，,：:、]$|^\s*(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．]|[【■●▲◆•·])")
QUOTED = re.compile(r"“[^”]*”|「[^」]*」|『[^』]*』|《[^》]*》|\"[^\"]*\"")
LATIN = re.compile(r"[A-Za-zÀ-ɏ]+")


@dataclass(frozen=True, slots=True)
class Seam:
    """Where another article begins: at the block ``index``."""

    index: int
    rule: str
    evidence: str


def seams(document: Document, kept: frozenset[int]) -> tuple[Seam, ...]:
    """The places where another article begins; ``kept`` are the indexes of the lines that are text."""
    text = [line for line in document.lines if line.index in kept]
    return (*_headlines(document), *_script(text))


def _headlines(document: Document) -> tuple[Seam, ...]:
    lines = document.lines
    titles = {key(title) for title in document.titles}
    letters = [0, *accumulate(_prose(line) for line in lines)]
    found, pairs = [], 0
    for i in range(1, len(lines) - 1):
        under = _byline_under(lines, i)
        if under is None:
            continue
        pairs += 1
        enough = min(letters[i], letters[-1] - letters[i]) >= BODY
        if enough and key(lines[i].folded) not in titles:
            evidence = f"{lines[i].text[:80]} / {lines[under].text[:80]}"
            found.append(Seam(lines[i].index, HEADLINE, evidence))
    return tuple(found) if pairs <= MOST else ()


def _byline_under(lines: Sequence[Line], i: int) -> int | None:
    """The place of the byline below line ``i``, if that is a headline, with a subtitle at most between."""
    if not _is_headline(lines[i]) or _is_headline(lines[i - 1]):
        return None
    if names_its_makers(lines[i + 1]):
        return i + 1
    if i + 2 < len(lines) and _is_headline(lines[i + 1]) and names_its_makers(lines[i + 2]):
        return i + 2
    return None


def _prose(line: Line) -> int:
    letters = len(key(line.folded))
    return letters if letters >= PROSE and END.search(line.text.rstrip()) else 0


def _is_headline(line: Line) -> bool:
    text = line.text.strip()
    if NO_HEADLINE.search(text) or line.tag in ("li", "tr", "td") or line.link_chars > len(text) / 2:
        return False
    words = len(LATIN.findall(text))
    size = len(key(line.folded))
    fits = WORDS[0] <= words <= WORDS[1] if words > size / 8 else LETTERS[0] <= size <= LETTERS[1]
    return fits and not text.endswith(".") and not names_its_makers(line)


def _script(lines: Sequence[Line]) -> tuple[Seam, ...]:
    """The one place where the script changes for good. What is quoted does not count."""
    if min(script_signs("".join(line.text for line in lines))) < SIGNS:
        return ()  # which is so in most texts, and quick to see
    signs = [script_signs(QUOTED.sub("", line.text)) for line in lines]
    olds = [0, *accumulate(old for old, _ in signs)]
    news = [0, *accumulate(new for _, new in signs)]
    for i in range(SCRIPT_LINES, len(lines) - SCRIPT_LINES + 1):
        before, after = (olds[i], news[i]), (olds[-1] - olds[i], news[-1] - news[i])
        if signs[i - 1] == (0, 0) and i > SCRIPT_LINES:
            continue  # a line without a sign belongs to what follows
        for first, second in ((0, 1), (1, 0)):
            if _is_pure(before, first) and _is_pure(after, second) and _starts(signs[i:], second):
                names = ("traditional", "simplified")
                evidence = (
                    f"from {names[first]} to {names[second]} script ({before[first]}, {after[second]} signs)"
                )
                return (Seam(lines[i].index, SCRIPT, evidence),)
    return ()


def _is_pure(signs: tuple[int, int], script: int) -> bool:
    return signs[script] >= SIGNS and signs[script] >= PURE * sum(signs)


def _starts(signs: Sequence[tuple[int, int]], script: int) -> bool:
    first = next((pair for pair in signs if pair != (0, 0)), (0, 0))
    return first[script] > first[1 - script]
