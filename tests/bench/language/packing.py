"""Packs language data: small on disk, and read with little memory."""

from __future__ import annotations

from zstandard import ZstdCompressionParameters, ZstdCompressor

__all__ = ["packed"]

_WINDOW = 20
"""Binary logarithm of the bytes that a reader has to hold: a megabyte."""


def packed(raw: bytes, level: int) -> bytes:
    """Return ``raw`` compressed with Zstandard, for :func:`cleaners.slips.characters.data_reader`."""
    parameters = ZstdCompressionParameters.from_level(level, source_size=len(raw), window_log=_WINDOW)
    return ZstdCompressor(compression_params=parameters).compress(raw)
