"""Cheap tests that let clean text pass: which families of damage a text may have at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import product

from cleaners.mojibake.hanzi import hanzi
from cleaners.mojibake.readings import READINGS
from cleaners.mojibake.tables import PYTHON_CODECS

__all__ = ["FAMILIES", "LATIN", "suspects"]

LATIN = ("latin", "")
"""Chinese bytes read one by one, whatever their codec."""

FAMILIES: tuple[tuple[str, str], ...] = (
    LATIN,
    ("gb18030", "utf-8"),
    ("shift_jis", "utf-8"),
    ("euc_kr", "utf-8"),
    ("big5", "utf-8"),
    ("big5", "gbk"),
    ("gb18030", "big5hkscs"),
    ("euc_kr", "gbk"),
    ("shift_jis", "gbk"),
)
"""(wrong reader, right codec), in the order in which they are tried on a line."""

_SINGLE = re.compile("[\x80-\xff]")
_SIGN = "\x80-\xff\u0152-\u02dc‘-•…‰‹›€™\ufffd"
_TRAIL = "\x40-\x7e\xa1-\xfe"
# Begins with one class, from one of which to the next the search leaps.
_BYTES = re.compile(f"[{_SIGN}](?:[{_SIGN}]{{3}}|(?<=[\xa1-\xf9])[{_TRAIL}](?:[\xa1-\xf9][{_TRAIL}]){{3}})")
_SYLLABLES = re.compile("[가-힣][가-힣一-鿿\ufffd?]{2}")
_ODD_SIGN = "\u0370-\u04ff\u2500-\u257f\u3040-\u3129㈠-㈩ａ-ｚＡ-Ｚ"
_MARKED = re.compile(
    f"[\ufffd?](?:(?<=\ufffd)[^\ufffd]{{0,6}}[{_ODD_SIGN}一-鿿].{{0,6}}\ufffd"
    f"|(?<=\\?).{{0,4}}[{_ODD_SIGN}].{{0,4}}[^\x00-\x7f]\\?)"
)
_WRITTEN_ELSEWHERE = re.compile("[가-힣\uff61-\uff9f]")
_HALF_KANA = re.compile("[\uff61-\uff9f].{0,3}[\uff61-\uff9f\u7e00-\u8fff\u9000-\u9fff\ufffd?\x80]")


def _char_class(chars: Iterable[str]) -> str:
    """Return the inside of a regular expression's character class, as ranges."""
    codes = sorted(ord(c) for c in chars)
    ranges: list[str] = []
    start = previous = codes[0]
    for code in [*codes[1:], 0x110000]:
        if code != previous + 1:
            ranges.append(f"{re.escape(chr(start))}-{re.escape(chr(previous))}")
            start = code
        previous = code
    return "".join(ranges)


@lru_cache(maxsize=1)
def _odd() -> str:
    """Return the inside of the class of Chinese characters that modern text hardly has."""
    known = hanzi().ordinary_set
    rare = _char_class(chr(c) for c in range(0x4E00, 0xA000) if chr(c) not in known)
    return f"{rare}\u3400-\u4dbf\ue000-\uf8ff\U00020000-\U0003ffff"


@lru_cache(maxsize=1)
def _rare() -> re.Pattern[str]:
    """Return the pattern of two such characters near to each other."""
    return re.compile(f"[{_odd()}].{{0,6}}[{_odd()}]")


@lru_cache(maxsize=1)
def _strange() -> re.Pattern[str]:
    """Return the class of all characters that the signs of several families begin with."""
    return re.compile(f"[{_odd()}가-힣\uff61-\uff9f\ufffd?]")


def _read_as_gbk(leads: Iterable[int], tails: Iterable[int]) -> set[str]:
    """Return the characters that readers of GBK make of pairs of bytes, without all of their tables."""
    codecs = [PYTHON_CODECS.get(codec, codec) for codec in READINGS["gb18030"].codecs]
    found = (bytes(pair).decode(codec, "ignore") for pair in product(leads, tails) for codec in codecs)
    return {chars for chars in found if len(chars) == 1}


@lru_cache(maxsize=1)
def _opening() -> str:
    """Return the inside of the class of pairs of GBK that the start of a UTF-8 sequence turns into."""
    return _char_class(_read_as_gbk(range(0xE2, 0xF0), range(0x80, 0xC0)))


@lru_cache(maxsize=1)
def _triples() -> re.Pattern[str]:
    """Return the pattern of such a pair and the one after it."""
    crossing = _char_class(_read_as_gbk(range(0x80, 0xC0), range(0xE2, 0xF0)))
    return re.compile(f"[{_opening()}鈥锛銆](?:(?<=[鈥锛銆])|(?<=[{_opening()}])[{crossing}])")


@lru_cache(maxsize=1)
def _telling() -> re.Pattern[str]:
    """Return the class of the characters of which every family shows one: one look serves all."""
    return re.compile(f"[\x80-\xff{_odd()}{_opening()}鈥锛銆가-힣\uff61-\uff9f\ufffd?]")


def _is_word(pair: str) -> bool:
    """Tell whether two rare characters make a word that dictionaries have: 匍匐, 羁绊."""
    return len(pair) == 2 and hanzi().pairs(*pair)


def suspects(text: str) -> frozenset[tuple[str, str]]:
    """Return the families of damage that a part of ``text`` may have."""
    first = _telling().search(text)
    if first is None:
        return frozenset()
    at = first.start()
    found: set[tuple[str, str]] = set()
    if _SINGLE.search(text, at) and _BYTES.search(text):
        found.add(LATIN)
    if any(not _is_word(match[0]) for match in _triples().finditer(text, at)):
        found.add(("gb18030", "utf-8"))
    first = _strange().search(text, at)
    if first is None:
        return frozenset(found)
    at = first.start()
    if _WRITTEN_ELSEWHERE.search(text, at):
        if _SYLLABLES.search(text, at):
            found.update((("euc_kr", "utf-8"), ("euc_kr", "gbk")))
        if _HALF_KANA.search(text, at):
            found.update((("shift_jis", "utf-8"), ("shift_jis", "gbk")))
    if any(not _is_word(match[0]) for match in _rare().finditer(text, at)) or _is_marked(text, at):
        found.update(family for family in FAMILIES if family[0] in ("gb18030", "big5"))
    return frozenset(found)


def _is_marked(text: str, at: int) -> bool:
    return ("\ufffd" in text or "?" in text) and _MARKED.search(text, at) is not None
