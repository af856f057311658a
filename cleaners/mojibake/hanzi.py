"""How likely a character is after another in Chinese text: a small character bigram model.

The figures come from ``cleaners/data/hanzi.txt.xz`` (see ``cleaners/data/hanzi.md`` for source
and licence). They are counts inside dictionary words; what follows the end of a word is taken
as independent of it: P(b|a) = (pairs(ab) + ends(a) * starts(b) / words) / count(a). Traditional
characters are looked up as their simplified forms, so that both scripts share the pairs.
"""

from __future__ import annotations

import lzma
import re
from functools import lru_cache
from importlib.resources import files
from math import log

__all__ = ["FLOOR", "MARKS", "Hanzi", "hanzi"]

FLOOR = -16.0
"""Log probability of a character that real text hardly ever has."""

MARKS = {
    "，": 0.06, "。": 0.03, "、": 0.01, "“": 0.006, "”": 0.006, "：": 0.004, "；": 0.002, "？": 0.002,
    "！": 0.002, "（": 0.002, "）": 0.002, "《": 0.002, "》": 0.002, "「": 0.001, "」": 0.001, "…": 0.001,
    "—": 0.001, "·": 0.0005, "‘": 0.0005, "’": 0.0005, "『": 0.0003, "』": 0.0003, "【": 0.0003, "】": 0.0003,
    "　": 0.0003, "〈": 0.0001, "〉": 0.0001, "～": 0.0001, "％": 0.0001, "℃": 0.0001, "－": 0.0001,
    "〔": 0.00005, "〕": 0.00005, "①": 0.00002, "②": 0.00002, "③": 0.00002, "●": 0.00002, "○": 0.00002,
    "■": 0.00002, "□": 0.00002, "★": 0.00002, "×": 0.00002, "°": 0.00001, "│": 0.00001, "→": 0.00001,
}  # fmt: skip
"""Share of each mark among the characters of running text; rough, and enough to choose by."""

MARKS.update(dict.fromkeys("④⑤⑥⑦⑧⑨⑩▲△▼◆◇◎☆※〇", 0.00002))

_OPENING = frozenset("（《“「『【〈‘〔")
_ASCII = log(0.004)
_TRADITIONAL = -0.7
_LEVEL = re.compile("([a-z])")


class Hanzi:
    """The model; make one with :func:`hanzi`."""

    def __init__(self, table: str) -> None:
        fold, gate, *rows = table.split("\n")
        letters = fold.split("\t")[1]
        self._fold = dict(zip(letters[::2], letters[1::2], strict=True))
        self.ordinary = gate.split("\t")[1]
        self.ordinary_set = frozenset(self.ordinary)
        self._rows: dict[str, str] = {}
        self.characters: list[str] = []
        for row in rows:
            self._rows[row[0]] = row[2:]
            self.characters.append(row[0])
        self._followers: dict[str, dict[str, float]] = {}
        self._figures: dict[str, tuple[float, float, float]] = {}
        words = sum(2.0 ** (int(row[2:4], 16) / 2) for row in self._rows.values())
        self._words = words

    @property
    def folded(self) -> dict[str, str]:
        """Traditional characters and their simplified forms."""
        return self._fold

    def _figure(self, char: str) -> tuple[float, float, float]:
        """Return the logs of count, of the share of word starts, and of ends among all."""
        found = self._figures.get(char)
        if found is None:
            row = self._rows[char]
            count, start, end, _ = (2.0 ** (int(row[i : i + 2], 16) / 2) for i in (0, 2, 4, 6))
            found = (count, start / self._words, end)
            self._figures[char] = found
        return found

    def _pairs(self, char: str) -> dict[str, float]:
        found = self._followers.get(char)
        if found is None:
            parts = _LEVEL.split(self._rows[char][9:])
            found = {
                c: 2.0 ** (ord(mark) - 97)
                for mark, group in zip(parts[1::2], parts[2::2], strict=True)
                for c in group
            }
            if len(self._followers) >= MAX_ROWS:
                self._followers.clear()
            self._followers[char] = found
        return found

    def pairs(self, before: str, char: str) -> bool:
        """Tell whether a dictionary word has ``char`` after ``before``."""
        a, b = self._fold.get(before, before), self._fold.get(char, char)
        return a in self._rows and b in self._pairs(a)

    def step(self, before: str, char: str) -> float:
        """Return the natural log of the probability of ``char`` after ``before`` ("" at a border)."""
        found = _STEPS.get(before + char)
        if found is None:
            found = self._step(before, char)
            if len(_STEPS) >= MAX_STEPS:
                _STEPS.clear()
            _STEPS[before + char] = found
        return found

    def _step(self, before: str, char: str) -> float:
        a, b = self._fold.get(before, before), self._fold.get(char, char)
        share = MARKS.get(b)
        known = b in self._rows
        if share is None and not known:
            return _ASCII if b < "\x7f" and (b >= " " or b == "\n") else FLOOR
        count, ends, pair = 1.0, 1.0, 0.0
        if a in self._rows:
            count, _, ends = self._figure(a)
            if known:
                pair = self._pairs(a).get(b, 0.0)
        if share is not None:
            likely = share * (ends / count)
            if a in MARKS and not (b in _OPENING or a in "”》）"):
                likely *= 0.2
            return max(FLOOR, log(likely + 1e-9))
        likely = (pair + ends * self._figure(b)[1]) / (count + 8.0)
        return max(FLOOR, log(likely + 1e-9) + (_TRADITIONAL if b != char else 0.0))

    def score(self, text: str, before: str = "") -> float:
        """Return the log probability of ``text``."""
        total = 0.0
        for char in text:
            total += self.step(before, char)
            before = char
        return total


_STEPS: dict[str, float] = {}
MAX_STEPS = 20_000
MAX_ROWS = 400


@lru_cache(maxsize=1)
def hanzi() -> Hanzi:
    """Return the model, read on first use."""
    data = (files("cleaners") / "data" / "hanzi.txt.xz").read_bytes()
    return Hanzi(lzma.decompress(data).decode("utf-8"))
