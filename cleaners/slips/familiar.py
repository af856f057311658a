"""Phrases that a reader's own articles have and the general language model does not expect.

They are learned from clean texts and given back to the repair as :attr:`cleaners.model.Rules.phrases`:
names and terms of the field then win where bytes of them were lost.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import log

from cleaners.slips.characters import simplify_table
from cleaners.slips.ngrams import chinese

__all__ = ["MOST", "familiar_phrases", "successors"]

MOST = 3_000
"""Phrases that are kept: they travel with the site rules to every page."""

_LENGTHS = 3, 4  # what the model looks at: two or three characters and the one after them
_CHINESE = re.compile("[\u3400-\u9fff]{3,}")
_TIMES, _TEXTS = 3, 2  # seen less often, or in fewer texts, it may be a slip of the pen
_SURPRISING = 40  # cost of the last character, tenths of nats, from which on a phrase is worth keeping
_USUAL = 0.05  # share of the last character after those before it
_UNKNOWN = 180  # cost of a character that the model does not know
_MAX_COUNTED = 2_000_000


def familiar_phrases(texts: Iterable[str], most: int = MOST) -> tuple[str, ...]:
    """Return the phrases of three or four characters worth knowing, simplified, in a stable order.

    ``texts`` are clean articles. A phrase stands in two of them and three times in all. Pure and
    deterministic; time is linear in the length of the texts.
    """
    times: Counter[str] = Counter()
    spread: Counter[str] = Counter()
    plain = simplify_table()
    for text in texts:
        found: Counter[str] = Counter()
        for run in _CHINESE.findall(text.translate(plain)):
            for length in (2, *_LENGTHS):
                found.update(run[i : i + length] for i in range(len(run) - length + 1))
        times.update(found)
        spread.update(found.keys())
        if len(times) > _MAX_COUNTED:
            for gram in [gram for gram, count in times.items() if count == 1]:
                del times[gram], spread[gram]
    gains = {
        gram: gain
        for gram, count in times.items()
        if len(gram) in _LENGTHS and count >= _TIMES and spread[gram] >= _TEXTS
        if (gain := _gain(gram, times)) > 0
    }
    best = sorted(gains, key=lambda gram: (-gains[gram], gram))[:most]
    return tuple(sorted(best))


def _gain(gram: str, times: Mapping[str, int]) -> float:
    """Return what knowing ``gram`` saves, in tenths of nats times its count."""
    before = times.get(gram[:-1], 0)
    if not before:
        return 0
    model = chinese()
    numbers = [model.ids.get(char) for char in gram]
    context = [number for number in numbers[:-1] if number is not None]
    last = numbers[-1]
    cost = _UNKNOWN if last is None else model.cost(model.place(context), last)
    share = times[gram] / before
    return times[gram] * (cost + 10 * log(share)) if cost >= _SURPRISING and share >= _USUAL else 0


@lru_cache(4)
def successors(phrases: Sequence[str]) -> Mapping[str, Counter[str]]:
    """Return what follows two and three characters in ``phrases``, once for each phrase."""
    rows: dict[str, Counter[str]] = {}
    for phrase in phrases:
        for begin in range(len(phrase) - 2):
            rows.setdefault(phrase[begin:-1], Counter())[phrase[-1]] += 1
    return rows
