"""Expected character n-gram counts of a word model: what counting a text that it wrote would give.

Within words every n-gram counts as often as the word. Across a border, the model's listed pairs and
triples count by their probability, and what it leaves to backing off is spread over the begins of
words, so that ``如果`` is followed by what starts a word and not by what follows ``果`` within one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from tests.bench.language.kenlm import KenLM

ORDER = 4
SIZE = 3e7  # words of the imagined text
LEAST = 0.3  # n-grams expected more seldom than that are left to backing off
_ROUNDS = 12

Counts = defaultdict[str, float]


def add_word(counts: Counts, word: str, count: float) -> None:
    """Count the n-grams within a word."""
    for length in range(1, ORDER + 1):
        for begin in range(len(word) - length + 1):
            counts[word[begin : begin + length]] += count


def add_pair(counts: Counts, before: str, after: str, count: float) -> None:
    """Count the n-grams that lie across the border between two words."""
    for left in range(1, min(ORDER, len(before) + 1)):
        for right in range(1, min(ORDER - left, len(after)) + 1):
            counts[before[-left:] + after[:right]] += count


def add_triple(counts: Counts, before: str, middle: str, after: str, count: float) -> None:
    """Count the n-grams that hold a whole short word with characters on both sides."""
    for left in range(1, ORDER - len(middle)):
        for right in range(1, ORDER - len(middle) - left + 1):
            if left <= len(before) and right <= len(after):
                counts[before[-left:] + middle + after[:right]] += count


def frequencies(model: KenLM) -> list[float]:
    """Return how often each word is written in the long run.

    The probabilities of single words in a model with Kneser-Ney smoothing tell in how many
    contexts a word stands; its frequency is where the chain of pairs settles.
    """
    single, backoff = model.single, model.backoff
    current = list(single)
    for _ in range(_ROUNDS):
        following, known = [0.0] * len(single), [0.0] * len(single)
        for before, last, probability in model.pairs():
            share = current[before]
            following[last] += share * probability
            known[last] += share * backoff[before]
        spread = sum(share * weight for share, weight in zip(current, backoff, strict=True))
        current = [
            seen + p * max(0.0, spread - k) for seen, p, k in zip(following, single, known, strict=True)
        ]
        total = sum(current)
        current = [share / total for share in current]
    return current


def count(model: KenLM, names: list[str]) -> tuple[Counts, Mapping[str, float]]:
    """Return the counts, and how often each character begins a word.

    ``names`` are the words as they shall be counted, ``""`` for those that shall not.
    """
    often = frequencies(model)
    counts: Counts = defaultdict(float)
    begins: Counts = defaultdict(float)
    for name, share, single in zip(names, often, model.single, strict=True):
        if name:
            add_word(counts, name, share * SIZE)
            for length in range(1, min(ORDER, len(name) + 1)):
                begins[name[:length]] += single
    _count_pairs(counts, begins, (model, names, often))
    chances = {before << 20 | last: p for before, last, p in model.pairs()}
    for first, second, third, probability in model.triples():
        if names[first] and names[second] and names[third] and len(names[second]) < ORDER - 1:
            expected = often[first] * chances.get(first << 20 | second, 0.0) * probability * SIZE
            add_triple(counts, names[first], names[second], names[third], expected)
    return counts, {begin: share for begin, share in begins.items() if len(begin) == 1}


def _count_pairs(counts: Counts, begins: Counts, words: tuple[KenLM, list[str], list[float]]) -> None:
    model, names, often = words
    ranked = sorted(begins.items(), key=lambda item: -item[1])
    listed: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for before, last, probability in model.pairs():
        listed[before].append((last, probability))
    for before, name in enumerate(names):
        if not name:
            continue
        expected = often[before] * SIZE
        seen: Counts = defaultdict(float)
        for last, probability in listed.get(before, ()):
            after = names[last]
            if after:
                add_pair(counts, name, after, expected * probability)
                for length in range(1, min(ORDER, len(after) + 1)):
                    seen[after[:length]] += model.single[last]
        _spread(counts, name, expected * model.backoff[before], (ranked, seen))


def _spread(
    counts: Counts, before: str, expected: float, begins: tuple[Iterable[tuple[str, float]], Counts]
) -> None:
    """Spread what backing off leaves over the begins of words, except those that were ``seen``."""
    ranked, seen = begins
    for begin, share in ranked:
        if expected * share < LEAST:
            return
        amount = expected * (share - seen.get(begin, 0.0))
        if amount < LEAST:
            continue
        for left in range(1, min(ORDER - len(begin), len(before)) + 1):
            counts[before[-left:] + begin] += amount
