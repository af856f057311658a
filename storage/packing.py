"""Packs the changes of an article into few rows, and unpacks them.

An annotated page has thousands of changes, most of them alike. So there is one row for each rule
and pass, and in it each distinct change once, with the places where it was made: a JSON list of
``[before, after, [block, offset, offset ...], [block, offset ...] ...]``. A pass ends in a block
where another rule follows, or where the next change does not stand further to the right: within a
row, the order of the changes of a block is that of their offsets.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from storage.texts import compact_json

__all__ = ["Change", "Row", "pack", "unpack"]

RuleKey = tuple[str, str]
"""(name, step) of a rule."""


class Change(NamedTuple):
    """A change to a block (None: to the page's markup), at an offset in characters."""

    block: int | None
    rule: RuleKey
    uncertain: bool
    offset: int
    before: str
    after: str


class Row(NamedTuple):
    """Changes that one rule made in one pass, ``times`` of them."""

    rule: RuleKey
    uncertain: bool
    times: int
    changes: str


def pack(changes: Iterable[Change]) -> list[Row]:
    """Give the rows for the changes of an article, which come block by block, in the order of the passes."""
    passes: dict[tuple[int, RuleKey, bool], dict[tuple[str, str], dict[int | None, list[int]]]] = {}
    counts: dict[tuple[int, RuleKey, bool], int] = {}
    number, last = 0, None
    for change in changes:
        if last is None or change.block != last.block:
            number = 0
        elif (change.rule, change.uncertain) != (last.rule, last.uncertain) or change.offset <= last.offset:
            number += 1
        key = number, change.rule, change.uncertain
        alike = passes.setdefault(key, {}).setdefault((change.before, change.after), {})
        alike.setdefault(change.block, []).append(change.offset)
        counts[key] = counts.get(key, 0) + 1
        last = change
    rows = []
    for key in sorted(passes, key=lambda key: key[0]):
        packed: list[Any] = [
            [*texts, *([block, *offsets] for block, offsets in places.items())]
            for texts, places in passes[key].items()
        ]
        rows.append(Row(key[1], key[2], counts[key], compact_json(packed)))
    return rows


def unpack(changes: str) -> list[tuple[int | None, int, str, str]]:
    """Give (block, offset, before, after) for each change of a row, in order."""
    found = [
        (block, offset, before, after)
        for before, after, *places in json.loads(changes)
        for block, *offsets in places
        for offset in offsets
    ]
    return sorted(found, key=lambda change: (-1 if change[0] is None else change[0], change[1]))
