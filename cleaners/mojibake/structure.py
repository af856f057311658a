"""UTF-8 read as a codec of pairs: found by the strict structure of its bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from cleaners.mojibake.plausible import mean, ordinary
from cleaners.mojibake.readings import READINGS, Reading
from cleaners.mojibake.spans import Span, reread
from cleaners.mojibake.tongue import Tongues

__all__ = ["by_structure"]


@lru_cache(maxsize=8)
def _compatible(name: str) -> re.Pattern[str]:
    """Return the pattern of runs that UTF-8 bytes of Chinese text may turn into."""

    def fits(raw: bytes) -> bool:
        first, last = raw[0], raw[-1]
        high = 0x80 <= first <= 0xBF or 0xE2 <= first <= 0xEF or first in (0xC2, 0xC3, 0xF0)
        tail = 0x80 <= last <= 0xBF or 0xE2 <= last <= 0xEF or last in (0xC2, 0xC3, 0xF0)
        return high and (tail or (last < 0x80 and first <= 0xBF))

    found = [c for c, raw in READINGS[name].bytes_of.items() if fits(raw)]
    chars = "".join(re.escape(c) for c in found if c <= "\uffff")
    if any(c > "\uffff" for c in found):
        chars += "\U00020000-\U0003ffff"  # all of them: single ones make the class slow
    return re.compile(f"\ufffd{{0,3}}[{chars}](?:[{chars}\x20-\x7e\ufffd]*[{chars}\ufffd?])?")


_WHOLE = re.compile(
    rb"(?:[\x09\x20-\x7e]|[\xc2\xc3][\x80-\xbf]|[\xe2-\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2})+"
)
_TRIPLE = re.compile(rb"[\xe2-\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}")


def by_structure(line: str, name: str, tongues: Tongues) -> Iterator[Span]:
    """Yield the stretches of ``line`` that are UTF-8 read by the reader ``name``."""
    reader = READINGS[name]
    for run in _compatible(name).finditer(line):
        first, last = _inner(run[0], reader)
        seen = run[0][first:last]
        if sum(c >= "\x80" for c in seen) < 2:
            continue
        for start, end in islice(_trims(seen, reader), None if tongues.patient else 2):
            found = _accept_structure(seen[start:end], reader, tongues)
            if found is not None:
                text, guessed = found
                rule = f"mojibake.utf8_as_{name}@1"
                at = run.start() + first
                yield Span(at + start, at + end, text, rule, guessed)
                break


def _inner(run: str, reader: Reading) -> tuple[int, int]:
    """Return the run without characters at its ends that would be accented letters of their own.

    Such as 没 (C3 BB, û): beside Chinese text the character itself is the likelier.
    """

    def letter(char: str) -> bool:
        raw = reader.bytes_of.get(char, b"")
        return len(raw) == 2 and raw[0] in (0xC2, 0xC3) and 0x80 <= raw[1] <= 0xBF

    start, end = 0, len(run)
    while start < end and letter(run[start]):
        start += 1
    while end > start and letter(run[end - 1]):
        end -= 1
    return start, end


def _trims(seen: str, reader: Reading) -> Iterator[tuple[int, int]]:
    """Yield parts of a run to try: the longest whole one first, then with less at the ends."""
    sizes = [len(reader.bytes_of.get(c, b"?")) for c in seen]
    edges = {0: 0}
    at = 0
    for index, size in enumerate(sizes, 1):
        at += size
        edges[at] = index
    raw = b"".join(reader.bytes_of.get(c) or (c.encode() if c < "\x80" else b"\xff") for c in seen)
    whole: tuple[int, int] | None = None
    for match in _WHOLE.finditer(raw):
        if match.start() in edges and match.end() in edges:
            start, end = edges[match.start()], edges[match.end()]
            if whole is None or end - start > whole[1] - whole[0]:
                whole = (start, end)
    if whole is not None and whole[1] - whole[0] >= len(seen) - 2 and seen[-1] not in "?\ufffd":
        yield whole
    starts = [i for i in range(min(len(seen), 4)) if _begins(seen[i], reader)][:2]
    lost = sum(c in "?\ufffd" for c in seen)
    for start in starts:
        for end in range(
            len(seen), max(start + 1, len(seen) - (1 if lost > 0.06 * len(seen) + 2 else 3)), -1
        ):
            yield start, end
    if whole is not None:
        yield whole


def _begins(char: str, reader: Reading) -> bool:
    if char == "\ufffd":
        return True
    raw = reader.bytes_of.get(char, b"")
    return bool(raw) and (0xE2 <= raw[0] <= 0xEF or raw[0] in (0xC2, 0xC3, 0xF0))


def _structured(seen: str, reader: Reading) -> bool:
    """Tell cheaply whether the bytes of ``seen`` look like UTF-8, and ``seen`` not like text."""
    raw = b"".join(reader.bytes_of.get(c) or (c.encode() if c < "\x80" else b"\xff") for c in seen)
    high = sum(b >= 0x80 for b in raw)
    share = 0.45 if "\ufffd" in seen or "?" in seen else 0.6
    least = 0 if seen[0] in _SIGNS else share * high
    fits = 3 * len(_TRIPLE.findall(raw)) >= least or _ordered(raw, high)
    return fits and mean(seen) < -9.0


_BROKEN = re.compile(
    rb"[\xe2-\xef](?![\x80-\xbf\xff])|[\xe2-\xef][\x80-\xbf](?![\x80-\xbf\xff])|[\x80-\xbf]{3}"
)
"""What UTF-8 never has; 0xFF stands for lost bytes."""


def _ordered(raw: bytes, high: int) -> bool:
    """Tell whether many bytes, some lost, come in the order of UTF-8."""
    leads = sum(b >= 0xE2 for b in raw) - raw.count(0xFF)
    return high >= 12 and leads * 9 >= high and len(_BROKEN.findall(raw)) * 20 <= high


_SIGNS = frozenset("鈥锛銆")
"""What the first two bytes of common marks become under GBK; no text uses them itself."""


def _accept_structure(seen: str, reader: Reading, tongues: Tongues) -> tuple[str, bool] | None:
    if not _structured(seen, reader):
        return None
    found = reread(seen, reader, "utf-8", tongues)
    if found is None:
        return None
    text, guessed = found
    triples = len(_TRIPLE.findall(text.encode("utf-8")))
    least = 1 if seen[0] in _SIGNS else 2
    if triples < least or ordinary(text) < 0.93:
        return _twice(text, reader, tongues) if not guessed and triples >= 6 else None
    if guessed and (triples < 3 and seen[0] not in _SIGNS):
        return None
    gain = mean(text) - mean(seen)
    return (text, guessed) if gain > (2.5 if guessed or triples < 4 else 1.0) and mean(seen) < -9.0 else None


def _twice(text: str, reader: Reading, tongues: Tongues) -> tuple[str, bool] | None:
    """Accept a text that is still damaged when reading it once more makes it whole."""
    again = reread(text, reader, "utf-8", tongues)
    return (text, False) if again is not None and ordinary(again[0]) > 0.95 else None
