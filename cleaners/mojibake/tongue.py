"""The language of a page: what its next character costs, in tenths of nats.

The model is that of :mod:`cleaners.slips`, read when damage that needs it is met, and adapted by
the page's own clean lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from cleaners.mojibake.chains import UNITS
from cleaners.mojibake.forms import form_costs
from cleaners.mojibake.hanzi import hanzi
from cleaners.mojibake.plausible import foreign
from cleaners.mojibake.truths import Fit, Wrong

if TYPE_CHECKING:
    from cleaners.slips.language import Language

__all__ = ["Tongue", "Tongues"]


_DIGITS = frozenset("0123456789")
_NUMERAL = "三"  # digits are a context like this: the model knows Chinese numerals only
_DIGIT = 25
_UNIT = 35  # after a digit
_MAX_FOLDED = 8_000
_NEVER_LAST = {"，": 20, "、": 20, "；": 20, "：": 20, "“": 70}


class Tongue:
    """The model for one script."""

    def __init__(self, language: Language, *, traditional: bool) -> None:
        self.cost = language.cost  # of a character that is not ASCII
        self._language = language
        self._folded: dict[str, str] = {}
        self._form = form_costs(traditional=traditional).cost

    def fold(self, char: str) -> str:
        """Return ``char`` as it stands in a context."""
        found = self._folded.get(char)
        if found is None:
            folded = self._language.fold(char)
            if len(self._folded) >= _MAX_FOLDED:
                self._folded.clear()
            found = self._folded[char] = _NUMERAL if folded in _DIGITS else folded
        return found

    def guess(self, context: str, char: str) -> int:
        """Return the cost of ``char`` where it is guessed: of its form too."""
        if char in UNITS and context[-1] == _NUMERAL:
            return _UNIT
        return self.cost(context, char) + self._form(char)

    def ascii(self, context: str, char: str) -> int:
        """Return the cost of an ASCII character."""
        if char in _DIGITS:
            return _DIGIT
        return self.cost(context, char)

    def end(self, context: str) -> int:
        """Return the cost of ending a line."""
        return self.cost(context, "\n") + _NEVER_LAST.get(context[-1], 0)

    def context(self, before: str) -> str:
        """Return the context that ``before``, the text from the begin of the line, makes."""
        return ("\n" + "".join(map(self.fold, before[-3:])))[-3:]

    def as_is(self, context: str, char: str) -> int:
        """Return the cost of ``char``, whatever its script."""
        if char < "\x80":
            return self.ascii(context, char)
        cost = self.cost(context, char)
        if cost < 100:
            return cost
        rate = foreign(context[-1:], char)
        return cost if rate is None else min(cost, round(-10 * rate))

    def likeliest(self, context: str, fit: Fit, keep: int) -> list[tuple[int, str]]:
        """Return the ``keep`` likeliest characters of ``fit`` with their costs, best first."""
        from cleaners.slips.choices import choice_of

        found = self._language.likeliest(context, choice_of(fit.chars), keep + keep // 2)
        if context[-1] == _NUMERAL:
            found += [(_UNIT, char) for char in UNITS if char in fit.chars]
        return sorted((self.guess(context, char), char) for _, char in found)[:keep]

    def costs(self, text: str, before: str = "") -> list[int]:
        """Return the cost of each character of ``text`` as it stands after ``before``."""
        context, out = self.context(before), []
        for char in text:
            out.append(self.as_is(context, char))
            context = (context + self.fold(char))[-3:]
        return out

    def total(self, text: str, before: str = "") -> int:
        """Return the cost of ``text`` as it stands after ``before``."""
        return sum(self.costs(text, before))


LINES = 400
"""Lines of a page that the model is adapted by."""

BUDGET, PLAIN, LOST = 15_000, 1, 30
"""Work that may be in vain: characters to read, and what a lost byte adds to them."""


LONGEST = 200_000
"""Characters of a page beyond which no variants of a damaged stretch are tried: no article is that long."""

MOST = 200_000
"""Characters that a page may have read again for lost bytes, counted each time.

It takes 0.3 to 1 ms a character, and a page of ten megabytes must not hold up the others.
"""


class Tongues:
    """The models of a page of ``size`` characters, one for each script, made when they are asked for."""

    def __init__(self, texts: Sequence[str] = (), size: int = 0) -> None:
        self._texts = texts
        self.patient = size <= LONGEST
        self.manners: dict[tuple[str, str], Wrong] = {}
        self.proven: set[str] = set()
        """Rules by which a line has shown that its reader lost nothing."""
        self._left = BUDGET
        self._most = MOST

    def affords(self, seen: str) -> bool:
        """Tell whether a page may still spend the work of reading ``seen``, and book it.

        What led to a repair is refunded, so that only vain work has a bound.
        """
        self._left -= len(seen) * PLAIN + (seen.count("\ufffd") or seen.count("?")) * LOST
        self._most -= len(seen)
        return self._left >= 0 and self._most >= 0

    def refund(self) -> None:
        """Take note that the work was not in vain."""
        self._left = BUDGET

    @cached_property
    def simplified(self) -> Tongue:
        """The model that takes simplified characters for granted."""
        return self._make(traditional=False)

    @cached_property
    def traditional(self) -> Tongue:
        """The model that takes traditional characters for granted."""
        return self._make(traditional=True)

    def like(self, sample: str) -> Tongue:
        """Return the model for the script that ``sample`` is in."""
        folded = hanzi().folded
        there = sum(char in folded for char in sample)
        return self.traditional if there * 8 > len(sample) else self.simplified

    @cached_property
    def _clean(self) -> list[str]:
        """The lines of the page that no family of damage can have touched."""
        from cleaners.mojibake.gates import suspects

        return [text for text in self._texts[:LINES] if "\ufffd" not in text and not suspects(text)]

    def _make(self, *, traditional: bool) -> Tongue:
        if not any("一" <= char <= "鿿" for text in self._clean for char in text):
            return _general(traditional=traditional)
        from cleaners.slips.language import Language

        return Tongue(Language(self._clean, traditional=traditional), traditional=traditional)


@lru_cache(maxsize=2)
def _general(*, traditional: bool) -> Tongue:
    from cleaners.slips.language import general

    return Tongue(general(traditional=traditional), traditional=traditional)
