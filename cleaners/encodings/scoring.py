"""How many bits a reading needs: the length of a text in a code made for real text.

Every reading of the same bytes is measured to its end, so the costs compare across encodings
and scripts: the right one needs about 10 bits for a Chinese character, a wrong one 15 to 20.
All costs are integers in half bits.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from functools import cache, lru_cache
from pathlib import Path

__all__ = [
    "ANY",
    "ASCII",
    "LATIN",
    "PairCosts",
    "ascii_cost",
    "common_characters",
    "pair_cost",
    "plain_cost",
    "text_cost",
]

ANY = "any"
"""The name of the model for encodings that can write every script."""

_TABLE = Path(__file__).parents[1] / "data" / "encoding_model.json"

ASCII = 8
_CONTROL = 56
_BROKEN = 60
_CASE_SLIP = 16
_SCRIPT_SLIP = 16
_BACKOFF = 6
_COMMON = 29
# Of the languages that text_cost does not know, those written with ASCII letters and accents.
LATIN = frozenset(
    {"en", "fr", "de", "es", "pt", "it", "nl", "sv", "da", "nb", "fi", "is", "ca"}
    | {"cs", "sk", "pl", "hu", "ro", "hr", "sl", "lt", "lv", "et", "tr"}
)

# Kinds of ASCII bytes: half bits, and the bytes of all other kinds to take away.
_SMALL, _USUAL = b"abcdefghijklmnopqrstuvwxyz \t\r\n", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789,."
_MARKS = bytes(range(0x21, 0x7F)).translate(None, _SMALL + _USUAL)
_CONTROLS = bytes(range(0x20)).translate(None, _SMALL)
_KINDS = tuple(
    (cost, bytes(range(256)).translate(None, kind))
    for cost, kind in ((8, _SMALL), (12, _USUAL), (15, _MARKS), (_CONTROL, _CONTROLS))
)

# Costs for characters that a model does not list: (last code point, half bits).
_UNLISTED = (
    (0x08, _CONTROL), (0x0D, ASCII), (0x1F, _CONTROL), (0x7E, ASCII), (0x9F, _CONTROL), (0x024F, 30),
    (0x02FF, 40), (0x036F, 36), (0x052F, 31), (0x0FFF, 38), (0x10FF, 40), (0x11FF, 46), (0x1DFF, 42),
    (0x1FFF, 36), (0x206F, 28), (0x2BFF, 34), (0x2FDF, 44), (0x303F, 30), (0x30FF, 27), (0x33FF, 38),
    (0x4DBF, 42), (0x9FFF, 39), (0xABFF, 46), (0xD7A3, 40), (0xDFFF, _BROKEN), (0xF8FF, 52), (0xFAFF, 42),
    (0xFEFF, 38), (0xFF5E, 28), (0xFF9F, 34), (0xFFEF, 34), (0xFFFF, _BROKEN), (0x1FFFF, 40), (0x3FFFF, 44),
    (0x10FFFF, _BROKEN),
)  # fmt: skip


@lru_cache(maxsize=2048)  # a page shows few; that of all characters would take megabytes
def _unlisted(c: str) -> int:
    return _UNLISTED[bisect_left(_UNLISTED, (ord(c),))][1]


@cache
def _model() -> dict[str, dict[str, dict[str, dict[str, str]]]]:
    model: dict[str, dict[str, dict[str, dict[str, str]]]] = json.loads(_TABLE.read_text("utf-8"))
    return model


@cache
def _characters(language: str) -> dict[str, int]:
    """Give the cost of each character of a language; for ANY the least cost in any, and two bits."""
    model = _model()
    if language != ANY:
        tables: list[dict[str, dict[str, str]]] = [{"": model["characters"][language]}]  # type: ignore[dict-item]
        extra = 0
    else:
        tables = [{"": t} for t in model["characters"].values()]  # type: ignore[dict-item]
        tables += [{"": a["letters"]} for a in model["alphabets"].values()]
        extra = 4
    costs: dict[str, int] = {}
    for table in tables:
        for cost, chars in table[""].items():
            for c in chars:
                costs[c] = min(int(cost) + extra, costs.get(c, 99))
    return costs


@cache
def _alphabet(language: str) -> tuple[dict[str, int], dict[str, int]]:
    table = _model()["alphabets"][language]
    letters = {c: int(cost) for cost, chars in table["letters"].items() for c in chars}
    pairs = {p[i : i + 2]: int(cost) for cost, p in table["pairs"].items() for i in range(0, len(p), 2)}
    return letters, pairs


@cache
def common_characters() -> frozenset[str]:
    """Give the characters and marks that Chinese text, simplified or traditional, is mostly made of."""
    return frozenset(
        c
        for language in ("zh-Hans", "zh-Hant")
        for c, cost in _characters(language).items()
        if cost <= _COMMON and not "\u3041" <= c <= "\u30fa"
    )


def plain_cost(body: bytes) -> int:
    """Return the half bits of the ASCII bytes: prose is small letters, a misread one is anything."""
    return sum(n * len(body.translate(None, rest)) for n, rest in _KINDS)


def text_cost(counts: Counter[str], language: str) -> int:
    """Return the half bits of counted characters in ``zh-Hans``, ``zh-Hant``, ``ja``, ``ko`` or ANY."""
    costs = _characters(language)
    return sum([n * (costs[c] if c in costs else _unlisted(c)) for c, n in counts.items()])


def ascii_cost(byte: int) -> int:
    """Return the half bits of an ASCII byte behind another, which are the same in every alphabet."""
    return _unlisted(chr(byte))


class PairCosts(dict[int, int]):
    """The half bits of pairs of bytes in one encoding and language: ``before * 256 + byte``, as needed."""

    def __init__(self, language: str, table: str) -> None:
        super().__init__()
        self._language, self._table = language, table

    def __missing__(self, pair: int) -> int:
        self[pair] = cost = pair_cost(self._language, self._table[pair >> 8], self._table[pair & 255])
        return cost


def pair_cost(language: str, before: str, c: str) -> int:
    """Return the half bits of ``c`` behind ``before`` in a language written with an alphabet."""
    letters, known = _alphabet(language)
    first = before.lower()[0] if before.isalpha() or before > "\x7f" else " "
    if c <= "\x7f":
        cost = _unlisted(c)
    else:
        cost = known.get(first + c, 0) or (letters[c] + _BACKOFF if c in letters else _unlisted(c))
        if c.isupper() and before.islower() and first + c not in known:
            cost += _CASE_SLIP
    if language not in LATIN and (
        (before in letters and _is_latin(c)) or (c in letters and _is_latin(before))
    ):
        cost += _SCRIPT_SLIP
    return cost


def _is_latin(c: str) -> bool:
    return c <= "\x7f" and c.isalpha()
