"""The card of an exported data set, in the form that Hugging Face's hub reads."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from storage.corpus import Tally

__all__ = ["Export", "dataset_card"]

_SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Export:
    """What was exported: the name of the data file, its fields, and the selection in words."""

    file: str
    fields: Sequence[str]
    selection: Sequence[str] = ()


def dataset_card(export: Export, tally: Tally) -> str:
    """Give the card as Markdown with YAML front matter."""
    languages = [name for name, _ in tally.languages.most_common() if name != "unknown"]
    head = [
        "---",
        *(["language:", *(f"- {json.dumps(name)}" for name in languages)] if languages else []),
        "task_categories:",
        "- text-generation",
        "size_categories:",
        f"- {_size(tally.articles)}",
        "configs:",
        "- config_name: default",
        f"  data_files: {json.dumps(export.file, ensure_ascii=False)}",
        "---",
    ]
    period = f"{tally.first} to {tally.last}" if tally.first else "no dates"
    body = [
        "# News articles, cleaned",
        "",
        f"{tally.articles:,} articles, {tally.chars:,} characters, published {period}.",
        f"Selection: {'; '.join(export.selection) or 'everything in the store'}.",
        "",
        "Made with taosha: text in normal form, one paragraph a line. The texts belong to their publishers,",
        "and this card grants no licence: whoever hands the data on has to find out what is allowed.",
        "",
        *_table("Left out", "reason", tally.left_out),
        *_table("Languages", "language", tally.languages),
        *_table("Sources", "source", tally.sources),
        *_table("Cleaners", "fingerprint", tally.fingerprints),
        "## Fields",
        "",
        *(f"- `{name}`" for name in export.fields),
    ]
    return "\n".join(head + body) + "\n"


def _size(count: int) -> str:
    for low, high in zip((0, *_SIZES), _SIZES, strict=False):
        if count < high:
            return f"n<{_short(high)}" if low == 0 else f"{_short(low)}<n<{_short(high)}"
    return f"n>{_short(_SIZES[-1])}"


def _short(number: int) -> str:
    return f"{number // 1_000_000}M" if number >= 1_000_000 else f"{number // 1000}K"


def _table(title: str, name: str, counts: Counter[str]) -> list[str]:
    if not counts:
        return []
    rows = [f"| {_cell(key)} | {count:,} |" for key, count in counts.most_common(_SHOWN)]
    rest = len(counts) - _SHOWN
    more = [f"| {rest:,} more | |"] if rest > 0 else []
    return [f"## {title}", "", f"| {name} | articles |", "|---|---|", *rows, *more, ""]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
