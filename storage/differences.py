"""What differs between two states of an article: fields by value, texts by paragraph."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from storage.states import LISTS, State, changed_fields

__all__ = ["TEXTS", "Chunk", "Difference", "chunks", "difference"]

TEXTS = ("text", "source_text")

_ALIGNED = 1500
"""Paragraphs: more between the first and the last change are told as one stretch, not aligned."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Paragraphs that stand at the same place in both texts; equal where ``same``."""

    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether nothing changed here."""
        return self.before == self.after


@dataclass(frozen=True, slots=True)
class Difference:
    """``fields``: (before, after) by name, lists as lists. ``texts``: the chunks of a text that differs."""

    fields: Mapping[str, tuple[Any, Any]]
    texts: Mapping[str, tuple[Chunk, ...]]

    def __bool__(self) -> bool:
        return bool(self.fields or self.texts)


def difference(old: State, new: State) -> Difference:
    """Compare two states."""
    names = changed_fields(old, new)
    return Difference(
        fields={name: (_value(old, name), _value(new, name)) for name in names if name not in TEXTS},
        texts={name: tuple(chunks(old[name], new[name])) for name in names if name in TEXTS},
    )


def _value(state: State, name: str) -> Any:
    value = state.get(name)
    return json.loads(value) if name in LISTS and value else value


def chunks(before: str, after: str) -> Iterator[Chunk]:
    """Cut two texts into stretches of equal and of differing paragraphs, complete and in order."""
    old, new = before.split("\n"), after.split("\n")
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    if head:
        yield Chunk(tuple(old[:head]), tuple(new[:head]))
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    if max(len(middle_old), len(middle_new)) > _ALIGNED:
        yield Chunk(tuple(middle_old), tuple(middle_new))
    else:
        matcher = SequenceMatcher(None, middle_old, middle_new, autojunk=False)
        for _, i, j, k, m in matcher.get_opcodes():
            yield Chunk(tuple(middle_old[i:j]), tuple(middle_new[k:m]))
    if tail:
        yield Chunk(tuple(old[len(old) - tail :]), tuple(new[len(new) - tail :]))


def _common(old: list[str], new: list[str]) -> int:
    """Count the equal paragraphs at the start."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count
