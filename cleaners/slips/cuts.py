"""Marks that strays were put before although they lie across two characters or overlap one another."""

from collections.abc import Iterator, Sequence

from cleaners.slips.gbk import CHARACTERS, code
from cleaners.slips.items import Item, mark_at

_MOST = 6  # so many marks that overlap each other may each have been cut
_BEFORE = {0xA1: 0xA3, 0xA3: 0xA1}  # first byte of a mark -> of the mark that can overlap it


def cuts(items: Sequence[Item], place: int, questions: str) -> Iterator[tuple[int, bytes]]:
    """Yield how many ``?`` before a mark are cut bytes, and all those bytes but the first, with the mark's.

    Where strays were put before marks that overlap each other, each showed one byte as ``?``.
    """
    for count in range(1, _MOST + 1):
        mark = mark_at(items, place + count)
        if mark:
            data = code(mark)
            while len(data) <= count:
                data = bytes((_BEFORE[data[0]],)) + data
            yield count, data
        if place + count >= len(items) or items[place + count].text not in questions:
            return


def read(data: bytes) -> tuple[str, int]:
    """Return the characters of ``data``, and the first byte of one that lacks its second, else 0."""
    whole = len(data) // 2 * 2
    chars = "".join(CHARACTERS[data[i] << 8 | data[i + 1]] for i in range(0, whole, 2))
    return chars, data[-1] if len(data) > whole else 0
