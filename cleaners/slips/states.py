"""The hypotheses of a search, and how few of them are kept."""

from operator import attrgetter
from typing import NamedTuple

from cleaners.slips.contexts import Context
from cleaners.slips.forward import Key

BEAM = 14
MARGIN = 100  # tenths of nats
NO_RIVAL, NO_LIMIT = 10_000, 1_000_000
_cost = attrgetter("cost")


class Rival(NamedTuple):
    """The best other text: ``lead`` is how much worse it is, ``length`` of how much of the own text it is."""

    lead: int = NO_RIVAL
    text: str = ""
    length: int = 0


class State(NamedTuple):
    """One hypothesis about the clean text up to some place.

    ``pending`` is the first byte of a character that still lacks its second, else 0.
    ``tail`` are the last two bytes of the clean text. ``open`` is false right after an
    insertion: no key matches across it. ``text`` is the clean text since the search began,
    ``keys`` are the keys met that the page was not known to use. ``rival`` is
    the best other text that came to the same state. ``loose`` says that the page shows nothing of
    some pair of bytes.
    """

    cost: int
    context: Context
    pending: int
    tail: int
    open: bool
    text: str
    changed: bool
    keys: tuple[Key, ...]
    rival: Rival = Rival()
    loose: bool = False


Step = tuple[int, State]  # how many items it covers, and what it leads to


class Beam:
    """The hypotheses about the clean text up to one place.

    Those that cost more than ``limit`` are not kept.
    """

    __slots__ = ("_states", "limit")

    def __init__(self) -> None:
        self._states: dict[tuple[int, int, str], State] = {}
        self.limit = NO_LIMIT

    def add(self, state: State) -> None:
        """Keep ``state``, unless a better one of its kind is known."""
        cost = state.cost
        if cost > self.limit:
            return
        if cost + MARGIN < self.limit:
            self.limit = cost + MARGIN
        key = state.pending, state.tail, state.context.text
        known = self._states.get(key)
        if known is None:
            self._states[key] = state
            return
        best, other = (state, known) if cost < known.cost else (known, state)
        rival = Rival(other.cost - best.cost, other.text, len(best.text))
        if best.text == other.text:
            rival = other.rival
        self._states[key] = best._replace(rival=rival) if rival.lead < best.rival.lead else best

    def best(self) -> list[State]:
        """Return the best states, best first."""
        limit = self.limit
        kept = [state for state in self._states.values() if state.cost <= limit]
        kept.sort(key=_cost)
        return kept[:BEAM]
