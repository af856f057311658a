"""How a hypothesis grows: characters are written after it, and what each of them costs."""

from collections.abc import Mapping

from cleaners.slips import costs
from cleaners.slips.gbk import EURO, code, number
from cleaners.slips.harvest import Evidence
from cleaners.slips.items import CHAR, NOTE, Item
from cleaners.slips.language import END, ORDER, Language
from cleaners.slips.states import State
from cleaners.slips.written import PAIR_OF, Written


class Appender:
    """Writes on one page; ``start`` and ``persons`` tell it of the line."""

    def __init__(self, evidence: Evidence, language: Language, marks: str = "") -> None:
        """``marks`` are the ASCII marks of the page's prose."""
        self.keys = evidence.keys if evidence.byte_level else {}
        self.language = language
        self._odd_question = evidence.byte_level and not marks
        self._dense = {number(char) for char in evidence.dense if evidence.byte_level}
        self._depth: Mapping[str, int] = {}
        self._before = ""
        self.persons: Mapping[str, int] = {}  # what some pronouns cost in this line

    def start(self, written: Written) -> State:
        """Return the state after the part of the line that is repaired."""
        self._depth, self._before = written.depth, written.tail
        return self.after(written.tail)

    def after(self, text: str) -> State:
        """Return a state after ``text``."""
        data = b"".join(map(code, text[-ORDER:]))[-2:]
        context = self.language.at(self.language.fold(END + text[-ORDER:]))
        return State(0, context, 0, int.from_bytes(data, "big"), True, "", False, ())

    def as_shown(self, item: Item, state: State, before_mark: bool = False) -> State:
        """Take an item as it stands."""
        if item.kind == CHAR:
            extra = costs.STRAY_IGNORED if before_mark and self.keys else 0
            return self._char(state, item, extra)
        extra = costs.FOREIGN_NOTE if item.kind == NOTE else costs.ORPHAN
        context = self.language.at(self.language.fold(item.text))
        text = state.text + item.text
        return State(
            state.cost + extra, context, 0, 0, True, text, state.changed, state.keys, state.rival, state.loose
        )

    def _char(self, state: State, item: Item, extra: int) -> State:
        char = item.text
        cost = state.cost + extra + self.language.cost_at(state.context, char)
        if char == "?" and self._odd_question and not state.text[-1:].isascii():
            cost += costs.HALF_QUESTION
        if state.changed and char in costs.SINGLE and state.text[-1:] == char:
            cost += costs.REPEATED
        tail = item.first << 8 | item.second
        if item.second < 0:
            tail = (state.tail & 0xFF) << 8 | (item.first & 0xFF)
        elif state.open and ((state.tail & 0xFF) << 8 | item.first) in self._dense:
            cost += costs.KEY_MISSED
        context = self.language.after(state.context, char)
        text = state.text + char
        return State(cost, context, 0, tail, True, text, state.changed, state.keys, state.rival, state.loose)

    def append(self, state: State, chars: str, extra: int, pending: int = 0, noted: bool = False) -> State:
        """Append recovered characters, and the byte that follows them: half of one, or an ASCII one.

        ``noted`` says that the last of ``chars`` may be a key, for an annotation follows.
        """
        language, context = self.language, state.context
        cost, tail = state.cost + extra, state.tail
        if 0 < pending < EURO:
            chars += chr(pending)
        begins = state.open and not state.pending
        missed = int(begins and tail in self._dense)
        known = tail & 0xFF if begins else -1  # the byte before
        last, hit = state.text[-1:], False
        for char in chars:
            found = context.costs.get(char)
            cost += language.cost_at(context, char) if found is None else found
            if char in costs.NOTABLE:
                cost += self._notable(state.text + chars, state.text, char, last)
            code = number(char)
            if code > 0xFF:
                missed += known >= 0 and (known << 8 | code >> 8) in self._dense
                hit, tail = code in self._dense, code
            elif code >= 0:
                tail = (tail & 0xFF) << 8 | code
                hit = known >= 0 and tail in self._dense
            missed += hit
            known = tail & 0xFF
            context = context.following.get(char) or language.after(context, char)
            last = char
        cost += costs.KEY_MISSED * (missed - (noted and hit))
        if pending >= EURO:
            tail = (tail & 0xFF) << 8 | pending
        else:
            pending = 0
        return State(
            cost, context, pending, tail, True, state.text + chars, True, state.keys, state.rival, state.loose
        )

    def _notable(self, whole: str, text: str, char: str, last: str) -> int:
        """Return what it costs further that ``char`` stands in the text ``whole``, after ``last``."""
        cost = self.persons.get(char, 0)
        if char == last and char in costs.SINGLE:
            cost += costs.REPEATED
        if char in PAIR_OF:
            cost += self._unbalanced(text, char)
            if char == "”" and last in costs.SENTENCE_ENDS:
                cost += self._quoted(whole)
        return cost

    def _unbalanced(self, text: str, char: str) -> int:
        """Return what a quotation mark or bracket costs that closes nothing, or opens twice."""
        opening, closing = PAIR_OF[char]
        depth = self._depth.get(opening, 0) + text.count(opening) - text.count(closing)
        fits = depth > 0 if char == closing else depth <= 0
        return costs.BALANCE if not fits else -costs.BALANCE if char == closing else 0

    def _quoted(self, text: str) -> int:
        """Return what a full stop before a closing quotation mark costs, where only a term is quoted."""
        before, _, quoted = (self._before + text).rpartition("“")
        speech = not before or before[-1] in costs.BEFORE_SPEECH
        return 0 if speech or len(quoted.partition("”")[0]) > costs.TERM_LENGTH else costs.QUOTED_TERM

    def at_end(self, state: State) -> State:
        """Return a state at the end of its line."""
        extra = costs.UNFINISHED if state.text[-1:] in costs.NEVER_LAST else 0
        return state._replace(cost=state.cost + extra + self.language.cost_at(state.context, END))
