"""White space: one kind, one at a time, and none beside Chinese punctuation."""

from __future__ import annotations

import re

from cleaners.fixers.characters import has_odd
from cleaners.language import HAN, is_chinese
from cleaners.sieve import apply

__all__ = ["fold_spaces", "may_fold", "may_tighten", "tighten", "tighten_text"]

_ODD_SPACE = re.compile("[\t\x0b\x0c\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_SPACES = re.compile("  +")

_MARKS = "，。、；：？！…—《》〈〉（）【】「」『』〔〕"
# The patterns begin with the space, so that the search leaps from space to space; runs are folded before.
_BESIDE_MARK = re.compile(f" (?:(?=[{_MARKS}])|(?<=[{_MARKS}] ))")
_IN_QUOTES = re.compile(" (?:(?<=[“‘] )|(?=[”’]))")
_AROUND_QUOTES = re.compile(f" (?:(?<=[{HAN}0-9%] )(?=[“‘])|(?<=[”’] )(?=[{HAN}0-9]))")
_AROUND_LATIN = re.compile(" (?:(?<=[A-Za-z] )(?=“)|(?<=” )(?=[A-Za-z]))")
_TO_TIGHTEN = re.compile(f" (?:(?=[{_MARKS}“‘”’])|(?<=[{_MARKS}“‘”’] ))")
_HAN = re.compile(f"[{HAN}]")


def may_fold(text: str) -> bool:
    """Whether :func:`fold_spaces` may have work in the texts joined to ``text``, or in one of them."""
    if " " in text and ("  " in text or "\n " in text or " \n" in text or " " in (text[0], text[-1])):
        return True
    return has_odd(text) and _ODD_SPACE.search(text) is not None


def fold_spaces(text: str) -> str:
    """Every white space becomes a plain space, runs become one, the ends of lines none."""
    text = _ODD_SPACE.sub(" ", text)
    if "  " in text:
        text = _SPACES.sub(" ", text)
    return text.replace("\n ", "\n").replace(" \n", "\n").strip(" ")


def may_tighten(text: str) -> bool:
    """Whether a space stands beside a Chinese mark."""
    return _TO_TIGHTEN.search(text) is not None


def tighten(texts: list[str]) -> list[str]:
    """No space beside Chinese punctuation, and none between a quotation mark and a Han character.

    Only in Chinese texts: French has its space before the mark. Spaces between Han and
    Latin stay as the author wrote them.
    """
    if not is_chinese(texts):
        return texts
    return apply(tighten_text, texts, may_tighten)


def tighten_text(text: str) -> str:
    """One text of a Chinese page without the spaces that Chinese marks do not take."""
    text = _BESIDE_MARK.sub("", text)
    if "“" not in text and "‘" not in text and "”" not in text:
        return text
    text = _AROUND_QUOTES.sub("", _IN_QUOTES.sub("", text))
    return _AROUND_LATIN.sub("", text) if _HAN.search(text) else text
