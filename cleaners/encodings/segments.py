"""Pages that mix encodings: find the stretches that the page's encoding cannot read, and read each alone.

The marks ``<``, ``>`` and line ends are single bytes in every encoding that shares ASCII, so they
split the bytes and the decoded text of a page into the same stretches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from cleaners.encodings.candidates import best_for_segment
from cleaners.encodings.legacy import read
from cleaners.encodings.scoring import common_characters

__all__ = ["Mended", "mend"]

_CUTS = re.compile("([<>\n])")
_CUTS_BYTES = re.compile(rb"([<>\n])")
# Each stretch is measured in several encodings: a bound on hostile pages, far over real ones.
_MOST = 100
_NAMED = 20
_UTF8_RUN = re.compile(rb"(?:[\xe2-\xef][\x80-\xbf]{2}|[\x00-\x7f])++")
_HIGH = bytes(range(0x80, 0x100))
_SOLID_UTF8 = re.compile(rb"(?:[\xe2-\xef][\x80-\xbf]{2}){3}")


@dataclass(slots=True)
class Mended:
    """A text with its foreign stretches read in their own encodings; ``remarks`` say where."""

    text: str
    remarks: list[str] = field(default_factory=list)


@cache
def _suspect(encoding: str) -> re.Pattern[str]:
    """Match what the encoding of a page should not read: breaks, and rare characters in a row."""
    if encoding not in ("gb18030", "big5hkscs"):
        return re.compile("\ufffd")
    common = re.escape("".join(sorted(common_characters())))
    return re.compile(f"\ufffd|(?:[^\x00-\x7f{common}][{common}]?){{4}}")


def mend(body: bytes, text: str, encoding: str) -> Mended:
    """Read again, in the encoding that fits best, the stretches of ``body`` that look wrong in ``text``.

    ``text`` is ``body`` read as ``encoding``. A stretch stays as it is unless another encoding
    reads it clearly better.
    """
    suspect = _suspect(encoding)
    if not suspect.search(text.rstrip("\ufffd")):  # a last character that is cut off is no damage
        return Mended(text)
    parts, cuts = _CUTS.split(text), _CUTS_BYTES.split(body)
    if len(parts) != len(cuts):  # an encoding that hides ASCII in its characters: leave it whole
        return Mended(text)
    mended = Mended(text)
    at, tried, broken = 0, 0, 0
    places: list[int] = []
    for i, raw in enumerate(cuts):
        if tried < _MOST and not raw.isascii() and suspect.search(parts[i]):
            tried += 1
            parts[i] = _stretch(raw, parts[i], encoding, at, mended.remarks)
        found = parts[i].count("\ufffd")
        if found and (lost := found - raw.count(b"\xef\xbf\xbd")):
            broken += max(lost, 1)
            if len(places) < _NAMED:
                places += [at + offset for offset in _breaks(raw, encoding)]
        at += len(raw)
    if broken:
        named = ", ".join(map(str, places[:_NAMED]))
        mended.remarks.append(f"{broken} broken sequences in {encoding}, at bytes {named}")
    mended.text = "".join(parts)
    return mended


def _stretch(raw: bytes, text: str, encoding: str, at: int, remarks: list[str]) -> str:
    """Read one stretch: whole in another encoding, or span by span where some of it is solid UTF-8."""
    if other := best_for_segment(raw, encoding):
        remarks.append(f"bytes {at}-{at + len(raw)} read as {other}")
        return read(raw, other)
    spans = list(_spans(raw))
    if len(spans) == 1:
        return text
    out = []
    found = False
    for start, end in spans:
        span = raw[start:end]
        other = best_for_segment(span, encoding)
        if other:
            found = True
            remarks.append(f"bytes {at + start}-{at + end} read as {other}")
        out.append(read(span, other or encoding))
    return "".join(out) if found else text


def _spans(raw: bytes) -> Iterator[tuple[int, int]]:
    """Cut a stretch into spans of solid UTF-8 and the doubtful spans between them."""
    done = 0
    for match in _UTF8_RUN.finditer(raw):
        if not _SOLID_UTF8.search(match[0]):
            continue
        start, end = match.span()
        if raw[start] > 0x7F and _ends_in_half(raw[done:start]):
            start += 3  # the other half and the next character look like UTF-8 too
        if start > done:
            yield done, start
        yield start, end
        done = end
    if done < len(raw):
        yield done, len(raw)


def _ends_in_half(raw: bytes) -> bool:
    """Tell whether bytes end in the first half of a double-byte character."""
    return (len(raw) - len(raw.rstrip(_HIGH))) % 2 == 1


def _breaks(raw: bytes, encoding: str) -> Iterator[int]:
    """Give the offsets of the first byte sequences that ``encoding`` cannot read."""
    at = 0
    for _ in range(_NAMED):
        try:
            raw[at:].decode(encoding)
        except UnicodeDecodeError as error:
            yield at + error.start
            at += error.end
        else:
            return
