"""Decode as the WHATWG Encoding Standard does, where Python's codecs differ."""

from __future__ import annotations

import codecs
from functools import cache

__all__ = ["read"]

_PAIRS = frozenset({"gb18030", "big5hkscs", "cp932", "cp949", "euc-jp"})


def _resume(error: UnicodeError) -> tuple[str, int]:
    """Replace one bad sequence and go on where the standard does: an ASCII byte is never swallowed."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    data, at = error.object, error.start
    if data[at] == 0x80:
        return "\u20ac", at + 1  # the standard's gb18030 decoder; a control elsewhere
    width = 2 if 0x81 <= data[at] <= 0xFE and at + 1 < len(data) and data[at + 1] >= 0x80 else 1
    return "\ufffd", at + width


codecs.register_error("cleaners.resume", _resume)


@cache
def _single(encoding: str) -> str:
    """Give the decoding table of a single-byte encoding, its C1 holes filled as the standard does."""
    table = []
    for byte in range(256):
        c = bytes((byte,)).decode(encoding, "replace")
        table.append(chr(byte) if c == "\ufffd" and 0x80 <= byte < 0xA0 else c)
    return "".join(table)


def read(body: bytes, encoding: str) -> str:
    """Decode ``body``; what does not fit becomes U+FFFD. ``encoding`` is one that labels map to."""
    if encoding in _PAIRS:
        return body.decode(encoding, "cleaners.resume")
    if encoding.startswith(("utf-", "iso-2022", "iso2022", "hz")):
        return body.decode(encoding, "replace")
    return codecs.charmap_decode(body, "replace", _single(encoding))[0]
