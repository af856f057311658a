"""Sets of characters to choose from by the language model."""

from collections.abc import Iterable, Set
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from cleaners.slips.characters import simplify_table
from cleaners.slips.ngrams import MANY, chinese, marks

_COMMONEST = 6  # characters of a choice that are weighed wherever they stand
_MAX_KEPT = 30_000  # characters in the choices that are kept


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


class Choice:
    """A set of characters to choose from, prepared for :meth:`cleaners.slips.language.Language.likeliest`.

    ``all`` says what it is: choices of the same characters in the same order are alike.
    """

    __slots__ = ("_numbers", "_of_marks", "all", "by_number", "commonest", "marks", "rare")

    def __init__(self, chars: Iterable[str]) -> None:
        ids, plain = chinese().ids, simplify_table()
        self.all = "".join(chars)
        self.marks: list[str] = []
        self.rare: set[str] = set()  # Chinese characters that the model does not know
        self.by_number: dict[int, str] = {}
        for char in self.all:
            number = ids.get(plain.get(ord(char), char))
            if number is not None:
                self.by_number[number] = self.by_number.get(number, "") + char
            elif "\u3400" <= char <= "\u9fff":
                self.rare.add(char)
            else:
                self.marks.append(char)
        self.commonest = sorted(self.by_number)[:_COMMONEST]  # numbers go by frequency
        self._numbers: Set[int] | None = None
        self._of_marks: tuple[dict[int, int], Set[int]] | None = None

    @property
    def numbers(self) -> Set[int]:
        """The numbers that the characters have in the model."""
        if self._numbers is None:
            self._numbers = _keys(self.by_number)
        return self._numbers

    @property
    def of_marks(self) -> tuple[dict[int, int], Set[int]]:
        """The numbers in the model of marks, each to that in the other model; and they alone."""
        if self._of_marks is None:
            known = _marks_of()
            found = {known[number]: number for number in self.by_number if number in known}
            self._of_marks = found, _keys(found)
        return self._of_marks

    def folded(self, char: str) -> str:
        """Return those of the characters that are ``char`` when simplified."""
        return self.by_number.get(chinese().ids.get(char, -1), "")


def _keys(numbers: dict[int, Any]) -> Set[int]:
    return frozenset(numbers) if len(numbers) <= MANY else numbers.keys()


@cache
def _marks_of() -> dict[int, int]:
    """Return the number in the model of marks of each number in the other one."""
    ids = chinese().ids
    return {ids[char]: number for char, number in marks().ids.items() if char in ids}


class _Kept:
    """Choices that were made, as long as they do not grow too many."""

    def __init__(self) -> None:
        self._choices: dict[str, Choice] = {}
        self._held = 0

    def __call__(self, chars: str) -> Choice:
        """Return the choice of ``chars``."""
        found = self._choices.get(chars)
        if found is None:
            self._held += len(chars)
            if self._held > _MAX_KEPT:
                self._choices.clear()
                self._held = len(chars)
            found = self._choices[chars] = Choice(chars)
        return found


choice_of = _Kept()
"""Gives the choice of a string of characters, which it may remember."""
