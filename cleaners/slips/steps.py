"""The single steps of a search: what one item of the damaged line may stand for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from cleaners.slips import costs
from cleaners.slips.candidates import Candidates
from cleaners.slips.cuts import cuts, read
from cleaners.slips.gbk import CHARACTERS, EURO, code
from cleaners.slips.harvest import Evidence
from cleaners.slips.items import CHAR, NOTE, Item, mark_at
from cleaners.slips.keys import COST_LEARNED, keys_with, learned_keys
from cleaners.slips.language import END, ORDER, Language
from cleaners.slips.states import State
from cleaners.slips.written import PAIR_OF, Written

Step = tuple[int, State]  # how many items it covers, and what it leads to


class Steps:
    """The steps that are possible on one page."""

    def __init__(self, evidence: Evidence, language: Language, questions: str = "?", marks: str = "") -> None:
        """``questions`` are the damage's question marks, ``marks`` the ASCII marks of the page's prose."""
        self.questions = questions
        self._swallowable = (("", costs.NOTHING), *((mark, costs.SWALLOWED_MARK) for mark in marks))
        self._keys = evidence.keys if evidence.byte_level else {}
        self._odd_question = evidence.byte_level and not marks
        self._dense = {int.from_bytes(code(char), "big") for char in evidence.dense if evidence.byte_level}
        self._language = language
        self._candidates = Candidates(language)
        self._depth: Mapping[str, int] = {}
        self._before = ""
        self.persons: Mapping[str, int] = {}  # what some pronouns cost in this line

    def start(self, written: Written) -> State:
        """Return the state after the part of the line that is repaired."""
        self._depth, self._before = written.depth, written.tail
        return self._after(written.tail)

    def _after(self, text: str) -> State:
        data = b"".join(map(code, text[-ORDER:]))[-2:]
        context = self._language.fold(END + text[-ORDER:])[-ORDER:]
        return State(0, context, 0, int.from_bytes(data, "big"), True, "", False, ())

    def as_shown(self, item: Item, state: State, before_mark: bool = False) -> State:
        """Take an item as it stands."""
        if item.kind == CHAR:
            extra = costs.STRAY_IGNORED if before_mark and self._keys else 0
            return self._char(state._replace(cost=state.cost + extra), item)
        extra = costs.FOREIGN_NOTE if item.kind == NOTE else costs.ORPHAN
        text, context = state.text + item.text, self._language.fold(item.text)[-ORDER:]
        return State(state.cost + extra, context, 0, 0, True, text, state.changed, state.keys, state.rival)

    def following(self, items: Sequence[Item], place: int, state: State, rank: int) -> Iterator[Step]:
        """Yield every step from ``state`` at ``place``; ``rank`` is its place among the hypotheses."""
        item = items[place]
        if item.kind == NOTE:
            yield from self._note(item, state)
        elif item.kind != CHAR:
            yield from self._tail(item, state)
        elif state.pending:
            yield from self._shifted(items, place, state, rank)
        else:
            mark = mark_at(items, place + 1) if item.text in self.questions else ""
            shown = self._char(state, item)
            yield 1, shown._replace(cost=shown.cost + costs.STRAY_IGNORED) if mark and self._keys else shown
            if item.text in self.questions:
                yield from self._stray(items, place, state)

    def _char(self, state: State, item: Item) -> State:
        """Append a shown character as it stands."""
        cost = state.cost + self._language.cost(state.context, item.text)
        if item.text == "?" and self._odd_question and not state.text[-1:].isascii():
            cost += costs.HALF_QUESTION
        if state.changed and item.text in costs.SINGLE and state.text[-1:] == item.text:
            cost += costs.REPEATED
        tail = item.first << 8 | item.second
        if item.second < 0:
            tail = (state.tail & 0xFF) << 8 | (item.first & 0xFF)
        elif state.open and ((state.tail & 0xFF) << 8 | item.first) in self._dense:
            cost += costs.KEY_MISSED
        context = (state.context + self._language.fold(item.text))[-ORDER:]
        text = state.text + item.text
        return State(cost, context, 0, tail, True, text, state.changed, state.keys, state.rival)

    def _append(self, state: State, chars: str, extra: int, pending: int = 0, noted: bool = False) -> State:
        """Append recovered characters, and the byte that follows them: half of one, or an ASCII one.

        ``noted`` says that the last of ``chars`` may be a key, for an annotation follows.
        """
        cost, context = state.cost + extra, state.context
        if 0 < pending < EURO:
            chars += chr(pending)
        last = state.text[-1:]
        for char in chars:
            cost += self._language.cost(context, char) + self.persons.get(char, 0)
            if char == last and char in costs.SINGLE:
                cost += costs.REPEATED
            if char in PAIR_OF:
                cost += self._unbalanced(state.text, char)
                if char == "”" and last in costs.SENTENCE_ENDS:
                    cost += self._quoted(state.text + chars)
            context = (context + self._language.fold(char))[-ORDER:]
            last = char
        data = state.tail.to_bytes(2, "big") + b"".join(map(code, chars))
        cost += self._missed(data[0 if state.open and not state.pending else 2 :], noted)
        tail = int.from_bytes(data[-2:], "big")
        if pending >= EURO:
            tail = (tail & 0xFF) << 8 | pending
        else:
            pending = 0
        return State(cost, context, pending, tail, True, state.text + chars, True, state.keys, state.rival)

    def _missed(self, data: bytes, noted: bool) -> int:
        """Return what the keys in ``data`` cost that the page would have annotated."""
        pairs = zip(data, data[1:-1] if noted else data[1:], strict=False)
        return sum(costs.KEY_MISSED for first, second in pairs if first << 8 | second in self._dense)

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

    def _stray(self, items: Sequence[Item], place: int, state: State) -> Iterator[Step]:
        """``?`` and a mark: a character whose second byte is the mark's first was cut."""
        cut = False
        for count, data in cuts(items, place, self.questions):
            cut = True
            chars, pending = read(data[1:])
            following = chars[:1] or self._following(items, place + count + 1, pending)
            for _, char in self._candidates.with_trail(state.context, data[0], following):
                yield count + 1, self._append(state, char + chars, count * costs.STRAY, pending)
        if not cut and state.changed and place + 1 == len(items):  # both passes took a byte
            for char in costs.CLOSING:
                yield 1, self._append(state, char, costs.STRAY)

    def _shifted(self, items: Sequence[Item], place: int, state: State, rank: int) -> Iterator[Step]:
        item = items[place]
        if item.text in self.questions:
            yield from self._end_of_shift(items, place, state)
            return
        yield from self._unfolded(item, state)
        byte = item.first
        char = CHARACTERS.get(state.pending << 8 | byte, "") if byte >= 0 else ""
        cost = costs.SUSPECT
        noted = item.second < EURO and place + 1 < len(items) and items[place + 1].kind == NOTE
        if char:
            after = self._append(state, char, 0, max(item.second, 0), noted)
            yield 1, after
            cost = after.cost - state.cost + self._next_cost(items, place, after)
        if (
            rank < costs.VANISH_STATES
            and cost >= costs.SUSPECT
            and (item.second >= 0 or 0x40 <= byte <= EURO)
        ):
            after_next = self._following(items, place + 1, item.second)
            pairs = self._candidates.across_vanished(state.context, state.pending, byte, after_next)
            for _, chars in pairs:
                extra = costs.VANISHED * (len(chars) - 1)
                yield 1, self._append(state, chars, extra, max(item.second, 0), noted)

    def _following(self, items: Sequence[Item], place: int, first: int) -> str:
        """Return the character of the byte ``first`` and the next shown one, if that makes a usual one."""
        if place >= len(items) or items[place].kind != CHAR or first < 0:
            return ""
        char = chr(first) if first < EURO else CHARACTERS.get(first << 8 | items[place].first, "")
        return char if char and self._language.knows(char) else ""

    def _unfolded(self, item: Item, state: State) -> Iterator[Step]:
        """An ASCII character that was full-width until marks and letters were folded."""
        char = CHARACTERS.get(state.pending << 8 | costs.FULL_WIDTH, "")
        if char and item.second < 0 and 0x20 < item.first < EURO:
            yield 1, self._append(state, char, costs.FOLDED, item.first | 0x80)

    def _next_cost(self, items: Sequence[Item], place: int, state: State) -> int:
        """Return what the next character would cost without a vanished pair."""
        if place + 1 >= len(items) or not state.pending:
            return 0
        item = items[place + 1]
        char = CHARACTERS.get(state.pending << 8 | item.first, "") if item.kind == CHAR else "的"
        return self._language.cost(state.context, char) if char else costs.SUSPECT

    def _end_of_shift(self, items: Sequence[Item], place: int, state: State) -> Iterator[Step]:
        """``?``: the second byte of the pending character, with an ASCII character or cut off a mark."""
        ends = place + 1 == len(items)
        mark = mark_at(items, place + 1)
        several = [(n + 1, *read(data)) for n, data in cuts(items, place, self.questions) if n > 1]
        for nth, (_, char) in enumerate(self._candidates.with_lead(state.context, state.pending)):
            for width, chars, pending in several:
                yield width, self._append(state, char + chars, (width - 1) * costs.STRAY, pending)
            if mark:
                yield 1, self._append(state, char, costs.STRAY)
                if nth < costs.SPLIT_KEPT:
                    yield from self._split_mark(state, char, mark)
            after = self._append(state, char, costs.SWALLOWED)
            if ends:
                yield 1, after
                continue
            for swallowed, extra in self._swallowed(items, place + 1):
                yield 1, self._append(after, swallowed, extra)

    def _split_mark(self, state: State, char: str, mark: str) -> Iterator[Step]:
        """A mark that came about when a pair between its two bytes vanished."""
        first, second = code(mark)
        after = self._append(state, char, costs.STRAY)
        for _, chars in self._candidates.across_vanished(after.context, first, second, "")[:2]:
            yield 2, self._append(after, chars, costs.VANISHED)

    def _swallowed(self, items: Sequence[Item], place: int) -> Iterable[tuple[str, int]]:
        following = items[place]
        latin = following.kind == CHAR and following.text.isascii()
        if latin and following.text.isdigit():
            return ((" ", 10), ("?", 0))  # likely a digit, and no way to know which
        for item in items[place : place + costs.BRACKET_REACH]:
            if item.kind == CHAR and item.text in "()":
                if item.text == ")":
                    return (("(", 0), (" ", 10), *self._swallowable)
                break
        return ((" ", -10 if latin else 10), *self._swallowable)

    def is_aligned(self, item: Item, before: str) -> bool:
        """Say whether an annotation stands after its key, also one made of parts of two characters."""
        if before[-1:] in self._keys:
            return self._keys[before[-1]] == item.reading
        key = CHARACTERS.get(self._after(before).tail, "")
        if key == before[-1:]:
            return learned_keys().get(key) == item.reading
        return self._key_cost(key, item.reading) is not None

    def _note(self, item: Item, state: State) -> Iterator[Step]:
        """An annotation: of the last two bytes, else of the last and one that was dropped."""
        char = CHARACTERS.get(state.tail, "")
        cost = self._key_cost(char, item.reading)
        if cost is not None:
            keys = state.keys if char in self._keys else (*state.keys, (char, item.reading))
            yield 1, state._replace(cost=state.cost + cost, open=False, keys=keys)
            return
        if not state.pending:
            yield 1, self.as_shown(item, state)
        yield from self._insertion(item, state, costs.DROPPED)

    def _tail(self, item: Item, state: State) -> Iterator[Step]:
        if not state.pending:
            yield 1, self.as_shown(item, state)
        else:
            pairs = self._candidates.before_key(state.context, state.pending, item.reading, self._keys)
            for _, chars in pairs:
                after = self._append(state, chars, costs.VANISHED, noted=True)
                yield 1, after._replace(open=False, keys=(*state.keys, (chars[-1], item.reading)))
            # The second pass cut the character before a question mark that the first pass left.
            for char in self._candidates.before_cut_key(
                state.context, state.pending, item.reading, self._keys
            ):
                yield from self._insertion(item, self._append(state, char, costs.SWALLOWED_MARK), 0)
        yield from self._insertion(item, state, 0)

    def at_end(self, state: State) -> State:
        """Return a state at the end of its line."""
        extra = costs.UNFINISHED if state.text[-1:] in costs.NEVER_LAST else 0
        return state._replace(cost=state.cost + extra + self._language.cost(state.context, END))

    def _key_cost(self, char: str, reading: str) -> int | None:
        if self._keys.get(char) == reading:
            return 0
        if char in self._keys or not char:
            return None
        if learned_keys().get(char) == reading:
            return COST_LEARNED
        found = [cost for _, key, cost in keys_with(code(char)[0], reading, self._keys) if key == char]
        return min(found, default=None)

    def _insertion(self, item: Item, state: State, extra: int) -> Iterator[Step]:
        """The lost byte is the second of a key whose first is the last known byte."""
        last = state.tail & 0xFF
        found = keys_with(last, item.reading, self._keys)
        if not state.pending and chr(last) in costs.FULL_WIDTH_BYTES:  # a mark that was folded since
            last = costs.FULL_WIDTH_BYTES[chr(last)]
            found = keys_with(last, item.reading, self._keys)
        for byte, key, cost in found:
            if state.pending:
                char = CHARACTERS.get(state.pending << 8 | byte, "")
                if char:
                    after = self._append(state, char, cost + extra, noted=True)
                    yield 1, after._replace(open=False, keys=(*state.keys, (key, item.reading)))
                continue
            total, keys = state.cost + cost + extra, (*state.keys, (key, item.reading))
            yield (
                1,
                state._replace(
                    cost=total, pending=byte, tail=last << 8 | byte, open=False, changed=True, keys=keys
                ),
            )
