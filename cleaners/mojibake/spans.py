"""Where a wrong reading may stand in a line, and whether its re-reading is to be believed.

A re-reading is accepted when it is made of ordinary characters, is much more likely than the
text as it stands, and the wrong reader turns its bytes into exactly the text that was seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from cleaners.mojibake.hanzi import hanzi
from cleaners.mojibake.lattice import Guess, read
from cleaners.mojibake.plausible import as_is, fluent, mean, ordinary
from cleaners.mojibake.readings import HOLE, MAYBE, READINGS, Reading
from cleaners.mojibake.truths import truth

__all__ = ["Span", "by_likelihood", "by_structure", "reread"]

MOST_LOST = 0.22
"""Share of lost places among the units from which a span can not be restored."""


@dataclass(frozen=True, slots=True)
class Span:
    """A damaged stretch ``start:end`` of a line, and what it should read."""

    start: int
    end: int
    text: str
    rule: str
    uncertain: bool = False


_QUOTES = {"“": "”", "‘": "’", "「": "」", "『": "』", "《": "》", "（": "）"}
_CLOSING = {v: k for k, v in _QUOTES.items()}


def _pair_quotes(guess: Guess) -> str:
    """Turn guessed quotation marks and brackets so that they open before they close."""
    out = list(guess.text)
    unsure = set(guess.guessed)
    open_marks: list[str] = []
    for at, char in enumerate(out):
        if char in _QUOTES and at in unsure and (char in open_marks or at == len(out) - 1):
            char = out[at] = _QUOTES[char]
        elif char in _CLOSING and at in unsure and _CLOSING[char] not in open_marks and at < len(out) - 1:
            char = out[at] = _CLOSING[char]
        if char in _QUOTES:
            open_marks.append(char)
        elif char in _CLOSING and _CLOSING[char] in open_marks:
            open_marks.remove(_CLOSING[char])
    return "".join(out)


def _proven(text: str, codec: str, reader: Reading, seen: str) -> bool:
    try:
        return reader.reproduces(text.encode(codec), seen)
    except UnicodeEncodeError:
        return False


def reread(seen: str, reader: Reading, codec: str) -> tuple[str, bool] | None:
    """Return what ``seen`` says under ``codec``, and whether anything had to be guessed.

    None if ``reader`` never produced ``seen``, or if no reading passes the forward check.
    """
    best: tuple[float, str] | None = None
    for table in reader.variants:
        variant = table.washed(seen)
        units = variant.units(seen)
        if units is None:
            continue
        if HOLE not in units and (text := _strict(units, codec)) and _proven(text, codec, variant, seen):
            return text, False
        lost = sum(u < 0 for u in units)
        if lost > MOST_LOST * len(units) + 1 or (not lost and codec != "utf-8"):
            continue
        for pair in (False, True):
            guess = read(units, truth(codec), variant, pair=pair)
            if guess is None or (best is not None and best[0] >= guess.score):
                continue
            for text in dict.fromkeys((_pair_quotes(guess), guess.text)):
                if _proven(text, codec, variant, seen):
                    best = (guess.score, text)
                    break
    return (best[1], True) if best else None


def _strict(units: list[int], codec: str) -> str | None:
    try:
        return bytes(0x3F if u == MAYBE else u for u in units).decode(codec)
    except UnicodeDecodeError:
        return None


@lru_cache(maxsize=8)
def _compatible(name: str) -> re.Pattern[str]:
    """Return the pattern of runs that UTF-8 bytes of Chinese text may turn into."""

    def fits(raw: bytes) -> bool:
        first, last = raw[0], raw[-1]
        high = 0x80 <= first <= 0xBF or 0xE2 <= first <= 0xEF or first in (0xC2, 0xC3, 0xF0)
        tail = 0x80 <= last <= 0xBF or 0xE2 <= last <= 0xEF or last in (0xC2, 0xC3, 0xF0)
        return high and (tail or (last < 0x80 and first <= 0xBF))

    chars = "".join(re.escape(c) for c, raw in READINGS[name].bytes_of.items() if fits(raw))
    return re.compile(f"[{chars}](?:[{chars}\x20-\x7e\ufffd]*[{chars}\ufffd?])?")


_WHOLE = re.compile(
    rb"(?:[\x09\x20-\x7e]|[\xc2\xc3][\x80-\xbf]|[\xe2-\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2})+"
)
_TRIPLE = re.compile(rb"[\xe2-\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}")


def by_structure(line: str, name: str) -> Iterator[Span]:
    """Yield the stretches of ``line`` that are UTF-8 read by the reader ``name``."""
    reader = READINGS[name]
    for run in _compatible(name).finditer(line):
        first, last = _inner(run[0], reader)
        seen = run[0][first:last]
        if sum(c >= "\x80" for c in seen) < 2:
            continue
        for start, end in _trims(seen, reader):
            found = _accept_structure(seen[start:end], reader)
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
    raw = reader.bytes_of.get(char, b"")
    return bool(raw) and (0xE2 <= raw[0] <= 0xEF or raw[0] in (0xC2, 0xC3, 0xF0))


def _structured(seen: str, reader: Reading) -> bool:
    """Tell cheaply whether the bytes of ``seen`` look like UTF-8, and ``seen`` not like text."""
    raw = b"".join(reader.bytes_of.get(c) or (c.encode() if c < "\x80" else b"\xff") for c in seen)
    high = sum(b >= 0x80 for b in raw)
    share = 0.25 if "\ufffd" in seen or "?" in seen else 0.6
    least = 0 if seen[0] in _SIGNS else share * high
    return 3 * len(_TRIPLE.findall(raw)) >= least and mean(seen) < -9.0


_SIGNS = frozenset("鈥锛銆")
"""What the first two bytes of common marks become under GBK; no text uses them itself."""


def _accept_structure(seen: str, reader: Reading) -> tuple[str, bool] | None:
    if not _structured(seen, reader):
        return None
    found = reread(seen, reader, "utf-8")
    if found is None:
        return None
    text, guessed = found
    triples = len(_TRIPLE.findall(text.encode("utf-8")))
    least = 1 if seen[0] in _SIGNS else 2
    if triples < least or ordinary(text) < 0.93:
        return _twice(text, reader) if not guessed and triples >= 6 else None
    if guessed and (triples < 3 and seen[0] not in _SIGNS):
        return None
    gain = mean(text) - mean(seen)
    return (text, guessed) if gain > (2.5 if guessed or triples < 4 else 1.0) and mean(seen) < -9.0 else None


def _twice(text: str, reader: Reading) -> tuple[str, bool] | None:
    """Accept a text that is still damaged when reading it once more makes it whole."""
    again = reread(text, reader, "utf-8")
    return (text, False) if again is not None and ordinary(again[0]) > 0.95 else None


def by_likelihood(line: str, name: str, codec: str) -> Span | None:
    """Return the stretch of ``line`` that is ``codec`` read by ``name``, by likelihood alone."""
    reader = READINGS[name]
    for start, end in _stretches(line, reader, codec):
        seen = line[start:end]
        result = reread(seen, reader, codec)
        if result is not None and _accept_likelihood(seen, result[0]):
            return Span(start, end, result[0], f"mojibake.{_short(codec)}_as_{name}@1", result[1])
    return None


def _accept_likelihood(seen: str, text: str) -> bool:
    count = sum(c >= "\x80" for c in text)
    if count < 4 or ordinary(text) < 0.95:
        return False
    likely, was = fluent(text), mean(seen)
    floor = -8.4 if count >= 10 else -7.9 if count >= 6 else -7.0
    return likely >= floor and (likely - was) * count >= 18.0 and was <= -8.5


def _stretches(line: str, reader: Reading, codec: str) -> Iterator[tuple[int, int]]:
    """Yield what may be damaged: around lost bytes a whole run, else the most gainful part."""
    best = _best_stretch(line, reader, codec) if reader.name != "shift_jis" else None
    if best is None and reader.name != "shift_jis":
        return
    for run in _producible(reader.name).finditer(line):
        start, end = run.span()
        if best is None:
            if _HALF_KANA.search(run[0]):
                yield start, end
        elif start <= best[0] < end and ("\ufffd" in run[0] or "?" in run[0]):
            yield start, end
            yield best[0], end
    if best is not None:
        yield best


_HALF_KANA = re.compile("[\uff61-\uff9f].?[\uff61-\uff9f]")


@lru_cache(maxsize=8)
def _producible(name: str) -> re.Pattern[str]:
    """Return the pattern of runs that the reader can produce."""
    chars = "".join(re.escape(c) for c in READINGS[name].bytes_of)
    return re.compile(f"[{chars}\ufffd?](?:[{chars}\x20-\x7e\ufffd]*[{chars}\ufffd?])?")


def _short(codec: str) -> str:
    return codec.removesuffix("hkscs")


@lru_cache(maxsize=16)
def _other(name: str, codec: str) -> dict[str, str | None]:
    """Return for each character of the reader what its bytes are under ``codec``."""
    table: dict[str, str | None] = {}
    for char, raw in READINGS[name].bytes_of.items():
        try:
            table[char] = raw.decode(codec)
        except UnicodeDecodeError:
            table[char] = None
    return table


def _best_stretch(line: str, reader: Reading, codec: str) -> tuple[int, int] | None:
    """Return the stretch that gains most by another reading, character by character.

    Both codecs write a character as two bytes, so that the readings can be compared so.
    """
    gains = _gains(line, reader, codec)
    best = total = 0.0
    span: tuple[int, int] | None = None
    start = 0
    for at, gain in enumerate(gains):
        if total <= 0:
            total, start = 0.0, at
        total += gain
        if total > best:
            best, span = total, (start, at + 1)
    if span is None or best < 12.0:
        return None
    return _widen(line, gains, span, _other(reader.name, codec))


def _gains(line: str, reader: Reading, codec: str) -> list[float]:
    """Return for each character how much more likely its re-reading is than it is itself."""
    table, step = _other(reader.name, codec), hanzi().step
    gains: list[float] = []
    before = was = ""
    for char in line:
        if char < "\x80" or char == "\ufffd":
            gain, now = (-0.2, char) if char < "\x80" else (1.0, "")
        elif char not in table:
            gain, now = -50.0, ""
        else:
            now = table[char] or ""
            gain = (step(was, now) if now else -13.0) - as_is(before, char)
        gains.append(gain)
        before, was = char, now
    return gains


SWITCH = 6.0
"""Log probability against a change of codec inside a sentence."""

_STOPS = frozenset("。！？；\n")


def _widen(
    line: str, gains: list[float], span: tuple[int, int], table: dict[str, str | None]
) -> tuple[int, int]:
    """Extend a stretch to the border of its sentence where that costs little."""
    start, end = span
    cost, at = 0.0, start
    while at > 0 and line[at - 1] not in _STOPS and cost < SWITCH:
        at -= 1
        cost -= gains[at]
    if cost < SWITCH and (at == 0 or line[at - 1] in _STOPS):
        start = at
    cost, at = 0.0, end
    while at < len(line) and cost < SWITCH:
        cost -= gains[at]
        at += 1
        if (at == len(line) or table.get(line[at - 1]) in _STOPS) and cost < SWITCH:
            end = at
            break
    while end < len(line) and line[end] in "?\ufffd":
        end += 1
    return start, end
