"""Sets of characters to choose from by the language model."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from itertools import pairwise

from cleaners.slips.characters import simplify_table
from cleaners.slips.ngrams import chinese, marks

_COMMONEST = 6  # characters of a choice that are weighed wherever they stand


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
    """A set of characters to choose from, prepared for :meth:`cleaners.slips.language.Language.likeliest`."""

    def __init__(self, chars: Iterable[str]) -> None:
        model, other, plain = chinese(), marks(), simplify_table()
        self.marks: list[str] = []
        self.rare: set[str] = set()  # Chinese characters that the model does not know
        self.by_number: dict[int, list[str]] = {}
        self.by_folded: dict[str, list[str]] = {}
        self.all = tuple(chars)
        for char in self.all:
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
        self.mark_numbers = frozenset(self.from_mark)
