"""Codecs of pairs of bytes as flat tables, both ways: a few hundred kilobytes for all of them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

__all__ = [
    "PYTHON_CODECS",
    "SHIFT",
    "TAILS",
    "WHATWG_1252",
    "WHATWG_GBK",
    "Bytes",
    "Table",
    "bytes_of",
    "table",
]

WHATWG_1252 = "whatwg-1252"
"""Windows-1252 as browsers have it: the five bytes without a character are control characters."""


WHATWG_GBK = "whatwg-gb18030"
"""GB18030 as browsers have it: the byte 0x80 is the euro sign."""

PYTHON_CODECS = {WHATWG_1252: "cp1252", WHATWG_GBK: "gb18030"}
"""What comes nearest to them in Python."""


SHIFT = 8
TAILS = tuple(y for y in range(0x40, 0x100) if y != 0x7F)
"""The bytes that may stand second in a pair."""


class Table:
    """The character of each byte, or pair of bytes, above ASCII that has one in a codec.

    Flat: a code point for each lead and trail, the trail 0 for a byte alone, 0 where there is none.
    """

    __slots__ = ("codes",)

    def __init__(self, codec: str) -> None:
        self.codes = array("I", bytes(4 << SHIFT + 7))
        known = PYTHON_CODECS.get(codec, codec)
        for place, raw in _codes():
            try:
                char = raw.decode(known)
            except UnicodeDecodeError:
                if codec not in PYTHON_CODECS or len(raw) > 1 or (codec == WHATWG_GBK and raw != b"\x80"):
                    continue
                char = "€" if codec == WHATWG_GBK else chr(raw[0])
            if len(char) == 1:
                self.codes[place] = ord(char)

    def get(self, raw: bytes) -> str | None:
        """Return the character that one or two bytes stand for; the first is above ASCII."""
        code = self.codes[raw[0] - 0x80 << SHIFT | (raw[1] if len(raw) > 1 else 0)]
        return chr(code) if code else None


table = lru_cache(maxsize=16)(Table)


def _codes() -> Iterator[tuple[int, bytes]]:
    for lead in range(0x80, 0x100):
        yield lead - 0x80 << SHIFT, bytes((lead,))
        for trail in range(0x40, 0xFF):
            yield lead - 0x80 << SHIFT | trail, bytes((lead, trail))


def _place(raw: int) -> int:
    return raw - 0x8000 if raw > 0xFF else raw - 0x80 << SHIFT


class Bytes(Mapping[str, bytes]):
    """The bytes that each character stands for under some tables, the first that has it."""

    __slots__ = ("_count", "_far", "_near", "others")

    def __init__(self, tables: Iterable[Table]) -> None:
        self._near = array("H", bytes(1 << 17))
        self._far: dict[int, int] = {}  # beyond the basic plane
        self.others: dict[str, bytes] = {}
        """The other bytes of characters that stand twice in a table."""
        for one in tables:
            for place, code in enumerate(one.codes):
                raw = place + 0x8000 if place & 0xFF else (place >> SHIFT) + 0x80
                if code > 0xFFFF:
                    self._far.setdefault(code, raw)
                elif code and not self._near[code]:
                    self._near[code] = raw
                elif (
                    code
                    and raw > 0xFF
                    and self._near[code] != raw
                    and one.codes[_place(self._near[code])] == code
                ):
                    self.others[chr(code)] = raw.to_bytes(2)
        self._count = len(self._far) + sum(map(bool, self._near))

    def __getitem__(self, char: str) -> bytes:
        code = ord(char)
        raw = self._near[code] if code < 0x10000 else self._far.get(code, 0)
        if not raw:
            raise KeyError(char)
        return raw.to_bytes(2 if raw > 0xFF else 1)

    def get(self, char: str, default: bytes = b"") -> bytes:  # type: ignore[override]
        """Return the bytes of a character, or ``default``."""
        code = ord(char)
        raw = self._near[code] if code < 0x10000 else self._far.get(code, 0)
        return raw.to_bytes(2 if raw > 0xFF else 1) if raw else default

    def __iter__(self) -> Iterator[str]:
        yield from (chr(code) for code, raw in enumerate(self._near) if raw)
        yield from map(chr, self._far)

    def __len__(self) -> int:
        return self._count


@lru_cache(maxsize=32)
def bytes_of(codecs: tuple[str, ...]) -> Bytes:
    """Return the bytes of each character under codecs, the first that has it; shared by all who ask."""
    return Bytes(map(table, codecs))
