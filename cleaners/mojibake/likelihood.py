"""One codec of pairs read as another: found by likelihood alone.

Both codecs write a character as two bytes, so that the text as it stands and its re-reading
can be compared character by character; the stretch that gains most is the candidate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from math import exp

from cleaners.mojibake.chains import Part
from cleaners.mojibake.hanzi import hanzi
from cleaners.mojibake.lattice import SWITCH as SWITCH_COST
from cleaners.mojibake.lattice import WRITTEN
from cleaners.mojibake.plausible import as_is, fluent, mean, sound
from cleaners.mojibake.readings import READINGS, Reading
from cleaners.mojibake.spans import Span, search, tongue_of, whole
from cleaners.mojibake.tables import table
from cleaners.mojibake.tongue import Tongue, Tongues

__all__ = ["by_likelihood"]


def by_likelihood(line: str, name: str, codec: str, tongues: Tongues) -> list[Span]:
    """Return the stretches of ``line`` that are ``codec`` read by ``name``, by likelihood alone."""
    reader = READINGS[name]
    rule = f"mojibake.{_short(codec)}_as_{name}@1"
    sure = _sure(line, reader, codec, tongues)
    if sure is not None and not _doubtful(sure[2], tongue_of(codec, tongues)):
        lacks = _may_lack(line[sure[0] : sure[1]], reader, codec)
        if not lacks:
            tongues.proven.add(rule)
        if rule in tongues.proven:
            return [Span(*sure, rule)]
    marked = "\ufffd" in line or "?" in line
    if sure is None and not marked and not _unlikely(tongue_of(codec, tongues).costs(line)):
        return []
    found = search(line, reader, codec, tongues)
    if found is not None and (sure is None or found.cost + CONTEST < _cost(line, sure, codec, tongues)):
        spans = [
            Span(part.start, part.end, part.text, rule, bool(part.guessed))
            for part in found.parts
            if _gainful(part, line, codec, tongues)
        ]
        if spans:
            return spans
    return [] if sure is None else [Span(*sure, rule, uncertain=True)]


UNLIKELY = 85
"""Mean cost of a character from which bytes may be missing without a trace."""

NAMED = 3
"""Characters that may be as unlikely as they like: a rare name is no damage, nor is what follows it."""

CONTEST = 15
"""What a reading with lost bytes must gain over one without."""


SCARCE = 0.02
"""Share of characters that a narrow table loses, from which on their absence is telling."""


def _may_lack(seen: str, reader: Reading, codec: str) -> bool:
    """Tell whether a reader with a narrow table may have dropped characters without a trace.

    What only the wide table has shows that it was the wide one. Where nothing of that is seen
    in a language that has much of it, the text may have lost just that.
    """
    narrow = reader.variants[-1] if reader.name == "big5" else reader.variants[0]
    return _scarce(reader.name, codec) > SCARCE and None not in narrow.raws(seen)


@lru_cache(maxsize=16)
def _scarce(name: str, codec: str) -> float:
    """Return the share of a language's characters that the narrow table of a reader has not."""
    reader = READINGS[name]
    narrow = reader.variants[-1] if name == "big5" else reader.variants[0]
    have = set(narrow.bytes_of.values())
    wide = set(reader.bytes_of.values())
    lost = total = 0.0
    for char in hanzi().ordinary:
        share = exp(hanzi().step("", char))
        try:
            raw = char.encode(codec)
        except UnicodeEncodeError:
            continue
        total += share
        lost += share * (raw not in have and raw in wide)
    return lost / total if total else 0.0


def _unlikely(costs: list[int]) -> bool:
    """Tell whether a line as it stands is so unlikely that its bytes may be another text's."""
    return sum(sorted(costs)[:-NAMED]) >= UNLIKELY * max(1, len(costs) - NAMED)


def _cost(line: str, sure: tuple[int, int, str], codec: str, tongues: Tongues) -> int:
    tongue = tongue_of(codec, tongues)
    start, end, text = sure
    left, right = line[:start], line[end:]
    cost = tongue.total(left) + tongue.total(text, left) + tongue.total(right, text)
    cost += tongue.end(tongue.context(right or text)) + WRITTEN * len(_ASKED.findall(text))
    return cost + SWITCH_COST * (bool(left) + bool(right))


_ASKED = re.compile("[^\x00-\x7f]\\?|\\?[^\x00-\x7f]")


def _doubtful(text: str, tongue: Tongue) -> bool:
    """Tell whether a part of ``text`` is so unlikely that bytes may be missing there."""
    if _ASKED.search(text):
        return True
    costs = tongue.costs(text)
    return any(sum(costs[i : i + 4]) > 360 for i in range(max(1, len(costs) - 3)))


def _sure(line: str, reader: Reading, codec: str, tongues: Tongues) -> tuple[int, int, str] | None:
    for start, end in _stretches(line, reader, codec):
        seen = line[start:end]
        text = whole(seen, reader, codec, tongues)
        if text is not None and _accept_likelihood(seen, text):
            return start, end, text
    return None


def _gainful(part: Part, line: str, codec: str, tongues: Tongues) -> bool:
    """Tell whether a part is fluent, the more so the shorter it is, and was not before."""
    seen = line[part.start : part.end]
    tongue = tongue_of(codec, tongues)
    count = sum(c >= "\x80" for c in part.text)
    if count < 4 or not sound(part.text):
        return False
    now, was = tongue.total(part.text), tongue.total(seen)
    return was - now >= 150 and now < (68 if count >= 16 else 60) * len(part.text)


def _accept_likelihood(seen: str, text: str) -> bool:
    count = sum(c >= "\x80" for c in text)
    if count < 4 or not sound(text):
        return False
    likely, was = fluent(text), mean(seen)
    floor = -9.2 if count >= 16 else -8.5 if count >= 10 else -7.9 if count >= 6 else -7.0
    return likely >= floor and (likely - was) * count >= 18.0 and was <= -8.5


def _stretches(line: str, reader: Reading, codec: str) -> Iterator[tuple[int, int]]:
    """Yield what may be damaged without loss."""
    best = _best_stretch(line, reader, codec)
    if best is not None:
        yield best


def _short(codec: str) -> str:
    return codec.removesuffix("hkscs")


def _best_stretch(line: str, reader: Reading, codec: str) -> tuple[int, int] | None:
    """Return the stretch that gains most by another reading, character by character.

    Both codecs write a character as two bytes, so that the readings can be compared so.
    """
    gains, others = _gains(line, reader, codec)
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
    return _widen(line, gains, others, span)


def _other(char: str, reader: Reading, codec: str) -> str | None:
    """Return what the bytes of a character are under ``codec``: none, or no character at all."""
    raw = reader.bytes_of.get(char)
    return (table(codec).get(raw) or "") if raw else None


def _gains(line: str, reader: Reading, codec: str) -> tuple[list[float], list[str]]:
    """Return for each character how much more likely its re-reading is than it is itself, and that."""
    step = hanzi().step
    gains: list[float] = []
    others: list[str] = []
    before = was = ""
    for char in line:
        if char < "\x80" or char == "\ufffd":
            gain, now = (-0.2, char) if char < "\x80" else (1.0, "")
        elif (other := _other(char, reader, codec)) is None:
            gain, now = -50.0, ""
        else:
            now = other
            gain = (step(was, now) if now else -13.0) - as_is(before, char)
        gains.append(gain)
        others.append(now)
        before, was = char, now
    return gains, others


SWITCH = 6.0
"""Log probability against a change of codec inside a sentence."""

_STOPS = frozenset("。！？；\n")


def _widen(line: str, gains: list[float], others: list[str], span: tuple[int, int]) -> tuple[int, int]:
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
        if (at == len(line) or others[at - 1] in _STOPS) and cost < SWITCH:
            end = at
            break
    while end < len(line) and line[end] in "?\ufffd":
        end += 1
    return start, end
