"""Packs language data: small on disk, and read with little memory."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterable, Sequence

from zstandard import ZstdCompressionParameters, ZstdCompressor

__all__ = ["packed", "parted", "rows"]

_WINDOW = 20
"""Binary logarithm of the bytes that a reader has to hold: a megabyte."""


def packed(raw: bytes, level: int) -> bytes:
    """Return ``raw`` compressed with Zstandard, for :func:`cleaners.slips.characters.reading`."""
    parameters = ZstdCompressionParameters.from_level(level, source_size=len(raw), window_log=_WINDOW)
    return ZstdCompressor(compression_params=parameters).compress(raw)


def parted(parts: Sequence[bytes]) -> bytes:
    """Return the parts one after the other, behind their sizes."""
    return struct.pack(f"<{len(parts)}I", *map(len, parts)) + b"".join(parts)


def rows(entries: Iterable[tuple[int, int]], contexts: int) -> list[bytes]:
    """Return the parts that :class:`cleaners.slips.rows.Rows` reads.

    ``entries`` are (context, number), sorted; ``contexts`` is how many contexts there are.
    """
    bits = bytearray(-(-contexts // 8))
    lengths: list[int] = []
    gaps: list[int] = []
    last, before = -1, 0
    for context, number in entries:
        if context != last:
            bits[context >> 3] |= 1 << (context & 7)
            lengths.append(0)
            last, before = context, 0
        lengths[-1] += 1
        gaps.append(number - before)
        before = number
    return [bytes(bits), _planes(lengths), _planes(gaps)]


def _planes(numbers: Iterable[int]) -> bytes:
    """Return 16-bit numbers, all low bytes before all high ones."""
    data = b"".join(number.to_bytes(2, "little") for number in array("H", numbers))
    return data[0::2] + data[1::2]
