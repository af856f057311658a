"""White space: one kind, one at a time, and none beside Chinese punctuation."""

from __future__ import annotations

import re

from cleaners.language import HAN, is_chinese

__all__ = ["HAS_ODD_SPACE", "fold_spaces", "tighten"]

_ODD_SPACE = re.compile("[\t\x0b\x0c\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
HAS_ODD_SPACE = re.compile(f"{_ODD_SPACE.pattern}|  |^ | $", re.MULTILINE)
_SPACES = re.compile(" {2,}")
_EDGE = re.compile("^ +| +$|(?<=\n) +| +(?=\n)")

_MARKS = "，。、；：？！…—《》〈〉（）【】「」『』〔〕"
_BESIDE_MARK = re.compile(f" +(?=[{_MARKS}])|(?<=[{_MARKS}]) +")
_IN_QUOTES = re.compile("(?<=[“‘]) +| +(?=[”’])")
_AROUND_QUOTES = re.compile(f"(?<=[{HAN}0-9%]) +(?=[“‘])|(?<=[”’]) +(?=[{HAN}0-9])")
_AROUND_LATIN = re.compile("(?<=[A-Za-z]) +(?=“)|(?<=”) +(?=[A-Za-z])")
_TO_TIGHTEN = re.compile(f" [{_MARKS}“‘”’]|[{_MARKS}“‘”’] ")
_HAN = re.compile(f"[{HAN}]")


def fold_spaces(text: str) -> str:
    """Every white space becomes a plain space, runs become one, the ends of lines none."""
    if not text.isascii() or "\t" in text:
        text = _ODD_SPACE.sub(" ", text)
    if "  " in text:
        text = _SPACES.sub(" ", text)
    return _EDGE.sub("", text) if " " in text else text


def tighten(texts: list[str]) -> list[str]:
    """No space beside Chinese punctuation, and none between a quotation mark and a Han character.

    Only in Chinese texts: French has its space before the mark. Spaces between Han and
    Latin stay as the author wrote them.
    """
    if not _TO_TIGHTEN.search("\n".join(texts)) or not is_chinese(texts):
        return texts
    return [_tighten(text) if " " in text else text for text in texts]


def _tighten(text: str) -> str:
    text = _BESIDE_MARK.sub("", text)
    if "“" not in text and "‘" not in text and "”" not in text:
        return text
    text = _AROUND_QUOTES.sub("", _IN_QUOTES.sub("", text))
    return _AROUND_LATIN.sub("", text) if _HAN.search(text) else text
