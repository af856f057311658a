"""Mainland wording restored where a converter to Taiwan wording has damaged it.

Such converters replace words without looking at word borders (领域 becomes 领網域) or at
sense (竞业协议 becomes 競業協定). Some results are no words at all; the others are undone
only in a text whose author plainly writes mainland Chinese.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from cleaners.fixers.script import chinese_script, fold_script
from cleaners.language import is_chinese
from cleaners.model import Script

__all__ = ["restore_region"]

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


def restore_region(texts: list[str]) -> list[str]:
    """Undo damaged wording; every replacement is in the script of the texts."""
    gate, swaps, mainland, taiwan = _data()
    if not gate.search("\n".join(texts)) or not is_chinese(texts):
        return texts
    folded = [fold_script(text) for text in texts]
    whole = "\n".join(folded)
    ours = len(set(mainland.findall(whole))) >= _MIN_MAINLAND and not taiwan.search(whole)
    hant = chinese_script(texts) is Script.HANT
    active = [swap for swap in swaps if swap.anywhere or ours]
    return [_restore(text, low, active, hant) for text, low in zip(texts, folded, strict=True)]


def _restore(text: str, folded: str, swaps: list[_Swap], hant: bool) -> str:
    places = [
        (match.start(), match.end(), swap.hant if hant else swap.hans)
        for swap in swaps
        for match in swap.pattern.finditer(folded)
        if swap.near is None or swap.near.search(_sentence(folded, match.start()))
    ]
    for start, end, word in sorted(places, reverse=True):
        text = text[:start] + word + text[end:]
    return text


def _sentence(text: str, offset: int) -> str:
    low = max(0, offset - _REACH)
    start = max(low, *(text.rfind(mark, low, offset) + 1 for mark in "。！？!?\n"))
    match = _SENTENCE.match(text, start, offset + _REACH)
    return match[0] if match else ""


@cache
def _data() -> tuple[re.Pattern[str], tuple[_Swap, ...], re.Pattern[str], re.Pattern[str]]:
    raw = tomllib.loads((files("cleaners") / "data" / "region.toml").read_text(encoding="utf-8"))
    swaps = tuple(
        _Swap(
            re.compile(swap["pattern"]),
            re.compile(swap["near"]) if "near" in swap else None,
            swap.get("anywhere", False),
            swap["hans"],
            swap["hant"],
        )
        for swap in raw["swap"]
    )
    gate = re.compile("|".join(swap["gate"] for swap in raw["swap"]))
    return gate, swaps, re.compile("|".join(raw["mainland"])), re.compile("|".join(raw["taiwan"]))
