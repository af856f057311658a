"""Which form of a character a script writes: what a guess of the other form costs, in tenths of nats.

The language models know simplified characters only. 后 stands in them for 后 and 後, which traditional
text writes at very different rates; and simplified text writes no 蹟 at all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import exp, log

from cleaners.encodings.scoring import text_cost
from cleaners.slips.characters import characters

__all__ = ["Forms", "form_costs"]

FOREIGN = 70
"""Of a form that the script does not write; also the most that a rare one costs."""

_HALF_BIT = log(2) / 2
_LISTED = 37
"""Half bits from which on a character is none of the language."""


class Forms(Mapping[str, int]):
    """Costs of characters, those without one left out: a byte each, not a dictionary of them."""

    __slots__ = ("_costs", "_first")

    def __init__(self, costs: Mapping[str, int]) -> None:
        codes = list(map(ord, costs))
        self._first = min(codes)
        table = bytearray(max(codes) - self._first + 1)
        for code, cost in zip(codes, costs.values(), strict=True):
            table[code - self._first] = cost
        self._costs = bytes(table)

    def cost(self, char: str) -> int:
        """Return what guessing ``char`` costs, 0 if nothing."""
        code = ord(char) - self._first
        return self._costs[code] if 0 <= code < len(self._costs) else 0

    def __getitem__(self, char: str) -> int:
        cost = self.cost(char)
        if not cost:
            raise KeyError(char)
        return cost

    def __iter__(self) -> Iterator[str]:
        return (chr(self._first + i) for i, cost in enumerate(self._costs) if cost)

    def __len__(self) -> int:
        return len(self._costs) - self._costs.count(0)


@lru_cache(maxsize=2)
def form_costs(*, traditional: bool) -> Forms:
    """Return what guessing a character costs because another form of it is the usual one there."""
    language = "zh-Hant" if traditional else "zh-Hans"
    groups: dict[str, list[str]] = defaultdict(list)
    for char, info in characters().items():
        groups[info.simplified].append(char)
    costs: dict[str, int] = {}
    for forms in groups.values():
        halves = {char: text_cost(Counter(char), language) for char in forms}
        rates = {char: exp(-_HALF_BIT * half) for char, half in halves.items() if half <= _LISTED}
        total = sum(rates.values())
        for char in forms:
            cost = round(-10 * log(rates[char] / total)) if char in rates else FOREIGN
            if cost > 2 and (total or not traditional):
                costs[char] = min(cost, FOREIGN)
    return Forms(costs)
