"""Read bytes, some of them lost, as the most likely text: a beam search over a lattice.

Each hypothesis holds the bytes of a character begun but not complete, the text so far and its
log probability. A hole stands for the bytes that the wrong reader had no character for (one
or two of them, after its manner), or for a question mark that the author wrote; bytes may
also be missing without a trace. Which bytes can have been lost at a place is known from the
reader's table. The width of the beam is fixed, so that the time is linear.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cleaners.mojibake.hanzi import hanzi
from cleaners.mojibake.readings import MAYBE, Reading
from cleaners.mojibake.truths import Pattern, Truth

__all__ = ["Guess", "read"]

WIDTH = 16
WORST = 14.0
"""Log probability by which a hypothesis may trail the best one."""

WRITTEN = -2.5
"""A real question mark among damaged text."""

MISSING = -5.0
"""A byte lost without a trace."""

_Chain = tuple[str, bool, "_Chain"] | None
_State = tuple[float, _Chain]


@dataclass(frozen=True, slots=True)
class Guess:
    """The text read, its log probability, and the indexes of the characters that were guessed."""

    text: str
    score: float
    guessed: tuple[int, ...]


class _Beam:
    """The live hypotheses: the best for each (pending bytes, last character)."""

    def __init__(self, truth: Truth, reading: Reading, *, pair: bool) -> None:
        self.truth, self.reading, self.pair = truth, reading, pair
        self.step = hanzi().step
        self.live: dict[tuple[Pattern, str], _State] = {((), ""): (0.0, None)}
        self.next: dict[tuple[Pattern, str], _State] = {}

    def put(self, pending: Pattern, last: str, score: float, chain: _Chain) -> None:
        old = self.next.get((pending, last))
        if old is None or old[0] < score:
            self.next[pending, last] = (score, chain)

    def grow(self, pattern: Pattern, last: str, state: _State, lost: str = "") -> None:
        """Keep an incomplete character, or complete it in every way that fits.

        ``lost`` tells what the reader lost in one go: ``both`` of the last two bytes, or the
        ``last`` byte and the one after it.
        """
        score, chain = state
        if len(pattern) < self.truth.need(pattern[0]):
            self.put(pattern, last, score, chain)
            return
        guessed = any(not isinstance(b, int) for b in pattern)
        for char, raw in self.truth.fit(pattern, self.reading if lost == "both" else None):
            after: Pattern = (self.reading.after(raw[-1]),) if lost == "last" else ()
            self.put(after, char, score + self.step(last, char), (char, guessed, chain))

    def turn(self) -> None:
        """Make the new hypotheses the live ones: the best of them only."""
        best = sorted(self.next.items(), key=lambda item: -item[1][0])[:WIDTH]
        self.live = {key: state for key, state in best if state[0] >= best[0][1][0] - WORST}
        self.next = {}

    def close(self, after: int) -> None:
        """Complete what is pending: its remaining bytes are missing before ``after``."""
        gone, lone = self.reading.before(after), self.reading.before(0)
        for (pending, last), state in self.live.items():
            if not pending:
                self.put(pending, last, *state)
                continue
            short = self.truth.need(pending[0]) - len(pending)
            worse = (state[0] + MISSING * short, state[1])
            self.grow((*pending, *(lone,) * (short - 1), gone), last, worse)
            if short == 1 and len(pending) == 2:
                between = (pending[0], self.reading.before(_low(pending[1])), pending[1])
                self.grow(between, last, worse)
        self.turn()

    def byte(self, value: int) -> None:
        """Take one byte that survived."""
        truth = self.truth
        if not truth.follows(value) and any(pending for pending, _ in self.live):
            self.close(value)
        for (pending, last), state in self.live.items():
            if pending:
                self.grow((*pending, value), last, state)
            elif value < 0x80:
                char = chr(value)
                self.put((), char, state[0] + self.step(last, char), (char, False, state[1]))
            elif truth.leads(value):
                self.put((value,), last, *state)
            elif truth.follows(value):
                self._orphan(value, last, state)
        self.turn()

    def _orphan(self, value: int, last: str, state: _State) -> None:
        """Take a later byte whose lead byte is missing."""
        gone = self.reading.before(value)
        score, chain = state
        self.grow((gone, value), last, (score + MISSING, chain))
        if self.truth.need(None) == 3:
            self.grow((self.reading.before(0), gone, value), last, (score + 2 * MISSING, chain))

    def hole(self, after: int, *, written: bool) -> None:
        """Take the place of lost bytes that stands before the byte ``after``."""
        two = self.pair and after >= 0x80
        for (pending, last), state in self.live.items():
            if not two:
                self.grow((*pending, self.reading.before(after)), last, state)
            elif not pending or len(pending) + 2 <= self.truth.need(pending[0]):
                self.grow((*pending, None, None), last, state, "both")
            else:
                self.grow((*pending, None), last, state, "last")
            if written and not pending:
                score = state[0] + self.step(last, "?") + WRITTEN
                self.put((), "?", score, ("?", False, state[1]))
        self.turn()


def _low(byte: int | frozenset[int] | None) -> int:
    return byte if isinstance(byte, int) else 0


def read(units: Sequence[int], truth: Truth, reading: Reading, *, pair: bool) -> Guess | None:
    """Return the most likely reading of ``units`` (bytes, HOLE, MAYBE), or None."""
    beam = _Beam(truth, reading, pair=pair)
    end = len(units)
    for at, value in enumerate(units):
        if value >= 0:
            beam.byte(value)
        else:
            after = units[at + 1] if at + 1 < end else 0
            beam.hole(after if after >= 0 else 0x80, written=value == MAYBE)
        if not beam.live:
            return None
    beam.close(0)
    if not beam.live:
        return None
    score, chain = max(beam.live.values(), key=lambda state: state[0])
    out: list[str] = []
    lost: list[bool] = []
    while chain is not None:
        out.append(chain[0])
        lost.append(chain[1])
        chain = chain[2]
    guessed = tuple(i for i, was in enumerate(reversed(lost)) if was)
    return Guess("".join(reversed(out)), score, guessed)
