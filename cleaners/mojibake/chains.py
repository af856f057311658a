"""What a hypothesis has read: a chain of characters, the last one first.

Each link holds a character and how it came there; a link without a character marks the place
where damaged text begins or ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

from cleaners.mojibake.hanzi import MARKS

__all__ = ["GOOD", "SURE", "UNITS", "Chain", "Guess", "Part", "mark_cost", "spelled", "unroll"]

SURE, GOOD = -1, -2
"""From bytes that survived, or as it stood; another number is where a part begins or ends. What was
guessed has the characters to choose from instead."""

UNOPENED, OPENED, REACH = 40, 25, 60
"""Against a guessed mark that closes what is not open since the last so many characters; else for it."""

UNITS = frozenset("℃％‰°")
"""Marks that follow a number."""

_OPENING = {"”": "“", "’": "‘", "》": "《", "」": "「", "』": "『", "）": "（", "】": "【", "〉": "〈"}

Chain = tuple[str, int | str, "Chain"] | None


@dataclass(frozen=True, slots=True)
class Part:
    """A damaged part ``start:end`` of what was seen, and its text.

    ``guessed`` are the indexes of the characters that were guessed, ``choices`` those that each may be.
    """

    start: int
    end: int
    text: str
    guessed: tuple[int, ...]
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guess:
    """One reading: its damaged parts, and its cost."""

    parts: tuple[Part, ...]
    cost: int


def mark_cost(chain: Chain, char: str) -> int:
    """Return what a guessed mark costs beyond the model, which knows few marks apart."""
    if char in UNITS:
        return 0
    rare = max(0, round(-10 * log(MARKS[char] / MARKS["”"])))
    if char not in _OPENING:
        return rare
    return rare - OPENED if _opened(chain, _OPENING[char], char) else rare + UNOPENED


def _opened(chain: Chain, mark: str, closing: str) -> bool:
    for _ in range(REACH):
        if chain is None or chain[0] == closing:
            return False
        if chain[0] == mark:
            return True
        chain = chain[2]
    return False


def spelled(chain: Chain) -> str:
    """Return the text of a chain."""
    out: list[str] = []
    while chain is not None:
        out.append(chain[0])
        chain = chain[2]
    return "".join(reversed(out))


def unroll(cost: int, chain: Chain, size: int) -> Guess:
    """Return the damaged parts of ``size`` characters seen that a chain has read."""
    parts: list[Part] = []
    out: list[str] = []
    guessed: list[tuple[int, str]] = []
    links: list[tuple[str, int | str]] = []
    while chain is not None:
        links.append((chain[0], chain[1]))
        chain = chain[2]
    start = 0
    for char, kind in [*reversed(links), ("", size)]:
        if isinstance(kind, str):
            guessed.append((len(out), kind))
        if isinstance(kind, str) or kind == SURE:
            out.append(char)
        elif kind != GOOD:
            if out:
                places, choices = tuple(at for at, _ in guessed), tuple(chars for _, chars in guessed)
                parts.append(Part(start, kind, "".join(out), places, choices))
            start, out, guessed = kind, [], []
    return Guess(tuple(parts), cost)
