"""Plain counts over a text, the same for Chinese and for Latin scripts."""

from __future__ import annotations

import re

__all__ = ["ends_sentence", "marks", "squeeze", "units"]

# Han, kana, Hangul and their extensions: one character carries about what 2.5 letters carry
WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0002fa1f]")
MARKS = re.compile(r"[，。！？；、：…,.!?;:،؛؟।。︰](?!\d)")
CLOSED = re.compile(r"[。！？…!?.；;:：।؟~～](?:[”’」』）)\]】》\"'»\s\ufffd]|\[\d+\])*$")
SPACE = re.compile(r"\s+")


def units(text: str) -> float:
    """Length in letters, a wide character counting as 2.5 of them."""
    return float(len(text)) if text.isascii() else len(text) + 1.5 * len(WIDE.findall(text))


def marks(text: str) -> int:
    """How many marks of punctuation divide ``text`` (not those inside numbers)."""
    return len(MARKS.findall(text))


def ends_sentence(text: str) -> bool:
    """Does ``text`` end as a sentence does?"""
    return bool(CLOSED.search(text))


def squeeze(text: str) -> str:
    """``text`` without white space, in lower case, to compare what two readers saw."""
    return SPACE.sub("", text).lower()
