"""Pages that were simplified after they were damaged: what the conversion did is undone for the repair.

A copy site may turn the traditional text of an annotation site into simplified characters, damage
and all. The bytes that tell what a slip hid are those of the traditional characters.
"""

from collections.abc import Mapping
from functools import cache

from cleaners.slips.characters import characters, simplify_table
from cleaners.slips.keys import learned_keys


@cache
def traditional_table() -> Mapping[int, str]:
    """Return a ``str.translate`` table to traditional characters, the likeliest of several."""
    table: dict[int, str] = {}
    learned = learned_keys()
    for char, info in characters().items():
        simplified = characters().get(info.simplified)
        if info.script == "t" and simplified is not None and simplified.script == "s":
            if char in learned:
                table[ord(info.simplified)] = char
            table.setdefault(ord(info.simplified), char)
    return table


def simplified_again(shown: str, traditional: str, repaired: str) -> str:
    """Return what ``repaired`` is in simplified characters.

    ``shown`` is the page's own line and ``traditional`` the same before the repair; only what the
    repair changed is converted.
    """
    start = _alike(traditional, repaired)
    rest, new = traditional[start:], repaired[start:]
    end = _alike(rest[::-1], new[::-1])
    middle = new[: len(new) - end].translate(simplify_table())
    return shown[:start] + middle + shown[len(shown) - end :]


def _alike(a: str, b: str) -> int:
    """Return how many characters both begin with."""
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
