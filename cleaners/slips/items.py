"""A damaged line as the search reads it: characters, annotations, and annotations cut by a slip."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from cleaners.slips.characters import syllables
from cleaners.slips.forward import MARKS
from cleaners.slips.gbk import code
from cleaners.slips.harvest import READING

CHAR, NOTE, TAIL = range(3)
_BRACKETS = re.compile(rf"([(?？])({READING})\)")
_HALF_MARKS = dict(zip(",!;?", "，！；？", strict=True))


class Item(NamedTuple):
    """``kind`` is CHAR, NOTE ``(yàn)`` or TAIL ``?yàn)``; ``first``, ``second`` are a character's bytes.

    ``second`` is -1 for a character of one byte, both are -1 for one that GBK lacks.
    """

    kind: int
    text: str
    first: int = -1
    second: int = -1
    reading: str = ""


@lru_cache(20_000)
def _char(char: str) -> Item:
    data = code(char)
    if len(data) == 2:
        return Item(CHAR, char, data[0], data[1])
    return Item(CHAR, char, data[0] if data else -1)


def itemize(text: str) -> list[Item]:
    """Split ``text`` into items; joined, their texts give it back."""
    items: list[Item] = []
    place = 0
    for match in _BRACKETS.finditer(text):
        if match[2] not in syllables():
            continue
        items += map(_char, text[place : match.start()])
        items.append(Item(NOTE if match[1] == "(" else TAIL, match[0], reading=match[2]))
        place = match.end()
    items += map(_char, text[place:])
    return items


def has_reading(text: str) -> bool:
    """Say whether an annotation, or what is left of one, stands in ``text``."""
    return any(match[2] in syllables() for match in _BRACKETS.finditer(text))


def mark_at(items: Sequence[Item], place: int) -> str:
    """Return the full-width mark at ``place`` that a stray may have been put before, or ``""``."""
    if place >= len(items) or items[place].kind != CHAR:
        return ""
    char = items[place].text
    return char if char in MARKS else _HALF_MARKS.get(char, "")
