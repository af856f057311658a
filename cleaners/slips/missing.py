"""Places where a character is missing: characters that GBK lacks, which the sites dropped without a trace.

PDF converters write radicals (U+2F00 and others) for characters: of 从事⼤模型相关⼯作 an annotation site
makes 從事模型相關作. One copy alone cannot tell what stood there, so that nothing is put back: the
place is pointed out. The language model must find the line much likelier with one of those
characters in it, and the page's own words must not speak against it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

from cleaners.slips.choices import Choice
from cleaners.slips.contexts import Context
from cleaners.slips.language import END, Language, general
from cleaners.slips.ngrams import chinese

_SURPRISING = 60  # cost of a character before which one may be missing
_SLACK = 25  # by how much two characters alone may speak against it
_USUAL = 90  # cost of what often follows a character
_AHEAD = 3  # how far the line is read on
_ENOUGH = 50  # tenths of nats by which the line is likelier
_SEVERAL = 25  # the same where there are two such places in a line
_SEEN, _WORD_AFTER, _WORD_BEFORE = 20, 15, 10  # what the page's own words add
_NO_LIMIT = 100_000
_TIMES, _SHARE = 3, 0.2  # so often, and in so many of a character's places, a pair is a word of the page
_REPEATED = 2  # a pair that stands on the page as often is no accident


class _Page(NamedTuple):
    """How often one, two and three characters in a row stand on the page.

    ``words`` are the characters that may be missing before others that they often stand before here.
    """

    counts: tuple[Counter[str], Counter[str], Counter[str]]
    words: dict[str, str]

    def word(self, pair: str, char: str) -> bool:
        """Say whether ``pair`` is what ``char`` often stands in on this page."""
        times = self.counts[1][pair]
        return times >= _TIMES and times >= _SHARE * self.counts[0][char]

    def support(self, before: str, char: str, after: str) -> int:
        """Return what the page's words add to the likelihood of ``char`` between the two."""
        a, b = before[-1], after[0]
        seen = before[-2:] + char, a + char + b, char + after[:2]
        gain = _SEEN if any(len(gram) == 3 and self.counts[2][gram] for gram in seen) else 0
        gain += _WORD_AFTER if self.word(char + b, b) else 0
        return gain + (_WORD_BEFORE if self.word(a + char, a) else 0)


@cache
def _droppable() -> Choice:
    """The characters that radicals stand for."""
    data = files("cleaners").joinpath("data", "radicals.json").read_text("utf-8")
    table: Mapping[str, str] = json.loads(data)["characters"]
    return Choice(sorted({char for char in table.values() if len(char) == 1}))


def missing(lines: Sequence[str | None], *, traditional: bool) -> list[tuple[int, ...]]:
    """Return for each line of a page before which of its characters one is missing.

    Lines that are None are passed over. Time is linear in the length of the lines.
    """
    language = general(traditional=traditional)
    grams = (Counter[str](), Counter[str](), Counter[str]())
    for line in lines:
        if line is not None:
            for length, counter in enumerate(grams, 1):
                counter.update([line[i : i + length] for i in range(len(line) - length + 1)])
    page = _Page(grams, {})
    droppable = set(_droppable().all)
    for pair, times in grams[1].items():
        if times >= _TIMES and pair[0] in droppable and page.word(pair, pair[1]):
            page.words[pair[1]] = page.words.get(pair[1], "") + pair[0]
    return [() if line is None else _places(language, page, line) for line in lines]


def _places(language: Language, page: _Page, line: str) -> tuple[int, ...]:
    pairs = page.counts[1]
    found: dict[int, int] = {}
    for place in range(1, len(line)):
        pair = line[place - 1 : place + 1]
        if pairs[pair] < _REPEATED and (gain := _gain(language, page, line, place)):
            found[place] = gain
    least = _SEVERAL if len(found) > 1 else _ENOUGH
    return tuple(place for place, gain in found.items() if gain >= least)


@lru_cache(maxsize=20_000)
def _between(pair: str) -> str:
    """Return the characters that, by the two of ``pair`` alone, may be missing between them."""
    model = chinese()
    before, after = model.ids.get(pair[0], -1), model.ids.get(pair[1], -1)
    if before < 0 or after < 0:
        return ""
    shown = model.cost(model.place((before,)), after)
    if shown < _SURPRISING:
        return ""
    costs, chars = _droppable_after(before), _droppable().by_number
    likely = [n for n, cost in _words().get(after, ()) if costs.get(n, _NO_LIMIT) + cost <= shown + _SLACK]
    return "".join(chars[number][-1] for number in likely)


@lru_cache(maxsize=2_000)
def _droppable_after(before: int) -> Mapping[int, int]:
    """Return the costs of the characters that may be missing after one, by their numbers."""
    model = chinese()
    return model.weighed(model.place((before,)), _droppable().numbers, ())


@cache
def _words() -> Mapping[int, list[tuple[int, int]]]:
    """Return the characters that may be missing and what each costs, by the numbers of what often follows."""
    model = chinese()
    found: dict[int, list[tuple[int, int]]] = {}
    for char in sorted(_droppable().numbers):
        for following, cost in model.followers(char).items():
            if cost <= _USUAL:
                found.setdefault(following, []).append((char, cost))
    return found


def _gain(language: Language, page: _Page, line: str, place: int) -> int:
    """Return by how much the line is likelier with a character put in, at best; 0 if it hardly is."""
    chars = _between(language.fold(line[place - 1 : place + 1])) + page.words.get(line[place], "")
    if not chars:
        return 0
    start = language.at(language.fold(END + line[max(0, place - 3) : place]))
    if language.cost_at(start, line[place]) < _SURPRISING:
        return 0
    ahead = line[place : place + _AHEAD]
    shown = _cost(language, start, ahead, _NO_LIMIT)
    best = _SEVERAL - 1
    for char in dict.fromkeys(chars):
        cost = language.cost_at(start, char) - page.support(line[max(0, place - 2) : place], char, ahead)
        limit = shown - cost - best
        if limit > 0:
            best = max(best, shown - cost - _cost(language, language.after(start, char), ahead, limit))
    return best if best >= _SEVERAL else 0


def _cost(language: Language, context: Context, text: str, limit: int) -> int:
    """Return the cost of ``text`` at ``context``, or some number from ``limit`` on if it is more."""
    cost = language.cost_at(context, text[0])
    for before, char in pairwise(text):
        if cost >= limit:
            break
        context = language.after(context, before)
        cost += language.cost_at(context, char)
    return cost
