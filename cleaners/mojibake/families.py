"""The families of damage, in the order in which they are tried on a line."""

from __future__ import annotations

from collections.abc import Iterator

from cleaners.mojibake.gates import suspects
from cleaners.mojibake.latin import latin_runs
from cleaners.mojibake.spans import Span, by_likelihood, by_structure

__all__ = ["FAMILIES", "damaged"]

FAMILIES: tuple[tuple[str, str], ...] = (
    ("gb18030", "utf-8"),
    ("shift_jis", "utf-8"),
    ("euc_kr", "utf-8"),
    ("big5", "utf-8"),
    ("big5", "gbk"),
    ("gb18030", "big5hkscs"),
    ("euc_kr", "gbk"),
    ("shift_jis", "gbk"),
)
"""(wrong reader, right codec)"""


def damaged(line: str) -> list[Span]:
    """Return the damaged stretches of a line, from left to right, without overlap."""
    readers = suspects(line)
    if not readers:
        return []
    found: list[Span] = list(latin_runs(line)) if "latin" in readers else []
    for reader, codec in FAMILIES:
        if reader not in readers:
            continue
        for span in _spans(line, reader, codec):
            if all(span.end <= other.start or span.start >= other.end for other in found):
                found.append(span)
    return sorted(found, key=lambda span: span.start)


def _spans(line: str, reader: str, codec: str) -> Iterator[Span]:
    if codec == "utf-8":
        yield from by_structure(line, reader)
    elif (span := by_likelihood(line, reader, codec)) is not None:
        yield span
