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
    STORY = 32768


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

TAGS: dict[str, int] = {  # plain integers: flags are slow to join
    "nav": int(Hint.NAV),
    "menu": int(Hint.NAV),
    "footer": int(Hint.FOOT),
    "aside": int(Hint.ASIDE),
    "button": int(Hint.FORM),
    "select": int(Hint.FORM),
    "textarea": int(Hint.FORM),
    "label": int(Hint.FORM),
    "dialog": int(Hint.AD),
    "figcaption": int(Hint.CAPTION),
    "article": int(Hint.BODY),
    "main": int(Hint.BODY),
    "time": int(Hint.META),
    "address": int(Hint.META),
}

TELLS_OF_OTHERS = frozenset(("has", "no", "not", "with", "without"))
"""First words of names that tell what stands in or beside a box: has-sidebar, no-comments."""
HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
PART = re.compile(r"[a-z]+")


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
ALL_STEMS = tuple(stem for stem, _ in STEMS)


def _of_part(part: str) -> int:
    bits = WORDS.get(part, 0)
    if part.startswith(ALL_STEMS):
        for stem, bit in STEMS:
            if part.startswith(stem):
                bits |= bit
    return bits


@lru_cache(maxsize=16384)
def _of_name(name: str) -> int:
    bits = EXACT.get(name.lower(), 0)
    parts = PART.findall(name if name.islower() else HUMP.sub("-", name).lower())
    if parts and parts[0] in TELLS_OF_OTHERS:
        return bits
    # "article-body" and "articleBody" say more together than "article" and "body" alone
    parts += [a + b for a, b in pairwise(parts)]
    for part in parts[:12]:
        bits |= _of_part(part)
    return bits


LONG_NAMES = 200


def of_names(names: str) -> int:
    """Bits for the class names and ids in ``names``; each name is tried whole and in its parts."""
    return _known_names(names) if len(names) <= LONG_NAMES else _of_names(names)


def _of_names(names: str) -> int:
    bits = 0
    for name in names.split()[:24]:
        bits |= _of_name(name[:80])
    return bits


_known_names = lru_cache(maxsize=8192)(_of_names)


def of_tag(tag: str) -> int:
    """Bits for an element's name."""
    return TAGS.get(tag, 0)
