"""Cheap tests that let clean text pass: which families of damage a text may have at all."""

from __future__ import annotations

import re
from functools import lru_cache

from cleaners.mojibake.hanzi import hanzi

__all__ = ["suspects"]

_FOREIGN = {
    "latin": re.compile("[\x80-\xff\u0152-\u02dc‘-•…‰‹›€™\ufffd]{4}|(?:[\xa1-\xf9][\x40-\x7e\xa1-\xfe]){4}"),
    "euc_kr": re.compile("[가-힣][가-힣一-鿿\ufffd?]{2}"),
    "shift_jis": re.compile("[\uff61-\uff9f].{0,3}[\uff61-\uff9f\u7e00-\u8fff\u9000-\u9fff\ufffd?\x80]"),
}


@lru_cache(maxsize=1)
def _rare() -> re.Pattern[str]:
    """Return the pattern of two characters, near to each other, that modern text hardly has."""
    known = hanzi().ordinary_set
    rare = [c for c in range(0x4E00, 0xA000) if chr(c) not in known]
    ranges: list[str] = ["\u3400-\u4dbf", "\ue000-\uf8ff", "\U00020000-\U0003ffff"]
    start = previous = rare[0]
    for code in [*rare[1:], 0x110000]:
        if code != previous + 1:
            ranges.append(f"{chr(start)}-{chr(previous)}")
            start = code
        previous = code
    odd = "".join(ranges)
    return re.compile(f"[{odd}].{{0,6}}[{odd}]|[鈥锛銆鐨]")


def suspects(text: str) -> frozenset[str]:
    """Return the names of the wrong readers that may have produced a part of ``text``."""
    found = {name for name, pattern in _FOREIGN.items() if pattern.search(text)}
    if _rare().search(text):
        found.update(("gb18030", "big5", "shift_jis", "euc_kr") if "\uff61" <= max(text) else ())
        found.update(("gb18030", "big5"))
    return frozenset(found)
