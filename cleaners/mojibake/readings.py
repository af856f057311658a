"""Codecs as wrong readers: which bytes a character stood for, and what a reader makes of bytes.

A wrong reading turns bytes into text with the wrong codec. To undo it one needs the bytes
again: :attr:`Reading.bytes_of` maps each character that the reader can produce back to them.
Readers differ in the extent of their tables and in what they do with bytes that have no
character; :meth:`Reading.forward` plays those manners, so that a repair can be checked
against the text that was seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from cleaners.mojibake.tables import SHIFT, TAILS, WHATWG_1252, WHATWG_GBK, Bytes, Table, bytes_of, table

__all__ = ["READINGS", "Manner", "Reading"]


@dataclass(frozen=True, slots=True)
class Manner:
    """A codec, and what its reader does with a pair of bytes that has no character.

    ``pair`` consumes both bytes at once, but reads a second byte below 0x80 again (the WHATWG
    Encoding Standard); otherwise only the first byte is lost. ``mark`` is written in their place.
    """

    codec: str
    pair: bool
    mark: str


@dataclass(frozen=True)
class Reading:
    """A wrong reader under the codecs that go by its name, the widest first."""

    name: str
    codecs: tuple[str, ...]
    invisible: frozenset[int] = frozenset()
    """Bytes whose characters are often washed away later: no-break space, soft hyphen."""

    @cached_property
    def bytes_of(self) -> Bytes:
        """Each character that this reader can produce, and the bytes it stands for."""
        return bytes_of(self.codecs)

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
        tables = [table(codec).codes for codec in self.codecs]
        leads = [x for x in range(0x80, 0x100) if not all(t[x - 0x80 << SHIFT] for t in tables)]
        bad = [[y for y in TAILS if not all(t[x - 0x80 << SHIFT | y] for t in tables)] for x in leads]
        after = [_ONE[frozenset()]] * 256
        before: list[set[int]] = [set() for _ in range(256)]
        for x, tails in zip(leads, bad, strict=True):
            after[x] = _one(tails)
            for y in tails:
                before[y].add(x)
        lone = _one((*leads, *self.invisible))
        return tuple(after), tuple(
            _one((*before[y], *self.invisible)) if y in TAILS else lone for y in range(256)
        )

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
        wide = table(manner.codec)
        out: list[str] = []
        at = 0
        while at < len(raw):
            step, char = _read(wide, raw, at, manner)
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


_ONE: dict[frozenset[int], frozenset[int]] = {frozenset(): frozenset()}


def _one(values: Iterable[int]) -> frozenset[int]:
    """Return a set of bytes that is shared by all who have an equal one: tables have many."""
    found = frozenset(values)
    return _ONE.setdefault(found, found)


def _wash(text: str, invisible: frozenset[int]) -> str:
    return text.translate(dict.fromkeys(invisible))


@lru_cache(maxsize=32)
def _narrowed(reader: Reading, invisible: frozenset[int]) -> Reading:
    return Reading(reader.name, reader.codecs, invisible)


def _read(wide: Table, raw: bytes, at: int, manner: Manner) -> tuple[int, str]:
    if raw[at] < 0x80:
        return 1, chr(raw[at])
    if (char := wide.get(raw[at : at + 1])) is not None:
        return 1, char
    two = raw[at : at + 2]
    if len(two) == 2 and (char := wide.get(two)) is not None:
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
