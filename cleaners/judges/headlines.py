"""Lists of other articles: runs of short lines, link-like or bulleted, off the article's words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from cleaners.judges import bare_rows
from cleaners.judges.terms import terms
from cleaners.lexicon import table
from cleaners.model import Document, Line

__all__ = ["judge"]

BULLET = re.compile(r"^\s*(?:-\s*\||[|·•▪■◆●○▶►※∙・]|-(?=\s))\s*")


def _is_linked(line: Line) -> bool:
    return len(line.text) > 0 and line.link_chars >= 0.7 * len(line.text.replace(" ", ""))


def _is_row(line: Line, longest: int) -> bool:
    """Could this line be an entry of a list of headlines?"""
    return len(line.text) <= longest and (_is_linked(line) or bool(BULLET.match(line.folded)))


def _runs(lines: Sequence[Line], longest: int) -> list[list[Line]]:
    runs: list[list[Line]] = [[]]
    for line in lines:
        if _is_row(line, longest):
            runs[-1].append(line)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def judge(document: Document) -> Mapping[int, str]:
    """Runs of rows that share few words with the rest of the text.

    A bulleted list of the article itself talks of what the article talks of; a list of links
    to other articles may do so too, so that links need less distance than bare text.
    """
    limits = table("headlines")
    lines = document.lines
    runs = _runs(lines, int(limits["longest"]))
    if not runs:
        return bare_rows.judge(document)
    in_runs = {line.index for run in runs for line in run}
    body: set[str] = set()
    for line in lines:
        if line.index not in in_runs:
            body |= terms(line.folded)
    result = dict(bare_rows.judge(document))
    for run in runs:
        linked = sum(_is_linked(line) for line in run) >= 0.6 * len(run)
        barred = sum("|" in line.folded[:4] for line in run) >= 0.6 * len(run)
        if len(run) < int(limits["run_links" if linked else "run_plain"]) or not body:
            continue
        rows = [terms(BULLET.sub("", line.folded)) for line in run]
        total = sum(map(len, rows)) or 1
        known = sum(len(t & body) for t in rows) / total
        if known <= float(limits["known_links" if linked or barred else "known_plain"]):
            kind = "linked" if linked else "bulleted"
            result.update((line.index, f"headlines.{kind}@1") for line in run)
    return result
