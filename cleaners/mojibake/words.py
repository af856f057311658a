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
from struct import unpack

from cleaners.slips.characters import reading
from cleaners.slips.ngrams import chinese
from cleaners.slips.rows import Read, Rows

__all__ = ["ENTRY_BITS", "LONGEST", "PAIR_BITS", "Words", "key_of", "words"]

LONGEST = 4
"""Characters of the longest word."""

NONE = -1
"""In place of the number of a word: a border, or what is no word."""

PAIR_BITS, ENTRY_BITS = 18, 16
"""Bits of the number of a word, and how many of those of the second in a pair an entry of a row has."""

_BITS, _PARTS = 13, 7
_ENTRY = (1 << ENTRY_BITS) - 1
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

    def __init__(self, read: Read) -> None:
        sizes = unpack(f"<{_PARTS}I", read(4 * _PARTS))
        self._ids = chinese().ids
        text = read(sizes[0]).decode()
        self._keys = array("Q", (key_of(match[0]) for match in _WORD.finditer(text)))
        self._singles, self._backs = read(sizes[1]), read(sizes[2])
        self._rows = Rows(read, sizes[3:6])
        self._costs = read(sizes[6])

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
        pair = before << PAIR_BITS | word
        _, begin, end = self._rows.find(pair >> ENTRY_BITS)
        if begin < end:
            place = self._rows.place(pair & _ENTRY, begin, end)
            if place >= 0:
                return self._costs[place]
        return self._backs[before] + self._singles[word]


@lru_cache(maxsize=1)
def words() -> Words:
    """Return the model, read on first use."""
    with reading("words.zst") as read:
        return Words(read)
