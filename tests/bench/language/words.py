"""Words and pairs of words with their costs, in the layout of :mod:`cleaners.mojibake.words`."""

from __future__ import annotations

import math
from collections.abc import Mapping

from cleaners.mojibake.words import ENTRY_BITS, LONGEST, PAIR_BITS, key_of
from tests.bench.language.counts import SIZE, frequencies
from tests.bench.language.kenlm import KenLM
from tests.bench.language.packing import packed, parted, rows

LEAST = 0.5  # words expected more seldom in the imagined text are left out


def build(model: KenLM, names: list[str], known: Mapping[str, int], most: int) -> bytes:
    """Return the packed model; ``names`` are the words, simplified, ``""`` for those not wanted.

    The ``most`` pairs are kept that gain most over backing off, times the root of how often they are written:
    with the full count, pairs that decide between two rare readings would go.
    """
    often = frequencies(model)
    wanted = [
        bool(name)
        and len(name) <= LONGEST
        and known.keys() >= set(name)
        and (len(name) == 1 or share * SIZE > LEAST)
        for name, share in zip(names, often, strict=True)
    ]
    single: dict[str, float] = {}
    weight: dict[str, float] = {}
    back: dict[str, float] = {}
    for i, name in enumerate(names):
        if wanted[i]:
            single[name] = single.get(name, 0.0) + model.single[i]
            weight[name] = weight.get(name, 0.0) + often[i]
            back[name] = back.get(name, 0.0) + often[i] * model.backoff[i]
    words = sorted(single, key=key_of)
    number = {word: i for i, word in enumerate(words)}
    pairs: dict[int, float] = {}
    for a, b, p in model.pairs():
        if wanted[a] and wanted[b]:
            key = number[names[a]] << PAIR_BITS | number[names[b]]
            pairs[key] = pairs.get(key, 0.0) + p * often[a] / weight[names[a]]

    def gain(item: tuple[int, float]) -> float:
        first, second = words[item[0] >> PAIR_BITS], words[item[0] & (1 << PAIR_BITS) - 1]
        below = back[first] / weight[first] * single[second]
        return math.sqrt(weight[first] * item[1]) * abs(math.log(item[1] / below))

    kept = sorted(sorted(pairs.items(), key=gain, reverse=True)[:most])
    low = (1 << ENTRY_BITS) - 1
    parts = [
        "\0".join(words).encode(),
        bytes(_cost(single[word]) for word in words),
        bytes(_cost(back[word] / weight[word]) for word in words),
        *rows(((key >> ENTRY_BITS, key & low) for key, _ in kept), len(words) << PAIR_BITS - ENTRY_BITS),
        bytes(_cost(p) for _, p in kept),
    ]
    return packed(parted(parts), 19)


def _cost(probability: float) -> int:
    return min(255, max(0, round(-10 * math.log(max(probability, 1e-12)))))
