"""Encodings whose bytes are not ASCII with something above it: UTF-16, UTF-32, and those with escapes."""

from __future__ import annotations

import re
from collections import Counter

from cleaners.encodings.scoring import ANY, text_cost

__all__ = ["escaped", "from_mark", "wide"]

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_WIDTH = {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}
_PROBE = 4096
# Half bits per byte: Chinese in its own encoding takes 10 to 11, in UTF-16 markup takes 4.
_REAL_TEXT = 15.5

_ISO_2022_JP = re.compile(rb"\x1b(?:\$[@B]|\([JI]|\$\(D)")
_ISO_2022_KR = re.compile(rb"\x1b\$\)C")
_HZ = re.compile(rb"~\{(?:[\x21-\x77][\x21-\x7e]){2,400}~\}")


def from_mark(body: bytes) -> tuple[str, int] | None:
    """Return the encoding that a byte order mark names and the mark's length."""
    return next(((name, len(mark)) for mark, name in _MARKS if body.startswith(mark)), None)


def wide(body: bytes) -> tuple[str, float] | None:
    """Return the likeliest of UTF-16 and UTF-32 without a mark, and its half bits per byte.

    None when none of them reads the body as real text.
    """
    best: tuple[str, float] | None = None
    for name, width in _WIDTH.items():
        if width == 4 and b"\0" not in body:
            continue
        probe = body[: min(_PROBE, len(body) - len(body) % width)]
        if not probe:
            continue
        text = probe.decode(name, "replace").replace("\0", "\ufffd")
        if text.count("\ufffd") > len(text) // 20:
            continue
        rate = text_cost(Counter(text), ANY) / len(probe)
        if rate <= _REAL_TEXT and (best is None or rate < best[1]):
            best = (name, rate)
    return best


def escaped(body: bytes) -> str | None:
    """Return the encoding with shift sequences that a body of ASCII bytes is written in, if any."""
    if not body.isascii():
        return None
    if b"\x1b" in body:
        if _ISO_2022_KR.search(body):
            return "iso2022_kr"
        if _ISO_2022_JP.search(body):
            return "iso2022_jp_ext"
    if b"~{" in body and _HZ.search(body):
        try:
            text = body.decode("hz")
        except UnicodeDecodeError:
            return None
        shifted = Counter(c for c in text if c > "\x7f")
        if text_cost(shifted, "zh-Hans") < 24 * shifted.total():
            return "hz"
    return None
