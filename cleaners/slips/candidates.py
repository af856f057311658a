"""Characters for bytes that the page does not show, the likeliest first."""

from collections.abc import Mapping
from functools import cache

from cleaners.slips import gbk
from cleaners.slips.characters import characters
from cleaners.slips.choices import Choice
from cleaners.slips.contexts import Context
from cleaners.slips.keys import keys_reading, keys_with
from cleaners.slips.language import Language

_KEPT = 10
_FIRST_KEPT, _MIDDLE_KEPT, _LAST_KEPT, _PAIRS_KEPT = 6, 4, 16, 6
_BLIND_KEPT = 16  # pairs that nothing which follows tells apart
_NO_LIMIT, _LEAST = 100_000, 15  # a character gains at most so much
_LEAST_MORE = 30  # what a further character costs at the least, nearly always
_TOO_MUCH = 60  # by how much more than with one vanished pair it may cost with two
ANY = -1  # a byte that is not known


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
    if byte == ANY:
        return Choice(
            c for lead in sorted(leads) for t, c in gbk.with_lead(lead) if t > gbk.EURO and _usual(c)
        )
    return Choice(c for lead, c in gbk.with_trail(byte) if lead in leads and _usual(c))


@cache
def _with_trail(trail: int) -> Choice:
    return Choice(char for _, char in gbk.with_trail(trail))


@cache
def _with_lead(lead: int) -> Choice:
    return Choice(c for trail, c in gbk.with_lead(lead) if trail > gbk.EURO)


Ranked = list[tuple[int, str]]  # cost and characters


class Candidates:
    """Chooses by the language of one page."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._known: dict[tuple[str, str, int, int], Ranked] = {}
        self._keyed: dict[tuple[int, str], list[str]] = {}  # around a vanished pair before an annotation
        self._cut: dict[tuple[int, str], list[str]] = {}  # whose second byte begins a key

    def with_trail(self, context: Context, trail: int, following: str) -> Ranked:
        """Return the likeliest characters between ``context`` and ``following`` with that second byte."""
        found = sorted(self._language.costs_at(context, _with_trail(trail)))
        if not following:
            return found[: 2 * _KEPT]
        return self._followed(context, found, following, _KEPT)

    def with_lead(self, context: Context, lead: int) -> Ranked:
        """Return the likeliest characters after ``context`` whose first byte is ``lead``.

        Their second bytes are such as can show as ``?``.
        """
        return self._language.likeliest_at(context, _with_lead(lead), _KEPT)

    def _after(self, context: Context, chars: str) -> Context:
        for char in chars:
            context = context.following.get(char) or self._language.after(context, char)
        return context

    def _followed(self, context: Context, found: Ranked, following: str, keep: int) -> Ranked:
        """Return the best ``keep`` of ``found``, which is sorted, with the cost of what follows."""
        cost_at, limit = self._language.cost_at, _NO_LIMIT
        best: Ranked = []
        for cost, chars in found:
            if cost - _LEAST > limit:
                break
            best.append((cost + cost_at(self._after(context, chars), following), chars))
            if len(best) >= keep and best[-1][0] < limit:
                best.sort()
                del best[keep:]
                limit = best[-1][0]
        return sorted(best)[:keep]

    def across_vanished(self, context: Context, pending: int, byte: int, following: str) -> Ranked:
        """Return the likeliest characters around one or two vanished pairs, before ``following``.

        ``pending`` is the first byte of the first, ``byte`` the second byte of the last, or ANY for one
        that shows as ``?``. Costs are the characters' own.
        """
        key = context.text, following, pending, byte
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._across_vanished(context, pending, byte, following)
        return known

    def _across_vanished(self, context: Context, pending: int, byte: int, following: str) -> Ranked:
        firsts = self._language.likeliest_at(context, _firsts(pending), _FIRST_KEPT)
        keep = _LAST_KEPT if byte != ANY else _PAIRS_KEPT
        found, limit = self._best(context, self._extended(context, firsts, byte, keep), following)
        middles: Ranked = []
        for cost, char in firsts:
            if cost + 2 * _LEAST_MORE < limit:
                choice = _middles(gbk.vanishing(gbk.code(char)[1]))
                more = self._language.likeliest_at(self._after(context, char), choice, _MIDDLE_KEPT)
                middles += [
                    (cost + further, char + c) for further, c in more if cost + further + _LEAST_MORE < limit
                ]
        middles = sorted(middles)[:_MIDDLE_KEPT]
        longer = self._extended(context, middles, byte, _MIDDLE_KEPT)
        return found + self._best(context, [row for row in longer if row[0] < limit], following)[0]

    def _extended(self, context: Context, before: Ranked, byte: int, keep: int) -> Ranked:
        """Return what is ``before`` with the likeliest characters whose second byte is ``byte``."""
        found: Ranked = []
        for so_far, chars in before:
            choice = _lasts(gbk.vanishing(gbk.code(chars[-1])[1]), byte)
            more = self._language.likeliest_at(self._after(context, chars), choice, keep)
            found += [(so_far + cost, chars + char) for cost, char in more]
        return found

    def _best(self, context: Context, found: Ranked, following: str) -> tuple[Ranked, int]:
        """Keep the best, both on their own and with what follows, and say what is too much."""
        found.sort()
        if not following:
            return found[:_BLIND_KEPT], found[0][0] + _TOO_MUCH if found else _NO_LIMIT
        chosen = self._followed(context, found, following, _PAIRS_KEPT)
        limit = chosen[0][0] + _TOO_MUCH if chosen else _NO_LIMIT
        known = {chars for _, chars in chosen}
        own = [row for row in found if row[1] in known]
        return own + [row for row in found[:_PAIRS_KEPT] if row[1] not in known], limit

    def before_key(self, context: Context, pending: int, reading: str, page: Mapping[str, str]) -> Ranked:
        """Return the likeliest character and key around a vanished pair before an annotation."""
        pairs = self._keyed.get((pending, reading))
        if pairs is None:
            keys = [(gbk.code(key)[0], key) for key in keys_reading(reading, page)]
            leads = [(first, gbk.vanishing(gbk.code(first)[1])) for first in _first_chars(pending)]
            pairs = [first + key for first, hidden in leads for lead, key in keys if lead in hidden]
            self._keyed[pending, reading] = pairs
        return sorted([(self.cost(context, chars), chars) for chars in pairs])[:_PAIRS_KEPT]

    def before_cut_key(
        self, context: Context, pending: int, reading: str, page: Mapping[str, str]
    ) -> list[str]:
        """Return the likeliest characters whose second byte begins a key with that reading."""
        found = self._cut.get((pending, reading))
        if found is None:
            usual = [(trail, char) for trail, char in gbk.with_lead(pending) if _usual(char)]
            found = [char for trail, char in usual if keys_with(trail, reading, page)]
            self._cut[pending, reading] = found
        return sorted(found, key=lambda char: self._language.cost_at(context, char))[:_PAIRS_KEPT]

    def cost(self, context: Context, chars: str) -> int:
        """Return the cost of several characters in a row."""
        total = 0
        for char in chars:
            total += self._language.cost_at(context, char)
            context = self._language.after(context, char)
        return total
