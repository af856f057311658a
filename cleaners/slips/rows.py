"""Rows of sorted numbers, one for each of many contexts, in flat arrays.

Of a million contexts most have no row: a bit says which have, and how many bits are set before it
is the number of its row. An entry, a row's number at a place, can itself be a context of other rows.
See ``cleaners/data/README.md`` for the layout in files.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable
from itertools import accumulate, chain, islice
from sys import byteorder

__all__ = ["MISSING", "Read", "Rows", "read_numbers"]

MISSING = -1
_BLOCK = 512  # contexts whose bits are counted in one go
_SHIFT = _BLOCK.bit_length() - 1
_BYTES = _BLOCK // 8
_CHUNK = 1 << 16

Read = Callable[[int], bytes]
"""Gives the next so many bytes of a file."""


class Rows:
    """The rows; ``entries`` are the numbers of all of them, one row after the other."""

    __slots__ = ("_before", "_bits", "_starts", "entries")

    def __init__(self, read: Read, sizes: tuple[int, int, int]) -> None:
        """``sizes`` are the bytes of the bits, the lengths of the rows, and their entries."""
        self._bits = read(sizes[0])
        blocks = (self._bits[at : at + _BYTES] for at in range(0, len(self._bits), _BYTES))
        counts = (int.from_bytes(block, "little").bit_count() for block in blocks)
        self._before = array("I", accumulate(counts, initial=0))
        self._starts = array("I", accumulate(read_numbers(read, sizes[1]), initial=0))
        self.entries = read_numbers(read, sizes[2])
        self._add_up()

    def _add_up(self) -> None:
        """Turn the first number and the gaps of each row into its numbers, in place."""
        entries, starts = self.entries, self._starts
        rows = map(entries.__getitem__, map(slice, starts, islice(starts, 1, None)))
        numbers = chain.from_iterable(map(accumulate, rows))
        for at in range(0, len(entries), _CHUNK):
            entries[at : at + _CHUNK] = array("H", islice(numbers, _CHUNK))

    def find(self, context: int) -> tuple[int, int, int]:
        """Return the number of a context's row, and where its entries begin and end.

        (``MISSING``, 0, 0) if it has none.
        """
        bits = self._bits
        if not bits[context >> 3] >> (context & 7) & 1:
            return MISSING, 0, 0
        block = context >> _SHIFT
        below = int.from_bytes(bits[block * _BYTES : (context >> 3) + 1], "little")
        inside = below & ((1 << (context & _BLOCK - 1)) - 1)
        row = self._before[block] + inside.bit_count()
        return row, self._starts[row], self._starts[row + 1]

    def place(self, number: int, begin: int, end: int) -> int:
        """Return where ``number`` stands between two places of a row, or ``MISSING``."""
        place = bisect_left(self.entries, number, begin, end)
        return place if place < end and self.entries[place] == number else MISSING


def read_numbers(read: Read, size: int) -> array[int]:
    """Return the 16-bit numbers in the next ``size`` bytes: all low bytes, then all high ones."""
    data = bytearray(size)
    data[0::2], data[1::2] = read(size // 2), read(size // 2)
    numbers = array("H", [0]) * (size // 2)
    memoryview(numbers).cast("B")[:] = data
    if byteorder == "big":
        numbers.byteswap()
    return numbers
