"""What class names, ids and tags say about a box of a page, as bits."""

from __future__ import annotations

import re
import tomllib
from enum import IntFlag
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

__all__ = ["CHROME", "Hint", "of_names", "of_tag"]


class Hint(IntFlag):
    """Purposes of a box; several may hold at once."""

    NAV = 1
    FOOT = 2
    ASIDE = 4
    COMMENT = 8
    RELATED = 16
    SHARE = 32
    AD = 64
    HIDDEN = 128
    CAPTION = 256
    META = 512
    BODY = 1024
    LEAD = 2048
    TITLE = 4096
    FORM = 8192
    LEGAL = 16384


CHROME = int(
    Hint.NAV
    | Hint.FOOT
    | Hint.ASIDE
    | Hint.COMMENT
    | Hint.RELATED
    | Hint.SHARE
    | Hint.AD
    | Hint.HIDDEN
    | Hint.FORM
    | Hint.LEGAL
)
"""Bits of boxes that are seldom article text."""

TAGS: dict[str, int] = {
    "nav": Hint.NAV,
    "menu": Hint.NAV,
    "footer": Hint.FOOT,
    "aside": Hint.ASIDE,
    "button": Hint.FORM,
    "select": Hint.FORM,
    "textarea": Hint.FORM,
    "label": Hint.FORM,
    "dialog": Hint.AD,
    "figcaption": Hint.CAPTION,
    "article": Hint.BODY,
    "main": Hint.BODY,
    "time": Hint.META,
    "address": Hint.META,
}

HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
CUT = re.compile(r"[^a-z]+")


def _load() -> tuple[dict[str, int], dict[str, int], tuple[tuple[str, int], ...]]:
    data = tomllib.loads((files("cleaners") / "data" / "extract_hints.toml").read_text("utf-8"))
    words: dict[str, int] = {}
    exact: dict[str, int] = {}
    stems: list[tuple[str, int]] = []
    for name, entries in data.items():
        bit = int(Hint[name.upper()])
        for entry in entries:
            if entry.startswith("="):
                exact[entry[1:]] = exact.get(entry[1:], 0) | bit
            elif entry.endswith("*"):
                stems.append((entry[:-1], bit))
            else:
                words[entry] = words.get(entry, 0) | bit
    return words, exact, tuple(stems)


WORDS, EXACT, STEMS = _load()


@lru_cache(maxsize=4096)
def of_names(names: str) -> int:
    """Bits for the class names and ids in ``names``; each name is tried whole and in its parts."""
    bits = 0
    for name in names.split()[:24]:
        bits |= EXACT.get(name.lower(), 0)
        parts = [p for p in CUT.split(HUMP.sub("-", name).lower()) if p]
        # "article-body" and "articleBody" say more together than "article" and "body" alone
        parts += [a + b for a, b in pairwise(parts)]
        for part in parts[:12]:
            bits |= WORDS.get(part, 0)
            for stem, bit in STEMS:
                if part.startswith(stem):
                    bits |= bit
    return bits


def of_tag(tag: str) -> int:
    """Bits for an element's name."""
    return int(TAGS.get(tag, 0))
