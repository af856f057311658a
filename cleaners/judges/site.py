"""Lines that a site's own rules name by their words."""

from __future__ import annotations

from collections.abc import Mapping

from cleaners.metadata.folding import fold
from cleaners.model import Document, Rules

__all__ = ["RULE", "judge"]

RULE = "site.phrase@1"


def judge(document: Document, rules: Rules) -> Mapping[int, str]:
    """Every line with one of ``rules.drop_phrases``, whatever its script, width and case."""
    phrases = [folded for phrase in rules.drop_phrases if (folded := fold(phrase).strip())]
    if not phrases:
        return {}
    return {line.index: RULE for line in document.lines if any(p in line.folded for p in phrases)}
