"""Codecs as wrong readers: which bytes a character stood for, and what a reader makes of bytes.

A wrong reading turns bytes into text with the wrong codec. To undo it one needs the bytes
again: :attr:`Reading.bytes_of` maps each character that the reader can produce back to them.
Readers differ in the extent of their tables and in what they do with bytes that have no
character; :meth:`Reading.forward` plays those manners, so that a repair can be checked
against the text that was seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from sys import intern

__all__ = ["READINGS", "Manner", "Reading"]

WHATWG_1252 = "whatwg-1252"
"""Windows-1252 as browsers have it: the five bytes without a character are control characters."""


WHATWG_GBK = "whatwg-gb18030"
"""GB18030 as browsers have it: the byte 0x80 is the euro sign."""

_PYTHON = {WHATWG_1252: "cp1252", WHATWG_GBK: "gb18030"}


@dataclass(frozen=True, slots=True)
class Manner:
    """A codec, and what its reader does with a pair of bytes that has no character.

    ``pair`` consumes both bytes at once, but reads a second byte below 0x80 again (the WHATWG
    Encoding Standard); otherwise only the first byte is lost. ``mark`` is written in their place.
    """

    codec: str
    pair: bool
    mark: str


@lru_cache(maxsize=16)
def _table(codec: str) -> dict[bytes, str]:
    """Return the character of each byte or pair of bytes that has one in ``codec``."""
    table: dict[bytes, str] = {}
    for raw in _codes():
        try:
            char = raw.decode(_PYTHON.get(codec, codec))
        except UnicodeDecodeError:
            if codec not in _PYTHON or len(raw) > 1 or (codec == WHATWG_GBK and raw != b"\x80"):
                continue
            char = "€" if codec == WHATWG_GBK else chr(raw[0])
        if len(char) == 1:
            table[raw] = intern(char)  # tables overlap
    return table


@lru_cache(maxsize=1)
def _codes() -> tuple[bytes, ...]:
    leads = range(0x80, 0x100)
    pairs = (bytes((lead, trail)) for lead in leads for trail in range(0x40, 0xFF))
    return (*(bytes((lead,)) for lead in leads), *pairs)


@dataclass(frozen=True)
class Reading:
    """A wrong reader under the codecs that go by its name, the widest first."""

    name: str
    codecs: tuple[str, ...]
    invisible: frozenset[int] = frozenset()
    """Bytes whose characters are often washed away later: no-break space, soft hyphen."""

    @cached_property
    def bytes_of(self) -> dict[str, bytes]:
        """Each character that this reader can produce, and the bytes it stands for."""
        back: dict[str, bytes] = {}
        for codec in self.codecs:
            for raw, char in _table(codec).items():
                back.setdefault(char, raw)
        return back

    @cached_property
    def variants(self) -> tuple[Reading, ...]:
        """The reader with one table at a time: which bytes can be lost depends on it."""
        return tuple(Reading(self.name, (codec,), self.invisible) for codec in self.codecs)

    def washed(self, seen: str) -> Reading:
        """Return this reader with only those invisible characters that ``seen`` does not have."""
        gone = frozenset(b for b in self.invisible if chr(b) not in seen)
        return self if gone == self.invisible else _narrowed(self, gone)

    @cached_property
    def _unreadable(self) -> tuple[tuple[frozenset[int], ...], tuple[frozenset[int], ...]]:
        """For each byte, the bytes that make no character with it: after it, and before it."""
        tables = [_table(codec) for codec in self.codecs]
        leads = [x for x in range(0x80, 0x100) if any(bytes((x,)) not in t for t in tables)]
        tails = [y for y in range(0x40, 0x100) if y != 0x7F]
        bad = {(x, y) for x in leads for y in tails if any(bytes((x, y)) not in t for t in tables)}
        after = tuple(frozenset(y for y in tails if (x, y) in bad) for x in range(256))
        lone = frozenset(leads) | self.invisible
        before = tuple(
            frozenset(x for x in leads if (x, y) in bad) | self.invisible if y in tails else lone
            for y in range(256)
        )
        return after, before

    def after(self, byte: int) -> frozenset[int]:
        """Return the second bytes that may be lost together with ``byte``."""
        return self._unreadable[0][byte]

    def before(self, byte: int) -> frozenset[int]:
        """Return the bytes that may be lost when ``byte`` stands next."""
        return self._unreadable[1][byte]

    @cached_property
    def lone(self) -> frozenset[int]:
        """The bytes that may be lost when nothing that can belong to them stands next."""
        return self.before(0)

    def raws(self, text: str) -> list[bytes | None]:
        """Return for each character the bytes it stands for: none if it marks lost ones.

        None for a character that this reader never produces.
        """
        back = self.bytes_of
        out: list[bytes | None] = []
        for char in text:
            if char < "\x80":
                out.append(char.encode())
            elif char == "\ufffd":
                out.append(b"")
            else:
                out.append(back.get(char) or self._long(char))
        return out

    def _long(self, char: str) -> bytes | None:
        if not self.codecs[-1].endswith("gb18030") or "\ud800" <= char <= "\udfff" or char == "\ufffd":
            return None
        return char.encode("gb18030")

    def forward(self, raw: bytes, manner: Manner) -> str:
        """Read ``raw`` as this reader would, with its ``manner`` for bytes without a character."""
        table = _table(manner.codec)
        out: list[str] = []
        at = 0
        while at < len(raw):
            step, char = _read(table, raw, at, manner)
            out.append(char)
            at += step
        return "".join(out)

    def reproduces(self, raw: bytes, seen: str) -> bool:
        """Tell whether one of the manners of reading turns ``raw`` into exactly ``seen``."""
        marks = ("\ufffd",) if "\ufffd" in seen else ("?", "")
        for codec in self.codecs:
            for mark in marks:
                for pair in (True, False):
                    text = self.forward(raw, Manner(codec, pair, mark))
                    if text == seen or (self.invisible and _wash(text, self.invisible) == seen):
                        return True
        return False


def _wash(text: str, invisible: frozenset[int]) -> str:
    return text.translate(dict.fromkeys(invisible))


@lru_cache(maxsize=32)
def _narrowed(reader: Reading, invisible: frozenset[int]) -> Reading:
    return Reading(reader.name, reader.codecs, invisible)


def _read(table: dict[bytes, str], raw: bytes, at: int, manner: Manner) -> tuple[int, str]:
    if raw[at] < 0x80:
        return 1, chr(raw[at])
    if (char := table.get(raw[at : at + 1])) is not None:
        return 1, char
    two = raw[at : at + 2]
    if (char := table.get(two)) is not None:
        return 2, char
    if manner.codec in ("gb18030", WHATWG_GBK) and len(two) == 2 and 0x30 <= two[1] <= 0x39:
        four = raw[at : at + 4].decode("gb18030", "replace")
        if len(four) == 1 and four != "\ufffd":
            return 4, four
    return (2 if manner.pair and len(two) == 2 and two[1] >= 0x80 else 1), manner.mark


READINGS = {
    "latin": Reading("latin", (WHATWG_1252, "latin-1", "cp1252"), frozenset((0xA0, 0xAD))),
    "gb18030": Reading("gb18030", ("gbk", WHATWG_GBK, "gb18030")),
    "big5": Reading("big5", ("big5hkscs", "cp950", "big5")),
    "shift_jis": Reading("shift_jis", ("cp932", "shift_jis")),
    "euc_kr": Reading("euc_kr", ("cp949", "euc_kr")),
}
"""The wrong readers, by the name that families use."""
