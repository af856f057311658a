"""Lines that repeat the title, alone or with a picture credit behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from cleaners.lexicon import patterns
from cleaners.metadata.folding import fold
from cleaners.metadata.titles import key, strip_site
from cleaners.model import Document, Line

__all__ = ["judge"]

EARLY = 6
LABEL = re.compile(r"^(?:标题|原标题|原文标题|题目|title)\s*[:|]\s*")


def _is_echo(line: Line, titles: Sequence[str]) -> str | None:
    own = key(LABEL.sub("", line.folded))
    if not own or len(own) > 200:
        return None
    for title in titles:
        if own == title:
            return "echo.title@1"
        if len(title) >= 6 and own.startswith(title):
            rest = own[len(title) :]
            if len(rest) <= 40 and patterns("echo", "rest").fullmatch(rest):
                return "echo.title-credit@1"
    return None


def judge(document: Document) -> Mapping[int, str]:
    """Echoes among the first lines. Further down the same words may be a quotation."""
    sites = [document.site_name] if document.site_name else []
    whole = [fold(t) for t in document.titles]
    forms = {key(t) for t in whole} | {key(strip_site(t, [fold(s) for s in sites])) for t in whole}
    titles = sorted((t for t in forms if t), key=len, reverse=True)
    result = {}
    for place, line in enumerate(document.lines):
        if place >= EARLY and line.tag != "h1":
            continue
        rule = _is_echo(line, titles)
        if rule:
            result[line.index] = rule
    return result
