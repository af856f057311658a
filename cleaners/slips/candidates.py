"""Characters for bytes that the page does not show, the likeliest first."""

from collections.abc import Mapping
from functools import cache
from heapq import nsmallest

from cleaners.slips import gbk
from cleaners.slips.characters import characters
from cleaners.slips.keys import keys_reading, keys_with
from cleaners.slips.language import ORDER, Choice, Language

_KEPT = 10
_FIRST_KEPT, _MIDDLE_KEPT, _LAST_KEPT, _PAIRS_KEPT = 6, 6, 16, 6
_BLIND_KEPT = 16  # pairs that nothing which follows tells apart
_POOR = 40  # cost of the characters so far from which on a second vanished pair is looked for


def _usual(char: str) -> bool:
    """Leave out what a traditional page does not write."""
    info = characters().get(char)
    return info.script in "=tv" if info else char in "，。、；：？！“”‘’（）《》—…"


@cache
def _firsts(pending: int) -> Choice:
    """Characters with first byte ``pending`` whose second byte can begin a vanished pair."""
    return Choice(_first_chars(pending))


@cache
def _first_chars(pending: int) -> tuple[str, ...]:
    return tuple(c for trail, c in gbk.with_lead(pending) if gbk.vanishing(trail) and _usual(c))


@cache
def _middles(leads: frozenset[int]) -> Choice:
    """Characters between two vanished pairs; ``leads`` are their possible first bytes."""
    return Choice(c for lead in sorted(leads) for c in _first_chars(lead))


@cache
def _lasts(leads: frozenset[int], byte: int) -> Choice:
    """Characters with second byte ``byte`` and one of the first bytes ``leads``."""
    return Choice(c for lead, c in gbk.with_trail(byte) if lead in leads and _usual(c))


@cache
def _with_lead(lead: int) -> Choice:
    return Choice(c for trail, c in gbk.with_lead(lead) if trail > gbk.EURO)


Ranked = list[tuple[int, str]]  # cost and characters


class Candidates:
    """Chooses by the language of one page."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._known: dict[tuple[str, int, int], Ranked] = {}

    def with_trail(self, context: str, trail: int, following: str) -> Ranked:
        """Return the likeliest characters between ``context`` and ``following`` with that second byte."""
        cost, fold = self._language.cost, self._language.fold
        found: Ranked = []
        for _, char in gbk.with_trail(trail):
            before = cost(context, char)
            if following:
                before += cost((context + fold(char))[-ORDER:], following)
            found.append((before, char))
        return nsmallest(_KEPT if following else 2 * _KEPT, found)

    def with_lead(self, context: str, lead: int) -> Ranked:
        """Return the likeliest characters after ``context`` whose first byte is ``lead``.

        Their second bytes are such as can show as ``?``.
        """
        return self._language.likeliest(context, _with_lead(lead), _KEPT)

    def _extended(self, context: str, before: Ranked, choices: list[Choice], keep: int) -> Ranked:
        found: Ranked = []
        for (so_far, chars), choice in zip(before, choices, strict=True):
            inner = (context + self._language.fold(chars))[-ORDER:]
            found += [(so_far + cost, chars + c) for cost, c in self._language.likeliest(inner, choice, keep)]
        return found

    def across_vanished(self, context: str, pending: int, byte: int, following: str) -> Ranked:
        """Return the likeliest characters around one or two vanished pairs, before ``following``.

        ``pending`` is the first byte of the first, ``byte`` the second byte of the last.
        """
        key = context + following, pending, byte
        if key not in self._known:
            firsts = self._language.likeliest(context, _firsts(pending), _FIRST_KEPT)
            hidden = [gbk.vanishing(gbk.code(c)[1]) for _, c in firsts]
            found = self._extended(context, firsts, [_lasts(leads, byte) for leads in hidden], _LAST_KEPT)
            found = self._before(context, found, following)
            if firsts and (not found or found[0][0] > _POOR):
                middles = self._extended(context, firsts, [_middles(leads) for leads in hidden], _MIDDLE_KEPT)
                middles = nsmallest(_MIDDLE_KEPT, middles)
                lasts = [_lasts(gbk.vanishing(gbk.code(chars[-1])[1]), byte) for _, chars in middles]
                longer = self._extended(context, middles, lasts, _MIDDLE_KEPT)
                found += self._before(context, longer, following)
            self._known[key] = found
        return self._known[key]

    def _before(self, context: str, found: Ranked, following: str) -> Ranked:
        """Keep the best, both on their own and with what follows."""
        if not following:
            return nsmallest(_BLIND_KEPT, found)
        best = nsmallest(_PAIRS_KEPT, found)
        cost, fold = self._language.cost, self._language.fold
        found = [(c + cost((context + fold(chars))[-ORDER:], following), chars) for c, chars in found]
        chosen = nsmallest(_PAIRS_KEPT, found)
        known = {chars for _, chars in chosen}
        return chosen + [(c, chars) for c, chars in best if chars not in known]

    def before_key(self, context: str, pending: int, reading: str, page: Mapping[str, str]) -> Ranked:
        """Return the likeliest character and key around a vanished pair before an annotation."""
        keys = keys_reading(reading, page)
        found: Ranked = []
        for first in _first_chars(pending):
            leads = gbk.vanishing(gbk.code(first)[1])
            chars = [first + key for key in keys if gbk.code(key)[0] in leads]
            found += [(self.cost(context, both), both) for both in chars]
        return nsmallest(_PAIRS_KEPT, found)

    def before_cut_key(self, context: str, pending: int, reading: str, page: Mapping[str, str]) -> list[str]:
        """Return the likeliest characters whose second byte begins a key with that reading."""
        found = [c for trail, c in gbk.with_lead(pending) if _usual(c) and keys_with(trail, reading, page)]
        return nsmallest(_PAIRS_KEPT, found, key=lambda char: self._language.cost(context, char))

    def cost(self, context: str, chars: str) -> int:
        """Return the cost of several characters in a row."""
        total = 0
        for char in chars:
            total += self._language.cost(context, char)
            context = (context + self._language.fold(char))[-ORDER:]
        return total
