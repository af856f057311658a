"""The right codecs: how bytes, some of them lost, form characters.

A pattern is a tuple of byte values; a lost byte is a frozenset of the values it may have had,
or ``None`` for any. :meth:`Truth.fit` lists the characters that a complete pattern may stand
for, commonest first, with their bytes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache

from cleaners.mojibake.hanzi import MARKS
from cleaners.mojibake.readings import Reading

__all__ = ["Fit", "Pattern", "Truth", "Wrong", "truth"]

Pattern = tuple[int | frozenset[int] | None, ...]

CACHED = 60_000
"""Characters that the fits which a codec remembers hold together, and what a fit costs beside them."""
FIT = 6


MOST = 30_000
"""More characters than there are."""


class Fit:
    """The characters that a pattern may stand for, and the last byte of each."""

    __slots__ = ("chars", "lasts")

    def __init__(self, chars: str = "", lasts: bytes = b"") -> None:
        self.chars, self.lasts = chars, lasts

    def last(self, char: str) -> int:
        """Return the last byte of one of the characters."""
        return self.lasts[self.chars.index(char)]


_NONE = Fit()


class Truth:
    """A codec that bytes were meant for: UTF-8, or pairs of bytes (GBK, Big5)."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._utf8 = name == "utf-8"
        self._known: dict[tuple[Pattern, str, int], Fit] = {}
        self._held = 0

    def need(self, lead: int | frozenset[int] | None) -> int:
        """Return how many bytes a character has that starts with ``lead``."""
        if not self._utf8:
            return 2
        if not isinstance(lead, int) or 0xE0 <= lead < 0xF0:
            return 3
        return 2 if lead < 0xE0 else 4

    def hold(self, pending: Pattern) -> int:
        """Return about what the bytes of a character begun will cost more than those not begun."""
        firm = sum(isinstance(b, int) for b in pending)
        if not self._utf8:
            return 25 * firm
        return (0, 5, 25, 35)[firm]

    def leads(self, byte: int) -> bool:
        """Tell whether ``byte`` may start a character of several bytes."""
        return 0xC2 <= byte <= 0xF4 if self._utf8 else 0x81 <= byte <= 0xFE

    def follows(self, byte: int) -> bool:
        """Tell whether ``byte`` may come later in a character of several bytes."""
        return 0x80 <= byte <= 0xBF if self._utf8 else 0x40 <= byte <= 0xFE and byte != 0x7F

    @cached_property
    def _by_part(self) -> dict[tuple[int, int, int], str]:
        parts: dict[tuple[int, int, int], list[str]] = defaultdict(list)
        for char in _written():
            try:
                raw = char.encode(self.name)
            except UnicodeEncodeError:
                continue
            parts[len(raw), -1, -1].append(char)
            for at, byte in enumerate(raw):
                parts[len(raw), at, byte].append(char)
        return {part: "".join(chars) for part, chars in parts.items()}

    def fit(self, pattern: Pattern, reading: Reading, most: int = MOST) -> Fit:
        """Return the characters that a complete pattern may stand for, at most so many.

        ``reading`` has no character for two bytes that were lost one after the other.
        """
        firm = bytes(b for b in pattern if isinstance(b, int))
        key = (pattern, "" if len(firm) >= len(pattern) - 1 else reading.name + reading.codecs[0], most)
        found = self._known.get(key)
        if found is None:
            found = self._exact(firm) if len(firm) == len(pattern) else self._search(pattern, reading, most)
            self._held += len(found.chars) + FIT
            if self._held > CACHED:
                self._known.clear()
                self._held = len(found.chars) + FIT
            self._known[key] = found
        return found

    def _exact(self, raw: bytes) -> Fit:
        try:
            char = raw.decode(self.name)
        except UnicodeDecodeError:
            return _NONE
        return Fit(char, raw[-1:]) if len(char) == 1 else _NONE

    def _search(self, pattern: Pattern, reading: Reading, most: int) -> Fit:
        size = len(pattern)
        firm = [(at, b) for at, b in enumerate(pattern) if isinstance(b, int)]
        sets = [(at, b) for at, b in enumerate(pattern) if isinstance(b, frozenset)]
        lost = [at for at in range(1, size) if not isinstance(pattern[at - 1], int)]
        lost = [at for at in lost if not isinstance(pattern[at], int)]
        lists = [self._by_part.get((size, at, b), "") for at, b in firm]
        pool = min(lists, key=len) if lists else self._by_part[size, -1, -1]
        chars: list[str] = []
        lasts = bytearray()
        for char in pool:
            raw = char.encode(self.name)
            if (
                all(raw[at] == b for at, b in firm)
                and all(raw[at] in b for at, b in sets)
                and all(raw[at] in reading.after(raw[at - 1]) for at in lost)
            ):
                chars.append(char)
                lasts.append(raw[-1])
                if len(chars) == most:
                    break
        return Fit("".join(chars), bytes(lasts))


@dataclass(frozen=True, slots=True)
class Wrong:
    """How text was read wrongly: by whom, and what happens to bytes without a character.

    ``pair``: both bytes are lost at once. ``dropped``: no mark stands for them. ``wide``: it is
    established that it was read so, and more hypotheses are worth the work.
    """

    truth: Truth
    reading: Reading
    pair: bool = False
    dropped: bool = False
    wide: bool = False


def _written() -> list[str]:
    """Return the characters that may have been lost, the commonest first: marks, and what the model knows."""
    from cleaners.slips.characters import characters
    from cleaners.slips.ngrams import chinese

    order = chinese().ids
    usual = [
        (order[info.simplified], char)
        for char, info in characters().items()
        if info.simplified in order and info.script != "r"
    ]
    return [*MARKS, *(char for _, char in sorted(usual))]


@lru_cache(maxsize=8)
def truth(name: str) -> Truth:
    """Return the codec of that name: ``utf-8``, ``gbk`` or ``big5hkscs``."""
    return Truth(name)
