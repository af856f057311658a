"""A character n-gram model of Chinese, compact enough to travel with the package.

Orders 1 to 4 with back-off. Entries are sorted numbers: the index of the context in the
order below, shifted, plus the number of the character; looked up by bisection, so that the
whole model lies in flat arrays. Costs are tenths of nats, 0 to 255.
See ``cleaners/data/README.md`` for the sources.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from itertools import accumulate
from operator import add
from struct import unpack
from sys import byteorder
from typing import NamedTuple

from cleaners.slips.characters import data_reader

_PARTS = 11
_BITS = 13
_NUMBER = (1 << _BITS) - 1
_MISSING = -1
_SHORT_ROW = 24  # entries of a row that is read again each time
_MAX_HELD = 70_000  # entries of rows that are kept
_MAX_SPANS = 10_000
_HEAD, _MANY = 48, 600  # of a choice of many characters only so many of a row are weighed
_MAX_HEADS = 2_000


def _keys(planes: bytes) -> "array[int]":
    """Undo the packing: gaps between sorted numbers, stored byte plane by byte plane."""
    count = len(planes) // 4
    interleaved = bytearray(len(planes))
    for plane in range(4):
        interleaved[plane::4] = planes[plane * count : (plane + 1) * count]
    gaps = array("I", bytes(interleaved))
    if byteorder == "big":
        gaps.byteswap()
    del interleaved
    small = sum(gaps) + count < 1 << 32
    return array("I" if small else "Q", map(add, accumulate(gaps), range(count)))


Span = tuple[int, int, int, int]
"""Order of the entries, the first, the end of them, and the cost of backing off."""


class Place(NamedTuple):
    """A context in the model: what follows it and its shorter forms, longest first."""

    spans: tuple[Span, ...]


class NGrams:
    """The model; read it with :func:`chinese` or :func:`marks`."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        # ``read`` gives the next so many bytes: part by part, so that no copy of all is ever held
        sizes = unpack(f"<{_PARTS}I", read(4 * _PARTS))
        chars, *rest = map(read, sizes[:3])
        self.ids: Mapping[str, int] = {char: i for i, char in enumerate(chars.decode().split("\0"))}
        keys, costs, backs = [array("Q"), array("Q")], [b"", rest[0]], [rest[1]]
        for at in range(3, _PARTS, 3):
            keys.append(_keys(read(sizes[at])))
            costs.append(read(sizes[at + 1]))
            backs += map(read, sizes[at + 2 : at + 3])
        self._keys, self._costs, self._backs = tuple(keys), tuple(costs), tuple(backs)
        self._rows: dict[tuple[int, int], dict[int, int]] = {}
        self._held = 0
        self._heads: dict[tuple[int, int], tuple[int, ...]] = {}
        self._spans: dict[tuple[int, ...], Span | None] = {}

    def _span(self, context: tuple[int, ...]) -> Span | None:
        """Return where what follows ``context`` stands, or None if the model has not seen it."""
        if context in self._spans:
            return self._spans[context]
        if len(self._spans) >= _MAX_SPANS:
            self._spans.clear()
        entry = context[0] if len(context) == 1 else self._entry(context)
        span = None
        if entry >= 0:
            order = len(context) + 1
            keys, key = self._keys[order], entry << _BITS
            begin = bisect_left(keys, key)
            end = bisect_left(keys, key + _NUMBER + 1, begin, min(begin + _NUMBER + 1, len(keys)))
            span = order, begin, end, self._backs[order - 2][entry]
        self._spans[context] = span
        return span

    def _entry(self, context: tuple[int, ...]) -> int:
        before = self._span(context[:-1])
        if before is None or before[1] == before[2]:
            return _MISSING
        order, begin, end, _ = before
        keys = self._keys[order]
        key = (keys[begin] >> _BITS << _BITS) | context[-1]
        place = bisect_left(keys, key, begin, end)
        return place if place < end and keys[place] == key else _MISSING

    def place(self, context: Sequence[int]) -> Place:
        """Look up to three numbers of characters, the last one nearest."""
        chars = tuple(context)[-3:]
        spans = [self._span(chars[i:]) for i in range(len(chars))]
        return Place(tuple(span for span in spans if span is not None))

    def _row(self, order: int, begin: int, end: int) -> dict[int, int]:
        """Return the entries of a span: the number of a character to its cost."""
        row = self._rows.get((order, begin))
        if row is None:
            numbers = [key & _NUMBER for key in self._keys[order][begin:end]]
            row = dict(zip(numbers, self._costs[order][begin:end], strict=True))
            if len(row) > _SHORT_ROW:
                self._held += len(row)
                if self._held > _MAX_HELD:
                    self._rows.clear()
                    self._held = len(row)
                self._rows[order, begin] = row
        return row

    def _head(self, order: int, begin: int, row: dict[int, int]) -> Collection[int]:
        """Return the likeliest characters of a row."""
        if len(row) <= _HEAD:
            return row.keys()
        head = self._heads.get((order, begin))
        if head is None:
            if len(self._heads) >= _MAX_HEADS:
                self._heads.clear()
            head = self._heads[order, begin] = tuple(sorted(row, key=row.__getitem__)[:_HEAD])
        return head

    def followers(self, char: int) -> Mapping[int, int]:
        """Return what the model has seen after one character, and its cost there."""
        span = self._span((char,))
        return self._row(*span[:3]) if span is not None and span[1] < span[2] else {}

    def weighed(self, place: Place, among: frozenset[int], always: Iterable[int]) -> dict[int, int]:
        """Return the costs of those ``among`` that the model has seen at ``place``, and of ``always``.

        Of many only the likeliest are weighed.
        """
        found: dict[int, int] = {}
        before, few = 0, len(among) <= _MANY
        for order, begin, end, back in place.spans:
            if begin < end:
                row = self._row(order, begin, end)
                seen = row.keys() & among if few else among.intersection(self._head(order, begin, row))
                for number in seen - found.keys() if found else seen:
                    found[number] = before + row[number]
            before += back
        singles = self._costs[1]
        for number in always:
            if number not in found:
                found[number] = before + singles[number]
        return found

    def cost(self, place: Place, char: int) -> int:
        """Return the cost of ``char`` at ``place``, in tenths of nats."""
        cost = 0
        for order, begin, end, back in place.spans:
            if begin < end:
                keys = self._keys[order]
                key = (keys[begin] >> _BITS << _BITS) | char
                found = bisect_left(keys, key, begin, end)
                if found < end and keys[found] == key:
                    return cost + self._costs[order][found]
            cost += back
        return cost + self._costs[1][char]


@cache
def chinese() -> NGrams:
    """Return the model of running Chinese characters, read on first use."""
    return NGrams(data_reader("ngrams.zst"))


@cache
def marks() -> NGrams:
    """Return the model of punctuation marks: what comes before and right after them."""
    return NGrams(data_reader("marks.zst"))


@cache
def is_common(char: str, limit: int = 112) -> bool:
    """Say whether a simplified character is about as common as 2,500 others."""
    number = chinese().ids.get(char)
    return number is not None and chinese().cost(Place(()), number) < limit
