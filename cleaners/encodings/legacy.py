"""Decode as the WHATWG Encoding Standard does, where Python's codecs differ."""

from __future__ import annotations

import codecs
import re
from functools import cache

__all__ = ["read"]

_PAIRS = frozenset({"big5hkscs", "cp932", "cp949", "euc-jp"})


# Bytes where the standard's index of a single-byte encoding differs from Python's table.
_SINGLE = {"koi8-u": {0xAE: "ў", 0xBE: "Ў"}, "windows-1255": {0xCA: "\u05ba"}}

# Pairs that the 2000 edition of GB 18030, which Python knows, sent to the private use area, and what
# they stand for since the editions of 2005 and 2022, as in the standard's index.
_GB_2022 = str.maketrans(
    dict(
        zip(
            "\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793",
            "\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16",
            strict=True,
        )
    )
    | dict(zip("\ue794\ue795\ue796\ue7c7\ue5e5", "\ufe17\ufe18\ufe19\u1e3f\u3000", strict=True))
    | dict(
        zip("\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864", map(chr, range(0x9FB4, 0x9FBC)), strict=True)
    )
)
_GB_2022_ANY = re.compile(f"[{''.join(map(chr, _GB_2022))}]")


def _resume(error: UnicodeError) -> tuple[str, int]:
    """Replace one bad sequence and go on where the standard does: an ASCII byte is never swallowed."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    data, at = error.object, error.start
    width = 2 if 0x81 <= data[at] <= 0xFE and at + 1 < len(data) and data[at + 1] >= 0x80 else 1
    return "\ufffd", at + width


def _resume_gb(error: UnicodeError) -> tuple[str, int]:
    """Resume as :func:`_resume`, and read a lone 0x80 as the euro sign, as the standard's decoder does."""
    if isinstance(error, UnicodeDecodeError) and error.object[error.start] == 0x80:
        return "\u20ac", error.start + 1
    return _resume(error)


codecs.register_error("cleaners.resume", _resume)
codecs.register_error("cleaners.resume-gb", _resume_gb)


@cache
def _single(encoding: str) -> str:
    """Give the decoding table of a single-byte encoding, its C1 holes filled as the standard does."""
    table = []
    for byte in range(256):
        c = bytes((byte,)).decode(encoding, "replace")
        table.append(chr(byte) if c == "\ufffd" and 0x80 <= byte < 0xA0 else c)
    for byte, c in _SINGLE.get(encoding, {}).items():
        table[byte] = c
    return "".join(table)


def read(body: bytes, encoding: str) -> str:
    """Decode ``body``; what does not fit becomes U+FFFD. ``encoding`` is one that labels map to."""
    if encoding == "gb18030":
        text = body.decode(encoding, "cleaners.resume-gb")
        return text.translate(_GB_2022) if _GB_2022_ANY.search(text) else text
    if encoding in _PAIRS:
        return body.decode(encoding, "cleaners.resume")
    if encoding.startswith(("utf-", "iso-2022", "iso2022", "hz")):
        return body.decode(encoding, "replace")
    return codecs.charmap_decode(body, "replace", _single(encoding))[0]
