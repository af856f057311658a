"""How likely a character is on this page: the general model, adapted by the page's clean text."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from math import exp, log
from typing import NamedTuple

from cleaners.slips.characters import characters, simplify_table
from cleaners.slips.choices import Choice, name_pairs, names
from cleaners.slips.contexts import Context, Row
from cleaners.slips.familiar import successors
from cleaners.slips.ngrams import Place, chinese, marks

__all__ = ["END", "ORDER", "Choice", "Language", "general"]

ORDER = 3  # characters of context
END = "\n"  # the begin and the end of a line
_MARKS = frozenset("，。、；：？！“”…\n")
_KINDS = (
    ("“", "(（《「『【〈‘"),
    ("”", ")）》」』】〉\"'’"),
    *zip("，？！：；…", ",?!:;—", strict=True),
)
_ALIKE = {ord(char): like for like, chars in _KINDS for char in chars}
_LATIN_COST, _LATIN_RUN_COST, _SYMBOL_COST, _UNKNOWN_COST = 50, 15, 150, 180
_WRONG_SCRIPT, _VARIANT, _RARE_VARIANT, _RARE_QUOTE = 60, 15, 50, 6
_WEIGHTS = (40.0, 12.0, 6.0)  # how many page counts the level below is worth
_FAMILIAR = 3.0  # the same for what the reader's store is familiar with
_TOPIC, _TOPIC_PRIOR = 0.3, 2000.0
_MAX_CACHE, _MAX_CONTEXTS, _MAX_CHARS = (
    30_000,
    5_000,
    10_000,
)  # a process that runs for long may hold several languages
_SELDOM = 60  # what the page writes more seldom than once in so many times is not weighed for that
_SPARE = 2  # so many more than are kept are weighed with the page's own words
_NO_CONTEXT = Place(())


@cache
def _fold_table() -> Mapping[int, str]:
    return {**simplify_table(), **_ALIKE}


def _known(text: str, ids: Mapping[str, int]) -> list[int]:
    """Return the numbers of the last characters of ``text`` that have one."""
    run: list[int] = []
    for char in reversed(text):
        number = ids.get(char)
        if number is None:
            break
        run.append(number)
    return run[::-1]


class _Char(NamedTuple):
    folded: str
    number: int  # in the model of Chinese characters, or -1
    mark: int  # in the model of marks, or -1
    extra: int  # cost of the variant on this page
    topic: int  # cost, or gain if negative, of being rarer or more frequent here than elsewhere


class Language:
    """Costs (tenths of nats) of characters in context.

    ``clean`` is the page's undamaged text: its words and names get weight, and its choice of
    variants (裏, 裡 or 里) is followed. ``traditional`` says which script the page is in.
    ``phrases`` are what the reader's store is familiar with (:mod:`cleaners.slips.familiar`).
    """

    def __init__(
        self, clean: Iterable[str] = (), *, traditional: bool = True, phrases: tuple[str, ...] = ()
    ) -> None:
        self._familiar = successors(phrases)
        self._chinese, self._marks = chinese(), marks()
        self._traditional = traditional
        self._successors: list[dict[str, Counter[str]]] = [{}, {}, {}]
        self._written: Counter[str] = Counter()
        self._folds = _fold_table()
        self._chars: dict[str, _Char] = {}
        self._contexts: dict[str, Context] = {}
        self._costs = 0  # how many the contexts hold
        for text in clean:
            self._written.update(text)
            self._learn(self.fold(text))
        self._frequency: Counter[str] = Counter()
        self._rare = {char for char in self._written if "\u3400" <= char <= "\u9fff" and not self.knows(char)}
        for char, count in self._written.items():
            self._frequency[self.fold(char)] += count
        self._total = self._frequency.total()
        for name in names():
            self._learn(name)

    def fold(self, text: str) -> str:
        """Return ``text`` as the model sees it: simplified, marks of one kind made alike."""
        return text.translate(self._folds)

    def _learn(self, folded: str) -> None:
        folded = END + folded
        for length in range(1, ORDER + 1):
            successors = self._successors[length - 1]
            for end in range(length, len(folded)):
                context = folded[end - length : end]
                row = successors.get(context)
                if row is None:
                    row = successors[context] = Counter()
                row[folded[end]] += 1

    def at(self, text: str) -> Context:
        """Return the context that ``text``, folded characters, makes; the last three count."""
        text = text[-ORDER:]
        context = self._contexts.get(text)
        if context is None:
            if len(self._contexts) >= _MAX_CONTEXTS:
                self._forget()
            context = self._contexts[text] = self._context(text)
        return context

    def after(self, context: Context, char: str) -> Context:
        """Return the context after ``char`` was written at ``context``."""
        found = context.following.get(char)
        if found is None:
            found = context.following[char] = self.at(context.text + self._char(char).folded)
        return found

    def _forget(self) -> None:
        for context in self._contexts.values():
            context.following.clear()
        self._contexts.clear()
        self._costs = 0

    def cost(self, context: str, char: str) -> int:
        """Return the cost of ``char`` after ``context``, the last folded characters before it."""
        return self.cost_at(self.at(context), char)

    def cost_at(self, context: Context, char: str) -> int:
        """Return the cost of ``char`` at ``context``."""
        known = context.costs.get(char)
        if known is None:
            found = self._char(char)
            known = self._keep(context, char, self._adapted(context, found, self._general(context, found)))
        return known

    def _keep(self, context: Context, char: str, cost: int) -> int:
        self._costs += 1
        if self._costs > _MAX_CACHE:
            self._forget()
        context.costs[char] = cost
        return cost

    def knows(self, char: str) -> bool:
        """Say whether ``char`` is one that the model has seen at all."""
        folded = self.fold(char)
        return folded in self._chinese.ids or folded in _MARKS

    def likeliest(self, context: str, chars: Choice, keep: int) -> list[tuple[int, str]]:
        """Return the ``keep`` likeliest of ``chars`` after ``context`` with their costs, best first.

        Those that the page has written there are weighed, and those likeliest elsewhere; rare
        characters only where the page writes them.
        """
        return self.likeliest_at(self.at(context), chars, keep)

    def likeliest_at(self, context: Context, chars: Choice, keep: int) -> list[tuple[int, str]]:
        """Return the same as :meth:`likeliest` at ``context``."""
        known = context.likeliest.get((chars.all, keep))
        if known is None:
            self._costs += keep
            known = context.likeliest[chars.all, keep] = self._likeliest(context, chars, keep)
        return known

    def _likeliest(self, context: Context, chars: Choice, keep: int) -> list[tuple[int, str]]:
        weighed: dict[str, int] = {}
        if context.chinese is None:
            of_marks, among = chars.of_marks
            mark = self._marks.weighed(self._mark_place(context), among, of_marks)
            for number in sorted(mark, key=mark.__getitem__)[: keep + _SPARE]:
                for char in chars.by_number[of_marks[number]]:
                    weighed[char] = self.cost_at(context, char)
        else:
            found = self._chinese.weighed(context.chinese, chars.numbers, chars.commonest)
            costs = context.costs
            for number in sorted(found, key=found.__getitem__)[: keep + _SPARE]:
                for char in chars.by_number[number]:
                    known = costs.get(char)
                    if known is None:
                        cost = self._adapted(context, self._char(char), found[number])
                        known = self._keep(context, char, cost)
                    weighed[char] = known
        for char in self._also(context, chars):
            if char not in weighed:
                weighed[char] = self.cost_at(context, char)
        return sorted([(cost, char) for char, cost in weighed.items()])[:keep]

    def _also(self, context: Context, chars: Choice) -> list[str]:
        """Return those of ``chars`` that are weighed although the general model does not expect them."""
        found = [*chars.marks, *chars.rare & self._rare]
        for folded in name_pairs().get(context.text[-1:], ""):
            found += chars.folded(folded)
        for row, total, _ in context.words:
            least = max(1, total // _SELDOM)
            for folded, count in row.items():
                if count >= least:
                    found += chars.folded(folded)
        return found

    def costs_at(self, context: Context, chars: Choice) -> list[tuple[int, str]]:
        """Return the costs of all ``chars`` at ``context``, in no order."""
        costs = context.costs
        if context.chinese is not None:
            found = self._chinese.weighed(context.chinese, chars.numbers, chars.numbers)
            for number, general in found.items():
                for char in chars.by_number[number]:
                    if char not in costs:
                        self._keep(context, char, self._adapted(context, self._char(char), general))
        return [(self.cost_at(context, char), char) for char in chars.all]

    def _adapted(self, context: Context, char: _Char, general: int) -> int:
        cost = general + char.topic
        for row, total, weight in context.page:
            count = row.get(char.folded, 0)
            if count:
                cost = round(-10 * log((count + weight * exp(-cost / 10)) / (total + weight)))
            else:
                cost += min(30, round(10 * log((total + weight) / weight)))
        return cost + char.extra

    def _general(self, context: Context, char: _Char) -> int:
        if char.folded in _MARKS:
            return self._marks.cost(self._mark_place(context), char.mark)
        if char.number >= 0:
            if context.chinese is not None:
                return self._chinese.cost(context.chinese, char.number)
            if char.mark >= 0:
                return self._marks.cost(self._mark_place(context), char.mark)
            return self._chinese.cost(_NO_CONTEXT, char.number)
        if char.folded.isascii():
            latin = context.text[-1:].isascii() and context.text[-1:] != END
            return _LATIN_RUN_COST if latin else _LATIN_COST
        return _UNKNOWN_COST if "\u3400" <= char.folded <= "\u9fff" else _SYMBOL_COST

    def _context(self, text: str) -> Context:
        run = _known(text, self._chinese.ids)
        page: list[Row] = []
        if self._familiar:
            found = [self._familiar.get(text[-length:]) for length in range(2, len(text) + 1)]
            page += [(row, row.total(), _FAMILIAR) for row in found if row is not None]
        words = len(page)
        for length in range(1, len(text) + 1):
            row = self._successors[length - 1].get(text[-length:])
            if row is None:
                break
            page.append((row, row.total(), _WEIGHTS[length - 1]))
        after = self._chinese.place(run) if run or text[-1:] not in self._marks.ids else None
        context = Context(text, after, tuple(page))
        context.words = tuple(page[:words] + page[words + 1 :])
        return context

    def _mark_place(self, context: Context) -> Place:
        if context.mark is None:
            context.mark = self._marks.place(_known(context.text, self._marks.ids))
        return context.mark

    def _char(self, char: str) -> _Char:
        known = self._chars.get(char)
        if known is None:
            if len(self._chars) >= _MAX_CHARS:
                self._chars.clear()
            folded = self.fold(char)
            number, mark = self._chinese.ids.get(folded, -1), self._marks.ids.get(folded, -1)
            known = _Char(folded, number, mark, self._variant(char), self._topic(folded, number))
            self._chars[char] = known
        return known

    def _topic(self, folded: str, number: int) -> int:
        if number < 0 or not self._total:
            return 0
        usual = exp(-self._chinese.cost(Place(()), number) / 10)
        here = (self._frequency[folded] + _TOPIC_PRIOR * usual) / (self._total + _TOPIC_PRIOR)
        return max(-15, min(15, round(-10 * _TOPIC * log(here / usual))))

    def _variant(self, char: str) -> int:
        if char in "‘’「」『』":
            return _RARE_QUOTE if char in self._written else _VARIANT
        info = characters().get(char)
        if info is None or char in self._written:
            return 0
        if info.script == ("s" if self._traditional else "t"):
            return _WRONG_SCRIPT
        return {"v": _VARIANT, "r": _RARE_VARIANT}.get(info.script, 0)


@lru_cache(maxsize=2)
def general(*, traditional: bool) -> Language:
    """Return the language of no page: what was asked of it before is kept for all."""
    return Language(traditional=traditional)
