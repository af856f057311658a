"""The right codecs: how bytes, some of them lost, form characters.

A pattern is a tuple of byte values; a lost byte is a frozenset of the values it may have had,
or ``None`` for any. :meth:`Truth.fit` lists the characters that a complete pattern may stand
for, commonest first, with their bytes.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property, lru_cache

from cleaners.mojibake.hanzi import MARKS, hanzi
from cleaners.mojibake.readings import Reading

__all__ = ["Fit", "Pattern", "Truth", "truth"]

Pattern = tuple[int | frozenset[int] | None, ...]
Fit = tuple[tuple[str, bytes], ...]

MOST = 200
"""Characters tried for one pattern."""

CACHED = 20_000


class Truth:
    """A codec that bytes were meant for: UTF-8, or pairs of bytes (GBK, Big5)."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._utf8 = name == "utf-8"
        self._known: dict[tuple[Pattern, str], Fit] = {}

    def need(self, lead: int | frozenset[int] | None) -> int:
        """Return how many bytes a character has that starts with ``lead``."""
        if not self._utf8:
            return 2
        if not isinstance(lead, int) or 0xE0 <= lead < 0xF0:
            return 3
        return 2 if lead < 0xE0 else 4

    def leads(self, byte: int) -> bool:
        """Tell whether ``byte`` may start a character of several bytes."""
        return 0xC2 <= byte <= 0xF4 if self._utf8 else 0x81 <= byte <= 0xFE

    def follows(self, byte: int) -> bool:
        """Tell whether ``byte`` may come later in a character of several bytes."""
        return 0x80 <= byte <= 0xBF if self._utf8 else 0x40 <= byte <= 0xFE and byte != 0x7F

    @cached_property
    def _by_part(self) -> dict[tuple[int, int, int], list[tuple[str, bytes]]]:
        parts: dict[tuple[int, int, int], list[tuple[str, bytes]]] = defaultdict(list)
        model = hanzi()
        traditional = [c for c in model.folded if c in model.ordinary]
        for char in [*MARKS, *model.characters, *traditional]:
            try:
                raw = char.encode(self.name)
            except UnicodeEncodeError:
                continue
            parts[len(raw), -1, -1].append((char, raw))
            for at, byte in enumerate(raw):
                parts[len(raw), at, byte].append((char, raw))
        return parts

    def fit(self, pattern: Pattern, pair: Reading | None = None) -> Fit:
        """Return the characters that a complete pattern may stand for.

        With ``pair`` the last two bytes were lost together: that reader has no character for them.
        """
        key = (pattern, pair.codecs[0] if pair else "")
        found = self._known.get(key)
        if found is None:
            firm = bytes(b for b in pattern if isinstance(b, int))
            found = self._exact(firm) if len(firm) == len(pattern) else self._search(pattern, pair)
            if len(self._known) < CACHED:
                self._known[key] = found
        return found

    def _exact(self, raw: bytes) -> Fit:
        try:
            char = raw.decode(self.name)
        except UnicodeDecodeError:
            return ()
        return ((char, raw),) if len(char) == 1 else ()

    def _search(self, pattern: Pattern, pair: Reading | None) -> Fit:
        size = len(pattern)
        firm = [(at, b) for at, b in enumerate(pattern) if isinstance(b, int)]
        sets = [(at, b) for at, b in enumerate(pattern) if isinstance(b, frozenset)]
        lists = [self._by_part.get((size, at, b), []) for at, b in firm]
        pool = min(lists, key=len) if lists else self._by_part[size, -1, -1]
        fitting = (
            item
            for item in pool
            if all(item[1][at] == b for at, b in firm)
            and all(item[1][at] in b for at, b in sets)
            and (pair is None or item[1][-1] in pair.after(item[1][-2]))
        )
        return tuple(item for _, item in zip(range(MOST), fitting, strict=False))


@lru_cache(maxsize=8)
def truth(name: str) -> Truth:
    """Return the codec of that name: ``utf-8``, ``gbk`` or ``big5hkscs``."""
    return Truth(name)
