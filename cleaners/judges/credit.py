"""Picture credits: lines that only say whose picture this is."""

from __future__ import annotations

from collections.abc import Mapping

from cleaners.lexicon import patterns
from cleaners.metadata import byline
from cleaners.model import Document, Line

__all__ = ["judge"]

LONGEST = 60


def _is_credit(line: Line) -> str | None:
    if len(line.text) > LONGEST:
        return None
    folded = line.folded.strip()
    if patterns("credit", "whole").fullmatch(folded):
        return "credit.image@1"
    parts = byline.parse(line.text, line.folded)
    alone = parts.parts and not parts.head and all(p.field == "image_credit" for p in parts.parts)
    return "credit.image@1" if alone and not patterns("credit", "sentence").search(folded) else None


def judge(document: Document) -> Mapping[int, str]:
    """Credits alone on their line. A caption that ends with a credit is a caption and stays."""
    return {line.index: rule for line in document.lines if (rule := _is_credit(line))}
