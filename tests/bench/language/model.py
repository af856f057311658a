"""Conditional probabilities from counts, pruned, in the layout of :mod:`cleaners.slips.ngrams`."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping

from tests.bench.language.packing import packed, parted, rows

Row = dict[str, float]
Level = dict[str, Row]  # context -> next character -> probability or count
Lower = Callable[[str, str], float]

CHARACTERS = 8000
SEEN = 0.15  # counts below are noise of the estimate
DISCOUNTS = 0.6, 1.0, 1.0  # of Witten and Bell, for each successor seen, by length of context


class Levels:
    """A back-off model in the making: ``single`` and, by length of context, ``rows`` and ``backs``."""

    def __init__(self, counts: Mapping[str, float], keep: Callable[[str], bool]) -> None:
        singles = {k: v for k, v in counts.items() if len(k) == 1}
        self.chars = sorted(singles, key=lambda char: -singles[char])[:CHARACTERS]
        total = sum(singles.values()) + 0.5 * len(singles)
        self.single = {char: (singles[char] + 0.5) / total for char in self.chars}
        known = set(self.chars)
        self.counts: list[Level] = [{}, defaultdict(dict), defaultdict(dict), defaultdict(dict)]
        self._contexts = counts
        for gram, count in counts.items():
            if 2 <= len(gram) <= 4 and count > SEEN and known.issuperset(gram) and keep(gram):
                self.counts[len(gram) - 1][gram[:-1]][gram[-1]] = count
        self.rows: list[Level] = [{}, {}, {}, {}]
        self.backs: list[Row] = [{}, {}, {}, {}]

    def begin_with(self, begins: Mapping[str, float], share: float) -> None:
        """Let ``share`` of the single characters' probabilities be those of what begins a word.

        After what was never seen, the next character mostly begins a word.
        """
        total = sum(begins.values())
        mixed = {c: (1 - share) * p + share * begins.get(c, 0) / total + 1e-8 for c, p in self.single.items()}
        self.single = {c: p / sum(mixed.values()) for c, p in mixed.items()}

    def estimate(self) -> None:
        """Interpolate (Witten-Bell) every count with the level below."""
        for length in (1, 2, 3):
            discount, weights = DISCOUNTS[length - 1], self.backs[length]
            for context, row in self.counts[length].items():
                seen = sum(row.values())
                trust = seen / (max(seen, self._contexts.get(context, 0)) + discount * len(row))
                weights[context] = 1 - trust
                below = {c: self.probability(length - 1, context[1:], c) for c in row}
                self.rows[length][context] = {
                    c: trust * count / seen + (1 - trust) * below[c] for c, count in row.items()
                }

    def probability(self, length: int, context: str, char: str) -> float:
        """Return the probability of ``char`` after the last ``length`` characters."""
        if not length:
            return self.single[char]
        context = context[-length:]
        found = self.rows[length].get(context, {}).get(char)
        if found is not None:
            return found
        below = self.probability(length - 1, context[1:], char)
        return self.backs[length].get(context, 1.0) * below

    def prune(self, least: tuple[float, float, float]) -> None:
        """Leave out what gains less than ``least`` (nats times count) over backing off.

        Contexts of what stays must themselves stay as entries of the level below.
        """
        needed: dict[str, set[str]] = {}
        pruned: list[Level] = [{}, {}, {}, {}]
        for length in (3, 2, 1):
            level = pruned[length]
            for context, row in self.rows[length].items():
                must = needed.get(context, ())
                counts = self.counts[length][context]
                kept = {
                    c: p
                    for c, p in row.items()
                    if c in must or self._gain(length, context, c) * counts[c] > least[length - 1]
                }
                if kept:
                    level[context] = kept
            for context, chars in needed.items():
                row = level.setdefault(context, {})
                for char in chars - row.keys():
                    row[char] = self.probability(length, context, char)
            needed = defaultdict(set)
            for context in level:
                needed[context[:-1]].add(context[-1])
        self.rows = pruned
        self._weigh()

    def _gain(self, length: int, context: str, char: str) -> float:
        gain = math.log(self.rows[length][context][char] / self.probability(length - 1, context[1:], char))
        return abs(gain) if length == 1 else gain

    def _weigh(self) -> None:
        """Set the back-off weights so that the probabilities after each context sum to one."""
        for length in (1, 2, 3):
            self.backs[length] = {}
            for context, row in self.rows[length].items():
                left = 1 - sum(row.values())
                below = 1 - sum(self.probability(length - 1, context[1:], char) for char in row)
                self.backs[length][context] = min(1.0, max(left, 1e-3) / max(below, 1e-3))

    def pack(self) -> bytes:
        """Return the compressed file."""
        ids = {char: i for i, char in enumerate(self.chars)}
        parts = ["\0".join(self.chars).encode(), bytes(_cost(self.single[c]) for c in self.chars)]
        index: dict[str, int] = dict(ids)
        for length in (1, 2, 3):
            level, backs, entries, grams = self.rows[length], bytearray(), [], []
            for number, context in sorted((index[context], context) for context in level):
                backs.append(_cost(self.backs[length].get(context, 1)))
                for char in sorted(level[context], key=ids.__getitem__):
                    entries.append((number, ids[char]))
                    grams.append((context, char))
            costs = bytes(_cost(level[context][char]) for context, char in grams)
            parts += [bytes(backs), *rows(entries, len(index)), costs]
            index = {context + char: i for i, (context, char) in enumerate(grams)}
        return packed(parted(parts), 22)


def _cost(probability: float) -> int:
    return min(255, max(0, round(-10 * math.log(probability))))
