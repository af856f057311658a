"""In which order a page's keys may have been inserted, as far as one line tells."""

import re
from collections.abc import Collection, Iterator
from itertools import product

from cleaners.slips.gbk import CHARACTERS, encode

_MOST_PAIRS = 6
_FOLDED = str.maketrans(",?!:;()", "，？！：；（）")
_MARK = re.compile(r"(?<=[^\x00-\x7f])[,?!:;()]+|[,?!:;()]+(?=[^\x00-\x7f])")


def unfold(text: str) -> str:
    """Return ``text`` with the marks beside Chinese characters made full-width, as they once were."""
    return _MARK.sub(lambda match: match.group().translate(_FOLDED), text)


def overlaps(text: str, keys: Collection[str]) -> list[tuple[str, str]]:
    """Return the pairs of keys whose codes share a byte somewhere in ``text``, the left one first.

    Inserted first, the left one keeps the right one from matching there; inserted after it,
    both match.
    """
    data = encode(text)
    found: dict[tuple[str, str], None] = {}
    for i in range(len(data) - 2):
        left = CHARACTERS.get(data[i] << 8 | data[i + 1], "")
        if left in keys:
            right = CHARACTERS.get(data[i + 1] << 8 | data[i + 2], "")
            if right in keys and right != left:
                found[left, right] = None
    return list(found)


def orders(text: str, keys: Collection[str], first: str) -> Iterator[list[str]]:
    """Yield the orders of ``keys`` that may make a difference for ``text``.

    The first one follows ``first``, the keys known to come early. Overlaps beyond a handful,
    which no real line has, are not told apart.
    """
    known = [key for key in first if key in keys]
    yield list(dict.fromkeys([*known, *keys]))
    pairs = overlaps(text, keys)[:_MOST_PAIRS]
    for choice in product((False, True), repeat=len(pairs)) if pairs else ():
        winners = [pair[swapped] for pair, swapped in zip(pairs, choice, strict=True)]
        losers = [pair[not swapped] for pair, swapped in zip(pairs, choice, strict=True)]
        ranked = sorted(dict.fromkeys(winners), key=lambda key: losers.count(key))
        yield list(dict.fromkeys([*ranked, *known, *keys]))
