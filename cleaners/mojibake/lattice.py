"""Read damaged text again as the likeliest text: a beam search over a lattice.

A hypothesis holds the bytes of a character begun but not complete, the text so far and what
it costs under the language model. A hole stands for the bytes that the wrong reader had no
character for (one or two of them, after its manner), or for a question mark that the author
wrote; bytes may also be missing without a trace. Which bytes can have been lost at a place is
known from the reader's table. Where a part of a line is damaged only, hypotheses also go
along the good text and change over, at a price. The width of the beam is fixed, so that the
time is linear.
"""

from __future__ import annotations

from collections.abc import Sequence

from cleaners.mojibake.chains import GOOD, SURE, Chain, Guess, mark_cost, unroll
from cleaners.mojibake.hanzi import MARKS
from cleaners.mojibake.tongue import Tongue
from cleaners.mojibake.truths import Pattern, Wrong

__all__ = ["read"]

WIDTH = 20
NARROW, RIDDLED = 8, 0.4
"""The width where more than this share of what was seen are marks of lost bytes: no width is enough there."""

WORST = 140
"""Cost by which a hypothesis may trail the best one, in tenths of nats like all costs here."""

FINAL = 12
"""Readings that are held against the forward model."""

MANY = 24
"""From so many candidates on, only the likeliest are taken up."""

KEPT = 12

BLIND = 80
"""Characters taken up, and hypotheses kept until what follows has been read, where all bytes are lost."""

SEEN_AFTER = 3
"""Turns after which a character that was lost whole has been weighed with the one after it."""

WRITTEN = 25
"""A real question mark among damaged text."""

MISSING = 50
"""A byte lost without a trace."""

DROPPED = 10
"""The same where the reader drops what it can not read: then it is no accident."""

COMMON, UNSEEN = 150, 6
"""Characters that may have been dropped whole, and those taken up at a place."""

SWITCH = 70
"""A change between good and damaged text inside a line."""

_State = tuple[int, Chain]
_Bound = frozenset[int] | None
_Key = tuple[Pattern, str, _Bound]


class _Beam:
    """The live hypotheses: the best for each (pending bytes, last characters, bound).

    The bound says which byte may be lost next after one that was lost.
    """

    def __init__(self, wrong: Wrong, tongue: Tongue, before: str) -> None:
        self.wrong, self.tongue = wrong, tongue
        self.truth, self.reading = wrong.truth, wrong.reading
        self.gone = DROPPED if wrong.dropped else MISSING
        context = tongue.context(before)
        self.live: dict[_Key, _State] = {((), context, None): (0, None)}
        self.next: dict[_Key, _State] = {}
        self.good: dict[str, _State] = {}
        self.width = WIDTH
        self.blind = 0

    def put(self, key: _Key, cost: int, chain: Chain) -> None:
        old = self.next.get(key)
        if old is None or old[0] > cost:
            self.next[key] = (cost, chain)

    def grow(self, pattern: Pattern, context: str, state: _State, then: str = "") -> None:
        """Keep an incomplete character, or complete it in every way that fits.

        ``then`` tells that the byte after it is lost as well: ``with`` its last byte in one go,
        or ``next``, on its own.
        """
        cost, chain = state
        if len(pattern) < self.truth.need(pattern[0]):
            self.put((pattern, context, None), cost, chain)
            return
        fit = self.truth.fit(pattern, self.reading)
        kind = SURE if all(isinstance(b, int) for b in pattern) else fit.chars
        weigh, fold = self.tongue.cost if kind == SURE else self.tongue.guess, self.tongue.fold
        if len(fit.chars) > MANY:
            blind = self.wrong.wide and not any(isinstance(b, int) for b in pattern)
            if blind:
                self.blind = SEEN_AFTER
            ranked = self.tongue.likeliest(context, fit, BLIND if blind else KEPT)
        else:
            ranked = [(weigh(context, char), char) for char in fit.chars]
        for more, char in ranked:
            if kind != SURE and char in MARKS:
                more += mark_cost(chain, char)
            bound = self.reading.after(fit.last(char)) if then else None
            key = (context + fold(char))[-3:]
            link = (char, kind, chain)
            if then == "with":
                self.put(((bound,), key, None), cost + more, link)
            else:
                self.put(((), key, bound), cost + more, link)

    def turn(self) -> None:
        """Make the new hypotheses the live ones: the best of them only."""
        hold = self.truth.hold
        width = BLIND if self.blind else self.width
        self.blind = max(0, self.blind - 1)
        best = sorted(self.next.items(), key=lambda item: item[1][0] + hold(item[0][0]))[:width]
        if best:
            limit = best[0][1][0] + hold(best[0][0][0]) + WORST
            self.live = {key: state for key, state in best if state[0] + hold(key[0]) <= limit}
        else:
            self.live = {}
        self.next = {}

    def close(self, after: int) -> None:
        """Complete what is pending: its remaining bytes are missing before ``after``."""
        gone, lone = self.reading.before(after), self.reading.lone
        for (pending, context, _), state in self.live.items():
            if not pending:
                self.put(((), context, None), *state)
                continue
            short = self.truth.need(pending[0]) - len(pending)
            worse = (state[0] + self.gone * short, state[1])
            self.grow((*pending, *(lone,) * (short - 1), gone), context, worse)
            if short == 1 and len(pending) == 2:
                between = (pending[0], self.reading.before(_low(pending[1])), pending[1])
                self.grow(between, context, worse)
        self.turn()

    def byte(self, value: int) -> None:
        """Take one byte that survived."""
        truth = self.truth
        if not truth.follows(value) and any(pending for pending, _, _ in self.live):
            self.close(value)
        for (pending, context, _), state in self.live.items():
            if pending:
                self.grow((*pending, value), context, state)
            elif value < 0x80:
                char = chr(value)
                more = self.tongue.ascii(context, char)
                context = (context + self.tongue.fold(char))[-3:]
                self.put(((), context, None), state[0] + more, (char, SURE, state[1]))
            elif truth.leads(value):
                self.put(((value,), context, None), *state)
            elif truth.follows(value):
                self._orphan(value, context, state)
        self.turn()

    def either(self, raws: Sequence[bytes]) -> None:
        """Take the bytes of a character, or the others that it stands for as well."""
        start, found = self.live, dict[_Key, _State]()
        for raw in raws:
            self.live = start
            for value in raw:
                self.byte(value)
            for key, state in self.live.items():
                if key not in found or found[key][0] > state[0]:
                    found[key] = state
        self.live = found

    def _orphan(self, value: int, context: str, state: _State) -> None:
        """Take a later byte whose lead byte is missing."""
        gone = self.reading.before(value)
        cost, chain = state
        self.grow((gone, value), context, (cost + self.gone, chain))
        if self.truth.need(None) == 3:
            self.grow((self.reading.lone, gone, value), context, (cost + 2 * self.gone, chain))

    def hole(self, after: int, *, written: bool) -> None:
        """Take the place of lost bytes that stands before the byte ``after`` (-1: itself lost)."""
        two = self.wrong.pair and (after < 0 or after >= 0x80)
        lost = self.reading.before(after) if after >= 0 else self.reading.lone
        for (pending, context, bound), state in self.live.items():
            if not two:
                here = lost if bound is None else lost & bound
                self.grow((*pending, here), context, state, "next" if after < 0 else "")
            elif not pending or len(pending) + 2 <= self.truth.need(pending[0]):
                self.grow((*pending, None, None), context, state)
            else:
                self.grow((*pending, None), context, state, "with")
            if written and not pending:
                cost = state[0] + self.tongue.cost(context, "?") + WRITTEN
                context = (context + self.tongue.fold("?"))[-3:]
                self.put(((), context, None), cost, ("?", SURE, state[1]))
        self.turn()

    def missing(self, after: int) -> None:
        """Let a byte, or both of a character, be missing without a trace before ``after``."""
        lost = self.reading.before(after)
        for (pending, context, _), state in self.live.items():
            self.put((pending, context, None), *state)
            cost, chain = state[0] + self.gone, state[1]
            if pending:
                self.grow((*pending, lost), context, (cost, chain))
                continue
            self.put(((lost,), context, None), cost, chain)
            fit = self.truth.fit((None, lost), self.reading, COMMON)
            for more, char in self.tongue.likeliest(context, fit, UNSEEN):
                key = (context + self.tongue.fold(char))[-3:]
                self.put(((), key, None), cost + more, (char, fit.chars, chain))
        self.turn()

    def switch(self, at: int) -> None:
        """Let hypotheses change between good and damaged text before the character ``at``."""
        good = dict(self.good)
        for (pending, context, _), (cost, chain) in list(self.live.items()):
            if not pending and (context not in good or good[context][0] > cost + SWITCH):
                good[context] = (cost + SWITCH, ("", at, chain))
        for context, (cost, chain) in self.good.items():
            old = self.live.get(((), context, None))
            if old is None or old[0] > cost + SWITCH:
                self.live[(), context, None] = (cost + SWITCH, ("", at, chain))
        self.good = good

    def keep(self, char: str) -> None:
        """Take a character as it stands."""
        good: dict[str, _State] = {}
        folded = self.tongue.fold(char)
        for context, (cost, chain) in self.good.items():
            cost += self.tongue.as_is(context, char)
            context = (context + folded)[-3:]
            if context not in good or good[context][0] > cost:
                good[context] = (cost, (char, GOOD, chain))
        best = sorted(good.items(), key=lambda item: item[1][0])[:8]
        self.good = dict(best)


def _low(byte: int | frozenset[int] | None) -> int:
    return byte if isinstance(byte, int) else 0


def read(seen: str, wrong: Wrong, tongue: Tongue, *, before: str = "", whole: bool = True) -> list[Guess]:
    """Return readings of ``seen``, the likeliest first; none if the reader never produced it.

    ``before`` is the text to its left. With ``whole`` all of it is damaged, else parts may be.
    """
    raws = wrong.reading.raws(seen)
    if whole and None in raws:
        return []
    beam = _Beam(wrong, tongue, before)
    if seen.count("\ufffd") > RIDDLED * len(seen):
        beam.width = NARROW
    if not whole:
        beam.good = {tongue.context(before): (0, ("", 0, None))}
    doubt = "\ufffd" not in seen
    for at, raw in enumerate(raws):
        if not whole:
            beam.switch(at)
        _take(beam, seen[at], raw, _after(raws, at), doubt=doubt)
        if not whole:
            beam.keep(seen[at])
        if not beam.live and not beam.good:
            return []
    beam.close(0)
    ends = [(key[1], *state) for key, state in beam.live.items() if not key[0]]
    ends += [(context, *state) for context, state in beam.good.items()]
    done = sorted(((cost + tongue.end(context), chain) for context, cost, chain in ends), key=_first)
    return [unroll(cost, chain, len(seen)) for cost, chain in done[:FINAL]]


def _first(state: _State) -> int:
    return state[0]


def _after(raws: list[bytes | None], at: int) -> int:
    """Return the byte that stands after the character ``at``: 0 at the end, -1 if it is lost."""
    if at + 1 >= len(raws):
        return 0
    following = raws[at + 1]
    return 0 if following is None else following[0] if following else -1


def _take(beam: _Beam, char: str, raw: bytes | None, after: int, *, doubt: bool) -> None:
    if raw is None:
        beam.live = {}
    elif not raw or (char == "?" and doubt):
        beam.hole(after, written=char == "?")
    else:
        if beam.wrong.dropped:
            beam.missing(raw[0])
        beam.either((raw, other) if (other := beam.reading.bytes_of.others.get(char)) else (raw,))
