"""What a line talks of: pairs of Chinese characters and longer words; for folded text."""

from __future__ import annotations

import re

__all__ = ["terms"]

HAN_PAIR = re.compile(r"(?=([\u3400-\u9fff]{2}))")
WORD = re.compile(r"[^\W\d_]{4,}")
HAN = re.compile(r"[\u3400-\u9fff]")


def terms(text: str) -> set[str]:
    """The words of ``text``, without regard to how often they stand in it."""
    if not HAN.search(text):
        return set(WORD.findall(text))
    found = set(HAN_PAIR.findall(text))
    found.update(w for w in WORD.findall(text) if not HAN.search(w))
    return found
