"""Steps over annotations: of which key each is, and which byte of it was lost."""

from collections.abc import Iterator

from cleaners.slips import costs
from cleaners.slips.appending import Appender
from cleaners.slips.candidates import Candidates
from cleaners.slips.gbk import CHARACTERS, code
from cleaners.slips.items import Item
from cleaners.slips.keys import COST_LEARNED, keys_with, learned_keys
from cleaners.slips.states import State, Step


class Insertions:
    """The annotations of one page."""

    def __init__(self, appender: Appender, candidates: Candidates) -> None:
        self._appender, self._candidates, self._keys = appender, candidates, appender.keys

    def is_aligned(self, item: Item, before: str) -> bool:
        """Say whether an annotation stands after its key, also one made of parts of two characters."""
        if before[-1:] in self._keys:
            return self._keys[before[-1]] == item.reading
        key = CHARACTERS.get(self._appender.after(before).tail, "")
        if key == before[-1:]:
            return learned_keys().get(key) == item.reading
        return self._key_cost(key, item.reading) is not None

    def note(self, item: Item, state: State) -> Iterator[Step]:
        """Yield the steps over an annotation: of the last two bytes, else of the last and a dropped one."""
        char = CHARACTERS.get(state.tail, "")
        cost = self._key_cost(char, item.reading)
        if cost is not None:
            keys = state.keys if char in self._keys else (*state.keys, (char, item.reading))
            yield 1, state._replace(cost=state.cost + cost, open=False, keys=keys)
            return
        if not state.pending:
            yield 1, self._appender.as_shown(item, state)
        yield from self._insertion(item, state, costs.DROPPED)

    def tail(self, item: Item, state: State) -> Iterator[Step]:
        """Yield the steps over an annotation whose bracket was swallowed by the byte before it."""
        append = self._appender.append
        if not state.pending:
            yield 1, self._appender.as_shown(item, state)
        else:
            pairs = self._candidates.before_key(state.context, state.pending, item.reading, self._keys)
            loose = state._replace(loose=True)
            for _, chars in pairs:
                after = append(loose, chars, costs.VANISHED, noted=True)
                yield 1, after._replace(open=False, keys=(*state.keys, (chars[-1], item.reading)))
            # The second pass cut the character before a question mark that the first pass left.
            for char in self._candidates.before_cut_key(
                state.context, state.pending, item.reading, self._keys
            ):
                yield from self._insertion(item, append(state, char, costs.SWALLOWED_MARK), 0)
        yield from self._insertion(item, state, 0)

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
            keys = (*state.keys, (key, item.reading))
            if not state.pending:
                total, tail = state.cost + cost + extra, last << 8 | byte
                yield (
                    1,
                    state._replace(cost=total, pending=byte, tail=tail, open=False, changed=True, keys=keys),
                )
                continue
            char = CHARACTERS.get(state.pending << 8 | byte, "")
            if char:
                after = self._appender.append(state, char, cost + extra, noted=True)
                yield 1, after._replace(open=False, keys=keys)
