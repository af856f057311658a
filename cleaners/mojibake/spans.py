"""A damaged stretch, and its re-reading.

A re-reading counts only when the wrong reader turns its bytes into exactly the text that was
seen. Whether it is to be believed is the business of the families.
"""

from __future__ import annotations

from dataclasses import dataclass

from cleaners.mojibake.lattice import Guess, read
from cleaners.mojibake.readings import HOLE, MAYBE, Reading
from cleaners.mojibake.truths import truth

__all__ = ["Span", "reread"]

MOST_LOST = 0.13
"""Share of lost places among the units from which a span can not be restored."""

FLUENT = -6.6
"""Mean log probability of a reading that needs no rival from another table."""


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
        found = _guess(seen, units, codec, variant)
        if found is not None and (best is None or found[0] > best[0]):
            best = found
        if codec == "utf-8" and best is not None and best[0] > FLUENT * len(best[1]):
            break
    return (best[1], True) if best else None


def _guess(seen: str, units: list[int], codec: str, reader: Reading) -> tuple[float, str] | None:
    """Return the likelier of the two manners of losing bytes, with its log probability."""
    best: tuple[float, str] | None = None
    for pair in (False, True):
        guess = read(units, truth(codec), reader, pair=pair)
        if guess is None or (best is not None and best[0] >= guess.score):
            continue
        for text in dict.fromkeys((_pair_quotes(guess), guess.text)):
            if _proven(text, codec, reader, seen):
                best = (guess.score, text)
                break
    return best


def _strict(units: list[int], codec: str) -> str | None:
    try:
        return bytes(0x3F if u == MAYBE else u for u in units).decode(codec)
    except UnicodeDecodeError:
        return None
