"""The hypotheses of a search, and how few of them are kept."""

from typing import NamedTuple

from cleaners.slips.contexts import Context
from cleaners.slips.forward import Key

BEAM = 14
MARGIN = 100  # tenths of nats
NO_RIVAL = 10_000


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
Beam = dict[tuple[int, int, str], State]


def add(beam: Beam, state: State) -> None:
    """Put ``state`` into ``beam``, where of each kind of state only the best stays."""
    key = state.pending, state.tail, state.context.text
    known = beam.get(key)
    if known is None:
        beam[key] = state
        return
    best, other = (state, known) if state.cost < known.cost else (known, state)
    rival = Rival(other.cost - best.cost, other.text, len(best.text))
    if best.text == other.text:
        rival = other.rival
    beam[key] = best._replace(rival=rival) if rival.lead < best.rival.lead else best


def pruned(beam: Beam) -> list[State]:
    """Return the best states, best first."""
    states = sorted(beam.values(), key=lambda state: state.cost)[:BEAM]
    if states:
        limit = states[0].cost + MARGIN
        while states[-1].cost > limit:
            states.pop()
    return states
