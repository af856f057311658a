"""Words and what follows them: costs in tenths of nats, for what was guessed to be weighed again.

A character model knows three characters back; ``開始以稅收`` against ``開始人稅收`` is decided by
words. See ``cleaners/data/README.md`` for the source. A key of a word is the numbers of its characters
(plus one) in :func:`cleaners.slips.ngrams.chinese`, 13 bits each, the first one highest, so that the
words that begin alike stand together.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from functools import lru_cache
from itertools import accumulate
from struct import unpack

from cleaners.slips.characters import data_reader
from cleaners.slips.ngrams import chinese

__all__ = ["LONGEST", "Words", "key_of", "words"]

LONGEST = 4
"""Characters of the longest word."""

NONE = -1
"""In place of the number of a word: a border, or what is no word."""

_BITS, _PAIR_BITS, _PARTS = 13, 18, 5
_WORD = re.compile("[^\0]+")
_UNKNOWN = 160  # a character that is no word of its own
_BACK = 10  # of a border: what follows is as likely as anywhere


def key_of(word: str) -> int:
    """Return the key of a word; -1 if a character is unknown or it is too long."""
    ids = chinese().ids
    key = 0
    for char in word:
        number = ids.get(char)
        if number is None:
            return NONE
        key = key << _BITS | number + 1
    return key << _BITS * (LONGEST - len(word)) if len(word) <= LONGEST else NONE


class Words:
    """The model; read it with :func:`words`."""

    def __init__(self) -> None:
        read = data_reader("words.zst")
        sizes = unpack(f"<{_PARTS}I", read(4 * _PARTS))
        self._ids = chinese().ids
        text = read(sizes[0]).decode()
        self._keys = array("Q", (key_of(match[0]) for match in _WORD.finditer(text)))
        self._singles, self._backs = read(sizes[1]), read(sizes[2])
        self._first, self._second = _rows(read(sizes[3]), len(self._keys))
        self._costs = read(sizes[4])

    def longer(self, key: int, length: int, char: str) -> int:
        """Return the key of a word with one more character, the last of ``length``; -1 if it is unknown."""
        number = self._ids.get(char)
        return NONE if number is None else key | number + 1 << _BITS * (LONGEST - length)

    def find(self, key: int, length: int) -> tuple[int, bool]:
        """Return the number of the word that has ``key``, and whether longer ones begin so."""
        keys = self._keys
        place = bisect_left(keys, key)
        if place >= len(keys):
            return NONE, False
        number = place if keys[place] == key else NONE
        after = place + (number >= 0)
        shift = _BITS * (LONGEST - length)
        return number, after < len(keys) and keys[after] >> shift == key >> shift

    def cost(self, before: int, word: int) -> int:
        """Return the cost of a word after another; ``NONE`` stands for a border, or for no word."""
        if word < 0:
            return _UNKNOWN
        if before < 0:
            return self._singles[word]
        end = self._first[before + 1]
        place = bisect_left(self._second, word, self._first[before], end)
        if place < end and self._second[place] == word:
            return self._costs[place]
        return self._backs[before] + self._singles[word]


def _rows(planes: bytes, count: int) -> tuple[array[int], array[int]]:
    """Return where the followers of each word begin, and the followers of all of them.

    One at a time: nothing as large as the result is held beside it.
    """
    size = len(planes) // 4
    first, second = array("I", [0]) * (count + 1), array("I", [0]) * size
    bytes_of = [memoryview(planes)[plane * size : (plane + 1) * size] for plane in range(4)]
    pair, mask = -1, (1 << _PAIR_BITS) - 1
    for place, (a, b, c, d) in enumerate(zip(*bytes_of, strict=True)):
        pair += (a | b << 8 | c << 16 | d << 24) + 1
        first[(pair >> _PAIR_BITS) + 1] += 1
        second[place] = pair & mask
    return array("I", accumulate(first)), second


@lru_cache(maxsize=1)
def words() -> Words:
    """Return the model, read on first use."""
    return Words()
