"""Runs of lines that stand twice: a template shows its article again (for phones, for print)."""

from __future__ import annotations

from collections.abc import Mapping

from cleaners.metadata.titles import key
from cleaners.model import Document

__all__ = ["judge"]

RUN = 3
"""Lines: shorter runs repeat in verse, captions and the author's own text."""
LETTERS = 60


def judge(document: Document) -> Mapping[int, str]:
    """The second of two equal runs of lines. A single line that stands twice is the author's."""
    lines = document.lines
    if len({line.folded for line in lines}) > len(lines) - RUN:
        return {}
    keys = [key(line.folded) for line in lines]
    places: dict[tuple[str, ...], int] = {}
    result: dict[int, str] = {}
    for start in range(len(keys) - RUN + 1):
        run = tuple(keys[start : start + RUN])
        if sum(map(len, run)) < LETTERS or len(set(run)) < RUN:
            continue
        first = places.setdefault(run, start)
        if start - first >= RUN:
            result.update((line.index, "repeat.run@1") for line in lines[start : start + RUN])
    return result
