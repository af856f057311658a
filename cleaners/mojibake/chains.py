"""What a hypothesis has read: a chain of characters, the last one first.

Each link holds a character and how it came there; a link without a character marks the place
where damaged text begins or ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

from cleaners.mojibake.hanzi import MARKS

__all__ = ["GOOD", "GUESSED", "SURE", "Chain", "Guess", "Part", "mark_cost", "unroll"]

SURE, GUESSED, GOOD = -1, -2, -3
"""From bytes that survived, guessed, or as it stood; anything else is where a part begins or ends."""

UNOPENED, REACH = 40, 60
"""A guessed mark that closes what was not opened in the last so many characters."""

_OPENING = {"”": "“", "’": "‘", "》": "《", "」": "「", "』": "『", "）": "（", "】": "【", "〉": "〈"}

Chain = tuple[str, int, "Chain"] | None


@dataclass(frozen=True, slots=True)
class Part:
    """A damaged part ``start:end`` of what was seen, its text, and the indexes of guessed characters."""

    start: int
    end: int
    text: str
    guessed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Guess:
    """One reading: its damaged parts, and its cost."""

    parts: tuple[Part, ...]
    cost: int


def mark_cost(chain: Chain, char: str) -> int:
    """Return what a guessed mark costs beyond the model, which knows few marks apart."""
    rare = max(0, round(-10 * log(MARKS[char] / MARKS["”"])))
    return rare + (UNOPENED if char in _OPENING and not _opened(chain, _OPENING[char]) else 0)


def _opened(chain: Chain, mark: str) -> bool:
    for _ in range(REACH):
        if chain is None:
            return False
        if chain[0] == mark:
            return True
        chain = chain[2]
    return False


def unroll(cost: int, chain: Chain, size: int) -> Guess:
    """Return the damaged parts of ``size`` characters seen that a chain has read."""
    parts: list[Part] = []
    out: list[str] = []
    guessed: list[int] = []
    end = size
    links: list[tuple[str, int]] = []
    while chain is not None:
        links.append((chain[0], chain[1]))
        chain = chain[2]
    start = 0
    for char, kind in reversed(links):
        if kind >= 0:
            if out:
                parts.append(Part(start, kind, "".join(out), tuple(guessed)))
            start, out, guessed = kind, [], []
        elif kind != GOOD:
            if kind == GUESSED:
                guessed.append(len(out))
            out.append(char)
    if out:
        parts.append(Part(start, end, "".join(out), tuple(guessed)))
    return Guess(tuple(parts), cost)
