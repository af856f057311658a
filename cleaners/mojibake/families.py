"""The damaged stretches of a line, whatever their family."""

from __future__ import annotations

from collections.abc import Iterable

from cleaners.mojibake.gates import FAMILIES, LATIN, suspects
from cleaners.mojibake.latin import latin_runs
from cleaners.mojibake.likelihood import by_likelihood
from cleaners.mojibake.spans import Span
from cleaners.mojibake.structure import by_structure
from cleaners.mojibake.tongue import Tongues

__all__ = ["damaged"]


HOPELESS = 0.66
"""Share of replacement characters from which a line is not worth the search."""

UNREAL = 80
"""Mean cost of a character that about 99 % of clean sentences stay below: what was guessed must too."""


def damaged(line: str, tongues: Tongues) -> list[Span]:
    """Return the damaged stretches of a line, from left to right, without overlap."""
    if line.count("\ufffd") > HOPELESS * len(line):
        return []
    possible = suspects(line)
    found: list[Span] = []
    for family in FAMILIES:
        if family not in possible or (found and family[1] not in ("", "utf-8")):
            continue  # what was found by its structure comes first; the next pass sees the rest
        for span in _spans(line, family, tongues):
            free = all(span.end <= other.start or span.start >= other.end for other in found)
            if free and (family == LATIN or _real(span, tongues)):
                found.append(span)
    if found:
        tongues.refund()
    return sorted(found, key=lambda span: span.start)


def _real(span: Span, tongues: Tongues) -> bool:
    """Tell whether a span with guesses reads like text; what does not stays as it was seen, and lost."""
    return not span.uncertain or tongues.like(span.text).total(span.text) <= UNREAL * len(span.text)


def _spans(line: str, family: tuple[str, str], tongues: Tongues) -> Iterable[Span]:
    reader, codec = family
    if family == LATIN:
        return latin_runs(line, tongues)
    if codec == "utf-8":
        return by_structure(line, reader, tongues)
    return by_likelihood(line, reader, codec, tongues)
