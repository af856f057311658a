"""The single steps of a search: what one item of the damaged line may stand for."""

from collections.abc import Iterator, Sequence

from cleaners.slips.appending import Appender
from cleaners.slips.candidates import Candidates
from cleaners.slips.harvest import Evidence
from cleaners.slips.insertions import Insertions
from cleaners.slips.items import CHAR, NOTE, Item, mark_at
from cleaners.slips.language import Language
from cleaners.slips.shifts import Shifts
from cleaners.slips.states import Beam, State, Step


class Steps:
    """The steps that are possible on one page."""

    def __init__(self, evidence: Evidence, language: Language, questions: str = "?", marks: str = "") -> None:
        """``questions`` are the damage's question marks, ``marks`` the ASCII marks of the page's prose."""
        self.questions = questions
        self.appender = Appender(evidence, language, marks)
        candidates = Candidates(language)
        self._shifts = Shifts(self.appender, candidates, questions, marks)
        self._insertions = Insertions(self.appender, candidates)
        self.is_aligned = self._insertions.is_aligned

    def as_shown(self, items: Sequence[Item], place: int, state: State) -> State:
        """Take an item as it stands."""
        item = items[place]
        stray = item.text in self.questions and mark_at(items, place + 1) != ""
        return self.appender.as_shown(item, state, stray)

    def following(
        self, items: Sequence[Item], place: int, state: State, ahead: Beam | None
    ) -> Iterator[Step]:
        """Yield every step from ``state`` at ``place``; ``ahead`` is the beam they lead to.

        Without it, what the page does not show is not tried.
        """
        item = items[place]
        if item.kind == NOTE:
            yield from self._insertions.note(item, state)
        elif item.kind != CHAR:
            yield from self._insertions.tail(item, state)
        elif state.pending:
            yield from self._shifts.shifted(items, place, state, ahead)
        else:
            yield 1, self.as_shown(items, place, state)
            if item.text in self.questions:
                yield from self._shifts.stray(items, place, state)
