"""Blocks that stand twice: the second is a template's echo (abstract box, sticky header)."""

from __future__ import annotations

from collections.abc import Mapping

from cleaners.metadata.titles import key
from cleaners.model import Document

__all__ = ["judge"]

SHORTEST = 40
"""Letters: shorter lines repeat in verse, dialogue and captions."""


def judge(document: Document) -> Mapping[int, str]:
    """A long line directly after itself, or a whole run of lines that stood before."""
    result: dict[int, str] = {}
    before = ""
    for line in document.lines:
        own = key(line.folded)
        if len(own) >= SHORTEST and own == before:
            result[line.index] = "repeat.line@1"
        before = own
    return result
