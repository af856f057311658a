"""How likely a character is on this page: the general model, adapted by the page's clean text."""

from collections import Counter
from collections.abc import Iterable
from functools import cache
from heapq import nsmallest
from importlib.resources import files
from itertools import pairwise
from math import exp, log
from typing import NamedTuple

from cleaners.slips.characters import characters, simplify_table
from cleaners.slips.familiar import successors
from cleaners.slips.ngrams import Place, chinese, marks

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
_MAX_CACHE, _MAX_CONTEXTS = 60_000, 10_000  # a process that runs for long may hold several languages
_COMMONEST = 6  # characters of a choice that are weighed wherever they stand
_SELDOM = 60  # what the page writes more seldom than once in so many times is not weighed for that
_SPARE = 2  # so many more than are kept are weighed with the page's own words


@cache
def names() -> tuple[str, ...]:
    """Return well-known names that the general model hardly knows."""
    lines = files("cleaners").joinpath("data", "names.txt").read_text("utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


@cache
def name_pairs() -> dict[str, str]:
    """Return which characters follow each character in :func:`names`."""
    pairs: dict[str, str] = {}
    for name in names():
        for before, after in pairwise(name):
            pairs[before] = pairs.get(before, "") + after
    return pairs


class _Char(NamedTuple):
    folded: str
    number: int  # in the model of Chinese characters, or -1
    mark: int  # in the model of marks, or -1
    extra: int  # cost of the variant on this page
    topic: int  # cost, or gain if negative, of being rarer or more frequent here than elsewhere


class _Context(NamedTuple):
    chinese: Place | None  # after Chinese characters
    mark: Place
    page: tuple["_Row", ...]  # what follows on the page, the nearer context first
    words: tuple["_Row", ...]  # those after two characters or more


_Row = tuple[Counter[str], int, float]  # next characters, their number, how many the level below is worth


class Choice:
    """A set of characters to choose from, prepared for :meth:`Language.likeliest`."""

    def __init__(self, chars: Iterable[str]) -> None:
        model, other, plain = chinese(), marks(), simplify_table()
        self.marks: list[str] = []
        self.rare: set[str] = set()  # Chinese characters that the model does not know
        self.by_number: dict[int, list[str]] = {}
        self.by_folded: dict[str, list[str]] = {}
        for char in chars:
            folded = char.translate(plain)
            if folded in model.ids:
                self.by_number.setdefault(model.ids[folded], []).append(char)
                self.by_folded.setdefault(folded, []).append(char)
            elif "\u3400" <= char <= "\u9fff":
                self.rare.add(char)
            else:
                self.marks.append(char)
        self.numbers = frozenset(self.by_number)
        self.commonest = sorted(self.numbers)[:_COMMONEST]  # numbers go by frequency
        self.from_mark = {
            other.ids[folded]: model.ids[folded] for folded in self.by_folded if folded in other.ids
        }


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
        self._plain = simplify_table()
        self._costs: dict[str, int] = {}
        self._chars: dict[str, _Char] = {}
        self._contexts: dict[str, _Context] = {}
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
        return text.translate(self._plain).translate(_ALIKE)

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

    def cost(self, context: str, char: str) -> int:
        """Return the cost of ``char`` after ``context``, the last folded characters before it."""
        key = context + char
        known = self._costs.get(key)
        if known is None:
            if len(self._costs) > _MAX_CACHE:
                self._costs.clear()
            known = self._costs[key] = self._compute(context, char)
        return known

    def knows(self, char: str) -> bool:
        """Say whether ``char`` is one that the model has seen at all."""
        folded = self.fold(char)
        return folded in self._chinese.ids or folded in _MARKS

    def likeliest(self, context: str, chars: "Choice", keep: int) -> list[tuple[int, str]]:
        """Return the ``keep`` likeliest of ``chars`` after ``context`` with their costs, best first.

        Those that the page has written there are weighed, and those likeliest elsewhere; rare
        characters only where the page writes them.
        """
        place = self._place(context)
        if place.chinese is None:
            found = self._marks.ranked(place.mark, chars.from_mark, keep + _SPARE)
            numbers = {chars.from_mark[number] for number in found}
        else:
            among = {*self._chinese.successors(place.chinese, chars.numbers), *chars.commonest}
            numbers = set(self._chinese.ranked(place.chinese, among, keep + _SPARE))
        weighed = [*chars.marks, *chars.rare & self._rare]
        weighed += [char for number in numbers for char in chars.by_number[number]]
        named = name_pairs().get(context[-1:], "")
        weighed += [char for folded in named for char in chars.by_folded.get(folded, ())]
        for row, total, _ in place.words:
            least = max(1, total // _SELDOM)
            common = [folded for folded, count in row.items() if count >= least]
            weighed += [char for folded in common for char in chars.by_folded.get(folded, ())]
        return nsmallest(keep, {(self.cost(context, char), char) for char in weighed})

    def _place(self, context: str) -> _Context:
        place = self._contexts.get(context)
        if place is None:
            if len(self._contexts) >= _MAX_CONTEXTS:
                self._contexts.clear()
            place = self._contexts[context] = self._context(context)
        return place

    def _compute(self, context: str, char: str) -> int:
        place = self._place(context)
        known = self._chars.get(char)
        if known is None:
            known = self._chars[char] = self._char(char)
        cost = self._general(context, place, known) + known.topic
        for row, total, weight in place.page:
            count = row.get(known.folded, 0)
            if count:
                cost = round(-10 * log((count + weight * exp(-cost / 10)) / (total + weight)))
            else:
                cost += min(30, round(10 * log((total + weight) / weight)))
        return cost + known.extra

    def _general(self, context: str, place: _Context, char: _Char) -> int:
        if char.folded in _MARKS:
            return self._marks.cost(place.mark, char.mark)
        if char.number >= 0:
            if place.chinese is not None:
                return self._chinese.cost(place.chinese, char.number)
            if char.mark >= 0:
                return self._marks.cost(place.mark, char.mark)
            return self._chinese.cost(Place(()), char.number)
        if char.folded.isascii():
            return _LATIN_RUN_COST if context[-1:].isascii() and context[-1:] != END else _LATIN_COST
        return _UNKNOWN_COST if "\u3400" <= char.folded <= "\u9fff" else _SYMBOL_COST

    def _context(self, context: str) -> _Context:
        run: list[int] = []
        for char in reversed(context):
            number = self._chinese.ids.get(char)
            if number is None:
                break
            run.insert(0, number)
        with_marks: list[int] = []
        for char in reversed(context):
            number = self._marks.ids.get(char)
            if number is None:
                break
            with_marks.insert(0, number)
        page = []
        for length in range(2, len(context) + 1):
            known = self._familiar.get(context[-length:])
            if known is not None:
                page.append((known, known.total(), _FAMILIAR))
        for length in range(1, len(context) + 1):
            row = self._successors[length - 1].get(context[-length:])
            if row is None:
                break
            page.append((row, row.total(), _WEIGHTS[length - 1]))
        after = self._chinese.place(run) if run or not with_marks else None
        words = tuple(row for row in page if row[2] != _WEIGHTS[0])
        return _Context(after, self._marks.place(with_marks), tuple(page), words)

    def _char(self, char: str) -> _Char:
        folded = self.fold(char)
        number, mark = self._chinese.ids.get(folded, -1), self._marks.ids.get(folded, -1)
        return _Char(folded, number, mark, self._variant(char), self._topic(folded, number))

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
