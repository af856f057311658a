"""A damaged stretch, and its re-reading.

A re-reading counts only when the wrong reader turns its bytes into exactly the text that was
seen. Whether it is to be believed is the business of the families.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from cleaners.mojibake.chains import Guess, Part
from cleaners.mojibake.lattice import read
from cleaners.mojibake.readings import Reading
from cleaners.mojibake.rescoring import rescored
from cleaners.mojibake.tongue import Tongue, Tongues
from cleaners.mojibake.truths import Wrong, truth

__all__ = ["Found", "Span", "reread", "search", "tongue_of", "whole"]

MOST_LOST = 0.3
"""Share of lost places among the bytes from which a span can not be restored."""

MOST_LOST_UTF8 = 0.5
"""The same for UTF-8, whose bytes tell what a lost one may have been."""

SAMPLE = 60
"""Characters on which the manners of losing bytes are compared where many were lost."""

FLUENT = 55
"""Mean cost of a character in a reading that needs no rival from another table."""


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


def _pair_quotes(part: Part) -> str:
    """Turn guessed quotation marks and brackets so that they open before they close."""
    out = list(part.text)
    unsure = set(part.guessed)
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


def whole(seen: str, reader: Reading, codec: str, tongues: Tongues) -> str | None:
    """Return what ``seen`` says under ``codec`` if no byte is lost, by the likeliest table."""
    if "\ufffd" in seen:
        return None
    found: dict[str, None] = {}
    for variant in reader.variants:
        for raw in _raw(seen, variant):
            text = _strict(raw, codec)
            if text and text not in found and _proven(text, codec, variant, seen):
                found[text] = None
    return min(found, key=tongue_of(codec, tongues).total) if len(found) > 1 else next(iter(found), None)


TWICE = 4
"""Characters with two sequences of bytes from which on trying all combinations is left to the lattice."""


def _raw(seen: str, reader: Reading) -> Iterator[bytes]:
    """Yield the bytes that ``seen`` stands for: several where characters stand twice in the table."""
    raws = [raw for raw in reader.raws(seen) if raw is not None]
    others = [(raw, reader.bytes_of.others.get(char)) for char, raw in zip(seen, raws, strict=False)]
    if len(raws) == len(seen) and sum(other is not None for _, other in others) < TWICE:
        choices = [(raw,) if other is None else (raw, other) for raw, other in others]
        yield from map(b"".join, product(*choices))


def reread(seen: str, reader: Reading, codec: str, tongues: Tongues) -> tuple[str, bool] | None:
    """Return what ``seen`` says under ``codec``, and whether anything had to be guessed.

    None if ``reader`` never produced ``seen``, or if no reading passes the forward check.
    """
    wrongs: list[Wrong] = []
    tongue: Tongue | None = None
    for table in reader.variants:
        variant = table.washed(seen)
        raws = variant.raws(seen)
        if None in raws:
            continue
        raw = b"".join(r for r in raws if r is not None)
        if "\ufffd" not in seen and (text := _strict(raw, codec)) and _proven(text, codec, variant, seen):
            return text, False
        lost = seen.count("\ufffd") or seen.count("?")
        most = MOST_LOST if codec != "utf-8" else MOST_LOST_UTF8
        if lost > most * (len(raw) + lost) + 1 or (not lost and codec != "utf-8"):
            continue
        tongue = tongue or tongue_of(codec, tongues, raw)
        wrongs += [Wrong(truth(codec), variant, pair) for pair in (False, True)]
    if tongue is None:
        return None
    sample = SAMPLE if _many_lost(seen) else PIECE
    if len(seen) > sample:
        wrongs = _likely(seen[:sample], wrongs, tongue, tongues)
    found = _whole_best(seen, wrongs, tongue, tongues)
    return (_again(found, seen, tongue).parts[0].text, True) if found is not None else None


def _likely(piece: str, wrongs: list[Wrong], tongue: Tongue, tongues: Tongues) -> list[Wrong]:
    """Return the manner under which a piece reads best, if that is worth the work."""
    costs: list[tuple[int, Wrong]] = []
    for wrong in wrongs:
        if tongues.affords(piece):
            found = read(piece, wrong, tongue)[:1]
            costs += [(guess.cost, wrong) for guess in found]
            if found and _fluent(found[0], wrong, piece):
                break
    if not costs:
        return []
    cost, wrong = min(costs, key=lambda found: found[0])
    return [wrong] if cost <= HARDLY * len(piece) else []


def _whole_best(seen: str, wrongs: list[Wrong], tongue: Tongue, tongues: Tongues) -> Found | None:
    best: Found | None = None
    for wrong in wrongs:
        if not tongues.affords(seen):
            break
        for guess in read(seen, wrong, tongue):
            if best is not None and guess.cost >= best.cost:
                break
            if (proven := _prove(guess, seen, wrong)) is not None:
                best = Found(proven, guess.cost, wrong)
                break
        if best is not None and _fluent(best, wrong, seen):
            break
    return best


def _fluent(found: Guess | Found, wrong: Wrong, seen: str) -> bool:
    """Tell whether what was read as UTF-8 is so fluent that no other manner need be tried."""
    tried = wrong.pair or _many_lost(seen)
    return tried and wrong.truth.name == "utf-8" and found.cost < FLUENT * len(found.parts[0].text)


def _many_lost(seen: str) -> bool:
    return seen.count("\ufffd") * 4 > len(seen)


def tongue_of(codec: str, tongues: Tongues, raw: bytes = b"") -> Tongue:
    """Return the model for what ``codec`` writes; for UTF-8, by what is whole in ``raw``."""
    if codec == "utf-8":
        return tongues.like(raw.decode("utf-8", "ignore"))
    return tongues.traditional if codec.startswith("big5") else tongues.simplified


@dataclass(frozen=True, slots=True)
class Found:
    """The damaged parts of a line, and what the whole line costs so read."""

    parts: tuple[Part, ...]
    cost: int
    wrong: Wrong


HARDLY = 75
"""Mean cost of a character seen from which a reading is not worth the work."""

PIECE = 120
"""Characters of a long line on which the manners of losing bytes are compared."""

BROWSERS = 40
"""Against a manner of losing bytes that only readers with other tables have."""


def search(line: str, reader: Reading, codec: str, tongues: Tongues) -> Found | None:
    """Return the damaged parts of ``line``, by likelihood alone, that pass the forward check.

    All manners are tried on a piece of a long line, and the best one on all of it. What was right
    for a line of the page before is tried first.
    """
    known = tongues.manners.get((reader.name, codec))
    if known is not None:
        found = _best(line, [known], tongues)
        if found is not None and found.cost < FLUENT * len(line):
            return _again(found, line, tongue_of(codec, tongues))
    marked = "\ufffd" in line or "?" in line
    wrongs = [
        Wrong(truth(codec), variant, pair, dropped=not marked)
        for pair in ((False, True) if marked else (False,))
        for variant in reader.variants
    ]
    if len(line) > PIECE:
        at = max(0, line.find("\ufffd" if "\ufffd" in line else "?") - PIECE // 2)
        piece = _best(line[at : at + PIECE], wrongs, tongues)
        if piece is None:
            return None
        wrongs = [piece.wrong]
    found = _best(line, wrongs, tongues)
    if found is None:
        return None
    if marked:
        wrong = tongues.manners[reader.name, codec] = replace(found.wrong, wide=True)
        wider = _best(line, [wrong], tongues) if wrong.pair or "\ufffd\ufffd" in line else None
        found = found if wider is None or wider.cost > found.cost else wider
    return _again(found, line, tongue_of(codec, tongues))


def _best(line: str, wrongs: list[Wrong], tongues: Tongues) -> Found | None:
    best: Found | None = None
    for wrong in wrongs:
        if not tongues.affords(line):
            break
        tables = wrong.reading.codecs[0]
        worse = BROWSERS if wrong.pair and tables in ("big5", "cp950", "gbk") else 0
        for guess in read(line, wrong, tongue_of(wrong.truth.name, tongues), whole=False):
            if not guess.parts or (best is not None and guess.cost + worse >= best.cost):
                break
            if (parts := _prove(guess, line, wrong)) is not None:
                best = Found(parts, guess.cost + worse, wrong)
                break
    return best


def _prove(guess: Guess, seen: str, wrong: Wrong) -> tuple[Part, ...] | None:
    """Return the parts of a guess if each, or each with its quotes paired, is what was seen."""
    parts = [_proved(part, seen, wrong) for part in guess.parts]
    return None if None in parts else tuple(part for part in parts if part is not None)


def _proved(part: Part, seen: str, wrong: Wrong) -> Part | None:
    for text in dict.fromkeys((_pair_quotes(part), part.text)):
        if _proven(text, wrong.truth.name, wrong.reading, seen[part.start : part.end]):
            return replace(part, text=text)
    return None


def _again(found: Found, seen: str, tongue: Tongue) -> Found:
    """Weigh what was guessed once more, with all of the line known."""
    parts: list[Part] = []
    for part in found.parts:
        better = _proved(rescored(part, tongue, seen[: part.start]), seen, found.wrong)
        parts.append(better or part)
    return replace(found, parts=tuple(parts))


def _strict(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        return None
