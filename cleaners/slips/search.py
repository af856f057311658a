"""The search for the clean text behind a slip.

A hypothesis walks over what the page shows and keeps the bytes of the clean text that it
has seen so far: either all its characters are complete, or one lacks its second byte (it
is pending), which means that the page shows the bytes one off. Each step undoes one thing
that the forward model (:mod:`cleaners.slips.forward`) can do (:mod:`cleaners.slips.steps`);
the language model says which clean text is likely. Hypotheses that agree on the last few
characters and on the bytes are one; when only one is left, the slip is over.
"""

from collections.abc import Sequence
from typing import NamedTuple

from cleaners.slips import costs
from cleaners.slips.forward import Key
from cleaners.slips.items import Item
from cleaners.slips.states import Beam, State
from cleaners.slips.steps import Steps
from cleaners.slips.written import Written

_MAX_LENGTH = 400  # items that one search may cover


class Found(NamedTuple):
    """The outcome of one search: ``text`` stands for the items up to ``end``.

    ``gain`` is by how much (tenths of nats) it is likelier than what the page shows, ``lead``
    than ``rival``, the next best repair. ``keys`` are keys met on the way. ``loose`` says that
    the page shows nothing of some pair of bytes.
    """

    end: int
    text: str
    gain: int
    lead: int
    keys: tuple[Key, ...]
    rival: str = ""
    loose: bool = False


def search(steps: Steps, items: Sequence[Item], begin: int, written: Written) -> tuple[Found | None, int]:
    """Search from item ``begin`` on, after what is ``written``; say also how many items were looked at.

    Finds None if what the page shows is likelier than every repair.
    """
    first = steps.appender.start(written)
    beams: dict[int, Beam] = {}
    beams.setdefault(begin, Beam()).add(first)
    shown = first
    stop = min(len(items), begin + _MAX_LENGTH)
    for place in range(begin, stop + 1):
        states = beams.pop(place, Beam()).best()
        if place == len(items):
            ended = sorted((steps.appender.at_end(s) for s in states if not s.pending), key=lambda s: s.cost)
            return _found(ended, steps.appender.at_end(shown), place), place - begin
        if place > begin and not beams and _is_over(states, shown):
            return _found(states, shown, place), place - begin
        for rank, state in enumerate(states):
            next_beam = beams.setdefault(place + 1, Beam())
            ahead = next_beam if rank < costs.VANISH_STATES else None
            for width, following in steps.following(items, place, state, ahead):
                (next_beam if width == 1 else beams.setdefault(place + width, Beam())).add(following)
        shown = steps.as_shown(items, place, shown)
    return None, stop - begin


def _is_over(states: Sequence[State], shown: State) -> bool:
    if not states:
        return True
    return len(states) == 1 and not states[0].pending and states[0].context.text == shown.context.text


def _found(states: Sequence[State], shown: State, place: int) -> Found | None:
    if not states or not states[0].changed:
        return None
    best = states[0]
    lead, rival = best.rival.lead, best.rival.text + best.text[best.rival.length :]
    for other in states[1:]:
        if other.changed and other.text != best.text and other.cost - best.cost < lead:
            lead, rival = other.cost - best.cost, other.text
    return Found(place, best.text, shown.cost - best.cost, lead, best.keys, rival, best.loose)
