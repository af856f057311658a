"""The form of a text that lexicons are matched on; offsets are those of the text itself."""

from __future__ import annotations

import re
from functools import lru_cache

from cleaners.fixers.script import fold_script

__all__ = ["fold"]

HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0xFF5C: 0x7C}

WIDE = re.compile("[\xa0\u2e80-\U0010ffff]")
"""What a text needs to have to be changed in more than its case; a search is faster than a translation."""


_LINE = 600
"""Characters of a text that is remembered: the steps of one page ask about the same lines."""


def fold(text: str) -> str:
    """Simplified script, half width, lower case, character by character."""
    return _remembered(text) if len(text) <= _LINE else _fold(text)


def _fold(text: str) -> str:
    simple = fold_script(text).translate(HALF) if WIDE.search(text) else text
    lower = simple.lower()
    if len(lower) == len(text):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in simple)


_remembered = lru_cache(maxsize=256)(_fold)
