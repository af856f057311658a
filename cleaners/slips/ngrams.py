"""A character n-gram model of Chinese, compact enough to travel with the package.

Orders 1 to 4 with back-off. What follows a context is a row of sorted numbers of characters, looked up
by bisection; the context is an entry of the order below. So the whole model lies in flat arrays.
Costs are tenths of nats, 0 to 255.
See ``cleaners/data/README.md`` for the sources.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from functools import cache
from struct import unpack
from typing import NamedTuple

from cleaners.slips.characters import reading
from cleaners.slips.rows import MISSING, Read, Rows

_PARTS, _PARTS_OF_ORDER = 17, 5
_SHORT_ROW = 24  # entries of a row that is read again each time
_MAX_HELD = 70_000  # entries of rows that are kept
_MAX_SPANS = 10_000
_HEAD = 48  # of a choice of many characters only so many of a row are weighed
_MAX_HEADS = 2_000
MANY = 600
"""More characters than these are many to choose from: only the likeliest of a row are weighed."""


Span = tuple[int, int, int, int]
"""Order of the entries, the first, the end of them, and the cost of backing off."""


class Place(NamedTuple):
    """A context in the model: what follows it and its shorter forms, longest first."""

    spans: tuple[Span, ...]


class NGrams:
    """The model; read it with :func:`chinese` or :func:`marks`."""

    def __init__(self, read: Read) -> None:
        # ``read`` gives the next so many bytes: part by part, so that no copy of all is ever held
        sizes = unpack(f"<{_PARTS}I", read(4 * _PARTS))
        self.ids: Mapping[str, int] = {c: i for i, c in enumerate(read(sizes[0]).decode().split("\0"))}
        rows, costs, backs = [], [b"", read(sizes[1])], [b"", b""]
        for at in range(2, _PARTS, _PARTS_OF_ORDER):
            backs.append(read(sizes[at]))
            rows.append(Rows(read, sizes[at + 1 : at + 4]))
            costs.append(read(sizes[at + 4]))
        # By order; there are no rows of the first.
        self._rows, self._costs, self._backs = (rows[0], rows[0], *rows), tuple(costs), tuple(backs)
        self._read: dict[tuple[int, int], dict[int, int]] = {}
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
            row, begin, end = self._rows[order].find(entry)
            span = order, begin, end, self._backs[order][row] if begin < end else 0
        self._spans[context] = span
        return span

    def _entry(self, context: tuple[int, ...]) -> int:
        before = self._span(context[:-1])
        if before is None or before[1] == before[2]:
            return MISSING
        order, begin, end, _ = before
        return self._rows[order].place(context[-1], begin, end)

    def place(self, context: Sequence[int]) -> Place:
        """Look up to three numbers of characters, the last one nearest."""
        chars = tuple(context)[-3:]
        spans = [self._span(chars[i:]) for i in range(len(chars))]
        return Place(tuple(span for span in spans if span is not None))

    def _row(self, order: int, begin: int, end: int) -> dict[int, int]:
        """Return the entries of a span: the number of a character to its cost."""
        row = self._read.get((order, begin))
        if row is None:
            numbers = self._rows[order].entries[begin:end]
            row = dict(zip(numbers, self._costs[order][begin:end], strict=True))
            if len(row) > _SHORT_ROW:
                self._held += len(row)
                if self._held > _MAX_HELD:
                    self._read.clear()
                    self._held = len(row)
                self._read[order, begin] = row
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

    def weighed(self, place: Place, among: Set[int], always: Iterable[int]) -> dict[int, int]:
        """Return the costs of those ``among`` that the model has seen at ``place``, and of ``always``.

        Of many only the likeliest are weighed.
        """
        found: dict[int, int] = {}
        before, few = 0, len(among) <= MANY
        for order, begin, end, back in place.spans:
            if begin < end:
                row = self._row(order, begin, end)
                if few:
                    seen: Set[int] = row.keys() & among
                else:
                    seen = frozenset(number for number in self._head(order, begin, row) if number in among)
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
                found = self._rows[order].place(char, begin, end)
                if found >= 0:
                    return cost + self._costs[order][found]
            cost += back
        return cost + self._costs[1][char]


@cache
def chinese() -> NGrams:
    """Return the model of running Chinese characters, read on first use."""
    with reading("ngrams.zst") as read:
        return NGrams(read)


@cache
def marks() -> NGrams:
    """Return the model of punctuation marks: what comes before and right after them."""
    with reading("marks.zst") as read:
        return NGrams(read)


@cache
def is_common(char: str, limit: int = 112) -> bool:
    """Say whether a simplified character is about as common as 2,500 others."""
    number = chinese().ids.get(char)
    return number is not None and chinese().cost(Place(()), number) < limit
