"""Lines that are wholly made of stock phrases: one shape of judge for several lexicons."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import NamedTuple

from cleaners.lexicon import patterns, table
from cleaners.model import Document, Line

__all__ = ["by_lexicon"]

HAN = re.compile(r"[\u3400-\u9fff]")
LINKED = 0.5
"""Share of a line that is a link."""
Judge = Callable[[Document], Mapping[int, str]]


class _Rule(NamedTuple):
    """One table of a lexicon. ``han``: all its phrases are Chinese; ``linked``: the line is a link."""

    rule: str
    longest: int
    edge: bool
    han: bool
    linked: bool
    whole: re.Pattern[str] | None
    inside: re.Pattern[str] | None


@cache
def _rules(name: str) -> tuple[_Rule, ...]:
    return tuple(
        _Rule(
            f"{name}.{key}@{entry.get('version', 1)}",
            int(entry.get("longest", 60)),
            bool(entry.get("edge")),
            entry.get("script") == "han",
            bool(entry.get("linked")),
            patterns(name, f"{key}.whole") if "whole" in entry else None,
            patterns(name, f"{key}.inside") if "inside" in entry else None,
        )
        for key, entry in table(name).items()
        if isinstance(entry, dict)
    )


def _verdict(line: Line, name: str, edge: bool) -> str | None:
    folded = line.folded.strip(" \t\u200b\ufeff")
    size, han = len(folded), None
    for rule in _rules(name):
        if size > rule.longest or (rule.edge and not edge):
            continue
        if rule.linked and line.link_chars < LINKED * len(line.text):
            continue
        if rule.han:
            han = HAN.search(folded) is not None if han is None else han
            if not han:
                continue
        if rule.whole and rule.whole.fullmatch(folded):
            return rule.rule
        if rule.inside and rule.inside.search(folded):
            return rule.rule
    return None


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
    characters; ``edge`` confines the rule to the ends of the article, ``script = "han"`` to lines
    with Chinese characters, ``linked`` to lines that are mostly a link."""
    return partial(_judge, name=name)
