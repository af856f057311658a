"""Mainland wording restored where a converter to Taiwan wording has damaged it.

Such converters replace words without looking at word borders (领域 becomes 领網域) or at
sense (竞业协议 becomes 競業協定). Some results are no words at all; the others are undone
only in a text whose author plainly writes mainland Chinese.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from cleaners.fixers.script import chinese_script, fold_script
from cleaners.language import is_chinese
from cleaners.model import Script
from cleaners.sieve import holding

__all__ = ["may_be_moved", "restore_region"]

_SENTENCE = re.compile("[^。！？!?\n]*")
_REACH = 120  # characters to either side that may belong to the sentence
_MIN_MAINLAND = 3  # different mainland words, and none of Taiwan beside them


@dataclass(frozen=True, slots=True)
class _Swap:
    pattern: re.Pattern[str]
    near: re.Pattern[str] | None
    anywhere: bool
    hans: str
    hant: str


@dataclass(frozen=True, slots=True)
class _Data:
    wrong: re.Pattern[str]
    """Any word that a swap may replace, in either script."""
    swaps: dict[str, list[_Swap]]
    """The swaps of each such word."""
    mainland: re.Pattern[str]
    taiwan: re.Pattern[str]


class _Place(NamedTuple):
    start: int
    end: int
    swap: _Swap


def may_be_moved(text: str) -> bool:
    """Whether ``text`` has a word where :func:`restore_region` may replace it."""
    return next(_places(text), None) is not None


def restore_region(texts: list[str]) -> list[str]:
    """Undo damaged wording; every replacement is in the script of the texts."""
    places: list[list[_Place]] = [[] for _ in texts]
    for i in holding(texts, may_be_moved):
        places[i] = list(_places(texts[i]))
    if not any(places) or not is_chinese(texts):
        return texts
    if not all(place.swap.anywhere for own in places for place in own) and not _is_mainland(texts):
        places = [[place for place in own if place.swap.anywhere] for own in places]
    hant = chinese_script(texts) is Script.HANT
    return [_replaced(text, own, hant) if own else text for text, own in zip(texts, places, strict=True)]


def _places(text: str) -> Iterator[_Place]:
    """Yield the places where a word stands in one of its contexts."""
    data = _data()
    begin = end = 0  # of the line that is looked at
    folded = ""
    swaps: dict[str, list[_Swap]] = {}
    for match in data.wrong.finditer(text):
        start, word = match.start(), match[0]
        if start >= end:
            begin = text.rfind("\n", 0, start) + 1
            end = text.find("\n", start)
            end = end if end >= 0 else len(text)
            folded, swaps = fold_script(text[begin:end]), {}
        if word not in swaps:
            fitting = data.swaps[word]
            swaps[word] = [swap for swap in fitting if swap.near is None or swap.near.search(folded)]
        swap = _swap(folded, start - begin, swaps[word])
        if swap:
            yield _Place(*match.span(), swap)


def _swap(folded: str, start: int, swaps: list[_Swap]) -> _Swap | None:
    """The swap among those of a word that fits its place."""
    for swap in swaps:
        if swap.pattern.match(folded, start) and (
            swap.near is None or swap.near.search(_sentence(folded, start))
        ):
            return swap
    return None


def _is_mainland(texts: list[str]) -> bool:
    """Whether the other words of the texts are those of a mainland author."""
    data = _data()
    whole = fold_script("\n".join(texts))
    return len(set(data.mainland.findall(whole))) >= _MIN_MAINLAND and not data.taiwan.search(whole)


def _replaced(text: str, places: list[_Place], hant: bool) -> str:
    out: list[str] = []
    done = 0
    for start, end, swap in places:
        out += (text[done:start], swap.hant if hant else swap.hans)
        done = end
    return "".join(out) + text[done:]


def _sentence(text: str, offset: int) -> str:
    low = max(0, offset - _REACH)
    start = max(low, *(text.rfind(mark, low, offset) + 1 for mark in "。！？!?\n"))
    match = _SENTENCE.match(text, start, offset + _REACH)
    return match[0] if match else ""


@cache
def _data() -> _Data:
    raw = tomllib.loads((files("cleaners") / "data" / "region.toml").read_text(encoding="utf-8"))
    swaps: dict[str, list[_Swap]] = {}
    for entry in raw["swap"]:
        hans, hant = entry["wrong"]
        swap = _Swap(
            _pattern(hans, entry),
            re.compile(entry["near"]) if "near" in entry else None,
            entry.get("anywhere", False),
            *entry["right"],
        )
        for word in {hans, hant}:
            swaps.setdefault(word, []).append(swap)
    wrong, mainland, taiwan = map(_any_of, (swaps, raw["mainland"], raw["taiwan"]))
    return _Data(wrong, swaps, mainland, taiwan)


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(words, key=len, reverse=True)))


def _pattern(word: str, entry: dict[str, list[str]]) -> re.Pattern[str]:
    """The word where its neighbours are those of ``entry``; the word leads, because that is quick to find."""
    behind = "|".join(f"(?<={before}{word})" for before in entry.get("after", ()))
    ahead = "|".join(entry.get("before", ()))
    return re.compile(word + (f"(?:{behind})" if behind else "") + (f"(?={ahead})" if ahead else ""))
