"""The last resort for bytes that no usual encoding reads as real text."""

from __future__ import annotations

from collections import Counter

from cleaners.encodings.labels import encoding_of
from cleaners.encodings.legacy import read
from cleaners.encodings.scoring import ANY, text_cost
from cleaners.encodings.wide import wide

__all__ = ["guess"]

_PROBE = 8192


def guess(body: bytes, thorough: bool) -> tuple[str, float] | None:
    """Return an encoding and its half bits per byte: UTF-16 without NUL bytes, or charset-normalizer's.

    charset-normalizer is asked only when ``thorough``: it takes longer than all the rest.
    """
    if (found := wide(body)) or not thorough:
        return found
    from charset_normalizer import from_bytes  # slow to import, and seldom needed

    best = from_bytes(body[:_PROBE], enable_fallback=False).best()
    name = encoding_of(best.encoding.replace("_", "-")) if best else None
    if not name or name in ("replacement", "x-user-defined"):
        return None
    text = read(body[:_PROBE], name)
    return name, text_cost(Counter(text.replace("\0", "\ufffd")), ANY) / len(body[:_PROBE])
