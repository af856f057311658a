"""Steps within a shift: the page shows the bytes one off, until a single byte ends it."""

from collections.abc import Iterable, Iterator, Sequence

from cleaners.slips import costs
from cleaners.slips.appending import Appender
from cleaners.slips.candidates import ANY, Candidates
from cleaners.slips.cuts import cuts, read
from cleaners.slips.gbk import CHARACTERS, EURO, code
from cleaners.slips.items import CHAR, NOTE, Item, mark_at
from cleaners.slips.language import END
from cleaners.slips.states import Beam, Rival, State, Step


class Shifts:
    """The shifts of one page."""

    def __init__(self, appender: Appender, candidates: Candidates, questions: str, marks: str) -> None:
        """``questions`` are the damage's question marks, ``marks`` the ASCII marks of the page's prose."""
        self._append, self._language = appender.append, appender.language
        self._candidates, self._questions = candidates, questions
        self._swallowable = (("", costs.NOTHING), *((mark, costs.SWALLOWED_MARK) for mark in marks))

    def stray(self, items: Sequence[Item], place: int, state: State) -> Iterator[Step]:
        """``?`` and a mark: a character whose second byte is the mark's first was cut."""
        cut = False
        for count, data in cuts(items, place, self._questions):
            cut = True
            chars, pending = read(data[1:])
            following = chars[:1] or self._following(items, place + count + 1, pending)
            for _, char in self._candidates.with_trail(state.context, data[0], following):
                yield count + 1, self._append(state, char + chars, count * costs.STRAY, pending)
        if not cut and state.changed and place + 1 == len(items):  # both passes took a byte
            for char in costs.CLOSING:
                yield 1, self._append(state, char, costs.STRAY)

    def shifted(self, items: Sequence[Item], place: int, state: State, ahead: Beam | None) -> Iterator[Step]:
        """Yield the steps over an item that shows the second byte of a character and the first of the next.

        Without ``ahead``, the beam that they lead to, no vanished pairs are looked for.
        """
        item = items[place]
        if item.text in self._questions:
            yield from self._end_of_shift(items, place, state, ahead)
            return
        byte, second = item.first, item.second
        if second < 0:
            yield from self._unfolded(item, state)
        char = CHARACTERS.get(state.pending << 8 | byte, "") if byte >= 0 else ""
        cost = costs.SUSPECT
        noted = second < EURO and place + 1 < len(items) and items[place + 1].kind == NOTE
        if char:
            after = self._append(state, char, 0, max(second, 0), noted)
            yield 1, after
            cost = after.cost - state.cost + self._next_cost(items, place, after)
        reached = second >= 0 or 0x40 <= byte <= EURO
        if ahead is not None and cost >= costs.SUSPECT and reached and state.cost <= ahead.limit:
            after_next = self._following(items, place + 1, second)
            pairs = self._candidates.across_vanished(state.context, state.pending, byte, after_next)
            loose = state._replace(loose=True)
            for own, chars in pairs:
                extra = costs.VANISHED * (len(chars) - 1)
                if state.cost + own + extra <= ahead.limit:
                    yield 1, self._append(loose, chars, extra, max(second, 0), noted)

    def _following(self, items: Sequence[Item], place: int, first: int) -> str:
        """Return the character of the byte ``first`` and the next shown one, if that makes a usual one."""
        if place >= len(items) or items[place].kind != CHAR or first < 0:
            return ""
        char = chr(first) if first < EURO else CHARACTERS.get(first << 8 | items[place].first, "")
        return char if char and self._language.knows(char) else ""

    def _unfolded(self, item: Item, state: State) -> Iterator[Step]:
        """An ASCII character that was full-width until marks and letters were folded."""
        char = CHARACTERS.get(state.pending << 8 | costs.FULL_WIDTH, "")
        if char and 0x20 < item.first < EURO:
            yield 1, self._append(state, char, costs.FOLDED, item.first | 0x80)

    def _next_cost(self, items: Sequence[Item], place: int, state: State) -> int:
        """Return what the next character would cost without a vanished pair."""
        if place + 1 >= len(items) or not state.pending:
            return 0
        item = items[place + 1]
        char = CHARACTERS.get(state.pending << 8 | item.first, "") if item.kind == CHAR else "的"
        return self._language.cost_at(state.context, char) if char else costs.SUSPECT

    def _end_of_shift(
        self, items: Sequence[Item], place: int, state: State, ahead: Beam | None
    ) -> Iterator[Step]:
        """``?``: the second byte of the pending character, with an ASCII character or cut off a mark."""
        mark = mark_at(items, place + 1)
        several = [(n + 1, *read(data)) for n, data in cuts(items, place, self._questions) if n > 1]
        swallowed = self._swallowed(items, place + 1) if place + 1 < len(items) else ()
        digits = place + 1 < len(items) and items[place + 1].text in costs.AFTER_DIGIT
        for nth, (chars, vanished) in enumerate(self._completed(state, mark, ahead is not None)):
            state = state._replace(loose=state.loose or vanished < 0)
            for width, more, pending in several:
                yield width, self._append(state, chars + more, vanished + (width - 1) * costs.STRAY, pending)
            if mark:
                yield 1, self._append(state, chars, vanished + costs.STRAY)
                if nth < costs.SPLIT_KEPT:
                    yield from self._split_mark(state, chars, mark)
            after = self._append(state, chars, vanished + costs.SWALLOWED)
            if not swallowed:
                yield 1, after
            for char, extra in swallowed:
                if char == END and chars[-1] not in costs.LAST:
                    continue
                found = self._append(after, char, extra)
                yield 1, found._replace(rival=Rival(0, found.text, len(found.text))) if digits else found

    def _completed(self, state: State, mark: str, vanished: bool) -> Iterator[tuple[str, int]]:
        """Yield what the pending character may be, and with it what vanished before the ``?``."""
        context, pending = state.context, state.pending
        for _, char in self._candidates.with_lead(context, pending):
            yield char, 0
        if vanished:
            for _, chars in self._candidates.across_vanished(context, pending, ANY, mark):
                yield chars, costs.VANISHED * (len(chars) - 1)

    def _split_mark(self, state: State, char: str, mark: str) -> Iterator[Step]:
        """A mark that came about when a pair between its two bytes vanished."""
        first, second = code(mark)
        after = self._append(state, char, costs.STRAY)
        after = after._replace(loose=True)
        for _, chars in self._candidates.across_vanished(after.context, first, second, "")[:2]:
            yield 2, self._append(after, chars, costs.VANISHED)

    def _swallowed(self, items: Sequence[Item], place: int) -> Iterable[tuple[str, int]]:
        following = items[place]
        latin = following.kind == CHAR and following.text.isascii()
        if following.text in costs.AFTER_DIGIT:
            return ((" ", 10), ("?", 0))  # likely a digit, and no way to know which
        for item in items[place : place + costs.BRACKET_REACH]:
            if item.kind == CHAR and item.text in "()":
                if item.text == ")":
                    return (("(", 0), (" ", 10), *self._swallowable)
                break
        return ((" ", -10 if latin else 10), (END, costs.SWALLOWED_END), *self._swallowable)
