"""Lines that are wholly made of stock phrases: one shape of judge for several lexicons."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from cleaners.judges.lexicon import patterns, table
from cleaners.model import Document, Line

__all__ = ["by_lexicon"]

Judge = Callable[[Document], Mapping[int, str]]


def _verdict(line: Line, name: str, edge: bool) -> str | None:
    lexicon = table(name)
    folded = line.folded.strip(" \t\u200b\ufeff")
    for rule, entry in lexicon.items():
        if not isinstance(entry, dict):
            continue
        if len(folded) > int(entry.get("longest", 60)) or (entry.get("edge") and not edge):
            continue
        whole = _pattern(name, rule, "whole")
        inside = _pattern(name, rule, "inside")
        if (whole and whole.fullmatch(folded)) or (inside and inside.search(folded)):
            return f"{name}.{rule}@{entry.get('version', 1)}"
    return None


def _pattern(name: str, rule: str, key: str) -> re.Pattern[str] | None:
    if key not in table(name)[rule]:
        return None
    return patterns(name, f"{rule}.{key}")


def _judge(document: Document, name: str) -> Mapping[int, str]:
    last = len(document.lines)
    result = {}
    for place, line in enumerate(document.lines):
        rule = _verdict(line, name, place < 6 or place >= last - 10)
        if rule:
            result[line.index] = rule
    return result


def by_lexicon(name: str) -> Judge:
    """A judge for ``judge_<name>.toml``. Each table of the lexicon is a rule: ``whole`` patterns
    must fill the line, ``inside`` patterns may stand anywhere in a line of at most ``longest``
    characters; ``edge`` confines the rule to the ends of the article."""
    return partial(_judge, name=name)
