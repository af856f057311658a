"""Characters that carry no text of their own: invisible ones, and doubles of real ones."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

from cleaners.language import HAN, is_chinese

__all__ = [
    "compose",
    "fold_radicals",
    "has_invisible",
    "has_odd",
    "is_loose",
    "strip_invisible",
    "unify_ideographs",
]

_RADICALS = "\u2e80-\u2fd5"
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls; U+0085 is a line end
    "\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffc"
    "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"  # private use: icon fonts, lost GBK areas
    "\U000e0001\ud800-\udfff]"  # language tag, lone surrogates
)
# Joiners and direction marks shape text in Indic and Arabic scripts, Hebrew and emoji: they
# are noise only between characters that they cannot act on.
_PLAIN = f"[\\s{HAN}\u3000-\u30ff\uff00-\uffef!-~\u2010-\u2027]"
_JOINERS = re.compile(f"(?:(?<={_PLAIN})|^)[\u200c-\u200f\u202a-\u202e\u2066-\u2069]+(?={_PLAIN}|$)")
# A soft hyphen inside a Latin word is the author's; inside Chinese it is a leftover.
_HYPHEN = re.compile(f"(?<=[{HAN}\u3000-\u303f\uff00-\uffef])\u00ad+|\u00ad+(?=[{HAN}])")
_RIGHT_TO_LEFT = re.compile(
    "[\u05d0-\u07ff\u08a0-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]"
)  # there marks act across spaces
_JOINER = re.compile("[\u200c-\u200f\u202a-\u202e\u2066-\u2069]")
_HAS_INVISIBLE = re.compile(f"[{_INVISIBLE.pattern[1:-1]}{_JOINER.pattern[1:-1]}\r\u0085\u00ad\u2028\u2029]")
_COMPATIBLE = re.compile("[\uf900-\ufaff\U0002f800-\U0002fa1f]+")
_LINE_ENDS = re.compile("[\r\u0085\u2028\u2029](?:(?<=\r)\n)?")
_RADICAL_IN_TEXT = re.compile(
    f"[{_RADICALS}]+(?=[{HAN}])|(?<=[{HAN}])[{_RADICALS}]+|[{_RADICALS}]{{2,}}"
    f"|(?<=[0-9])[{_RADICALS}](?=[0-9])"
)
_HAS_RADICAL = re.compile(f"[{_RADICALS}]")
# All that clean modern text has none of, in one class: one look serves several steps.
_ODD = re.compile(
    f"[{_HAS_INVISIBLE.pattern[1:-1]}{_RADICALS}\uf900-\ufaff\U0002f800-\U0002fa1f"
    "\t\x0b\x0c\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
    "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a％＋－．／＝＆＠＃＿＄＊\ufb00-\ufb06\ufe10-\ufe16\ufe35-\ufe40\ufe50\ufe51\ufe54-\ufe57\ufe59\ufe5a]"
)


# The same with every character above U+FFFF, whose ranges cost a look each at every character.
_MAY_BE_ODD = re.compile(
    re.sub("[\U00010000-\U0010ffff](?:-[\U00010000-\U0010ffff])?", "", _ODD.pattern)[:-1]
    + "\U00010000-\U0010ffff]"
)


@lru_cache(maxsize=2)  # the steps of one document ask about the same text
def has_odd(text: str) -> bool:
    """Whether any character is invisible, a space of another kind, or another form of an ordinary one."""
    found = _MAY_BE_ODD.search(text)
    return found is not None and _ODD.search(text, found.start()) is not None


def has_invisible(text: str) -> bool:
    """Whether :func:`strip_invisible` may have work."""
    return has_odd(text) and _HAS_INVISIBLE.search(text) is not None


def is_loose(text: str) -> bool:
    """Whether :func:`compose` has work in the texts joined to ``text``, or in one of them."""
    return "\u00ad" in text or not unicodedata.is_normalized("NFC", text)


def strip_invisible(text: str) -> str:
    """Remove zero-width, control and private-use characters, and marks that cannot act where they are.

    >>> strip_invisible("大\\u200b模\\ufeff型")
    '大模型'
    """
    text = _LINE_ENDS.sub("\n", text)
    text = _INVISIBLE.sub("", text)
    if "\u00ad" in text:
        text = _HYPHEN.sub("", text)
    return _JOINERS.sub("", text) if _JOINER.search(text) and not _RIGHT_TO_LEFT.search(text) else text


def fold_radicals(text: str) -> str:
    """Replace radicals by the characters that they stand for, where they stand in running text.

    PDF converters write 从事⼤模型 with U+2F24. A radical that stands alone is what its
    author wanted to show.
    """
    if not _HAS_RADICAL.search(text):
        return text
    table = _radicals()
    return _RADICAL_IN_TEXT.sub(lambda m: m[0].translate(table), text)


def unify_ideographs(texts: list[str]) -> list[str]:
    """In Chinese texts, compatibility ideographs become the characters that they double.

    Korean text has them on purpose: one for each reading of a character.
    """
    if not _COMPATIBLE.search("".join(texts)) or not is_chinese(texts):
        return texts
    return [_COMPATIBLE.sub(lambda m: unicodedata.normalize("NFC", m[0]), text) for text in texts]


def compose(text: str) -> str:
    """Unicode normalization form C, without soft hyphens: two ways to write a word become one."""
    if "\u00ad" in text:
        text = text.replace("\u00ad", "")
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


@cache
def _radicals() -> dict[int, str]:
    raw = (files("cleaners") / "data" / "radicals.json").read_text(encoding="utf-8")
    return {ord(k): v for k, v in json.loads(raw)["characters"].items()}
