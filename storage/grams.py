"""Cuts text into the tokens of the full-text index.

SQLite's own tokenizers do not find Chinese words: ``unicode61`` takes a whole run of
characters for one word, ``trigram`` never finds words of two characters. So the index gets
prepared text, as tokens separated by spaces, folded (simplified, half width, lower case):

* a run of Han (or kana, Hangul) characters gives its overlapping pairs and its last character:
  大模型 -> ``大模 模型 型``. Neighbouring tokens of a run are neighbours in the index, so a word
  of any length is a phrase of pairs;
* a Latin word or a number is a token by itself;
* at the end, behind a gap, every distinct single character once: it answers queries of one
  character (and lets tools that pass the query on unchanged find words of one or two).

The index forgets an old text by being told its tokens again: a change here, or in the table of
characters, needs a migration that makes the index anew.
"""

from __future__ import annotations

import json
import re
import sys
from array import array
from functools import cache
from importlib import resources
from itertools import chain, zip_longest
from operator import add

__all__ = ["TOKEN", "fold", "grams", "is_gram_char", "tokens"]

_GRAM = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3105-\u318f\u31a0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9f"
    "\U0001b000-\U0001b16f\U00020000-\U000323af"
)
TOKEN = re.compile(f"[{_GRAM}]+|(?:(?![{_GRAM}])[^\\W_])+")
"""A run of characters that are indexed as pairs, or a word of letters and digits."""

_GRAM_CHAR = re.compile(f"[{_GRAM}]")
_HAN_SPACE = re.compile(f"(?<=[{_GRAM}])[ \u3000]+(?=[{_GRAM}])")
_GRAM_RUN = re.compile(f"[{_GRAM}]+")
_GAP = "zzgapzz"
"""Stands between the pairs and the single characters, so that no phrase reaches across."""

_WORD = "\ue000"
"""Stands for a Latin word while the text is cut; a private character is no token."""

_SPACES = re.compile("  +")
_CODES = "I"
_UTF32 = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"


@cache
def _fold_table() -> dict[int, str]:
    data = json.loads(resources.files("storage").joinpath("data/fold.json").read_text("utf-8"))
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    table[0x3000] = " "
    return table | dict(zip(map(ord, data["from"]), data["to"], strict=True))


@cache
def _foreign() -> re.Pattern[str]:
    """Matches what the table may change. Beyond the first plane any character: single ones cost too much."""
    near = "".join(re.escape(chr(code)) for code in _fold_table() if code <= 0xFFFF)
    return re.compile(f"[{near}\U00010000-\U0010ffff]")


def fold(text: str) -> str:
    """Give ``text`` simplified, half width and lower case; character by character, same length."""
    folded = text.lower()
    if len(folded) != len(text):
        folded = "".join(low if len(low := c.lower()) == 1 else c for c in text)
    return _foreign().sub(_near, folded)


def _near(match: re.Match[str]) -> str:
    return _fold_table().get(ord(match[0]), match[0])


def is_gram_char(char: str) -> bool:
    """Say whether ``char`` belongs to a script that is indexed as pairs of characters."""
    return _GRAM_CHAR.match(char) is not None


def tokens(folded: str) -> list[str]:
    """Cut folded text into the tokens of the index, without the single characters at its end."""
    out: list[str] = []
    if " " in folded:  # worth asking: the pattern looks at every character
        folded = _HAN_SPACE.sub("", folded)
    for match in TOKEN.finditer(folded):
        run = match[0]
        if is_gram_char(run):
            out += map(add, run, run[1:])
            out.append(run[-1])
        else:
            out.append(run)
    return out


def grams(text: str | None) -> str:
    """Give what the full-text index holds for ``text``: tokens separated by spaces.

    The same as :func:`tokens`, without making a string for each character: arrays of code points take a
    quarter of the time.
    """
    if not text:
        return ""
    folded = fold(text)
    singles = "".join(_GRAM_RUN.findall(_text(array(_CODES, sorted(set(_codes(folded)))))))
    parts = (_pairs(folded), _GAP, _spaced(singles))
    return " ".join(part for part in parts if part)


def _pairs(folded: str) -> str:
    """Give :func:`tokens`, separated by spaces."""
    if " " in folded:
        folded = _HAN_SPACE.sub("", folded)
    runs = TOKEN.findall(folded)
    are_grams = list(map(_GRAM_CHAR.match, runs))
    words = [run for run, han in zip(runs, are_grams, strict=True) if not han]
    if words:
        runs = [run if han else _WORD for run, han in zip(runs, are_grams, strict=True)]
    codes = _codes(" ".join(runs) + " ")
    out = _codes(" ") * (3 * len(codes) - 3)
    out[0::3] = codes[:-1]
    out[1::3] = codes[1:]
    at = -1
    for run in runs[:-1]:  # behind the space after a run, the next one does not begin a token of its own
        at += len(run) + 1
        out[3 * at + 1] = 0x20
    pairs = _SPACES.sub(" ", _text(out)).rstrip(" ")
    if not words:
        return pairs
    return "".join(chain.from_iterable(zip_longest(pairs.split(_WORD), words, fillvalue="")))


def _spaced(text: str) -> str:
    codes = _codes(text)
    out = _codes(" ") * (2 * len(codes))
    out[0::2] = codes
    return _text(out).rstrip(" ")


def _codes(text: str) -> array[int]:
    return array(_CODES, text.encode(_UTF32, "surrogatepass"))


def _text(codes: array[int]) -> str:
    return codes.tobytes().decode(_UTF32, "surrogatepass")
