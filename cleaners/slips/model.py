"""The language model for other repairs: how likely is a character after those before it?

The same n-grams that :mod:`cleaners.slips` repairs with, behind a small door. The model is read
once a process (about half a second, some 20 MB), at the first score, so ask only about damaged text.
"""

from collections.abc import Iterable

from cleaners.slips.language import END, ORDER, Choice, Language

__all__ = ["END", "ORDER", "CharModel", "Choice"]

_NATS = -0.1  # a cost is in tenths of nats, a score in nats
_MAX_FOLDED = 200_000


class CharModel:
    """Log-probabilities of Chinese characters and punctuation in context.

    ``clean`` are undamaged texts of the same page, whose words get weight (keep it to some
    10,000 characters); ``traditional`` says which script is expected: characters of the other
    one cost more. An instance caches what it was asked; use one for each page.
    """

    def __init__(self, clean: Iterable[str] = (), *, traditional: bool = False) -> None:
        self._language = Language(clean, traditional=traditional)
        self._folded: dict[str, str] = {}

    def score(self, context: str, char: str) -> float:
        """Return ln p(``char`` | ``context``), at most 0; about 1 µs for what was asked before.

        ``context`` is the text before it in any script, of which the last three characters
        count; ``END`` (a newline) stands for the begin or the end of a line, as context and as
        ``char``. Never raises for any one character: what the model does not know scores
        about -15 to -18.
        """
        return _NATS * max(0, self._language.cost(self._context(context), char))

    def total(self, text: str, before: str = END) -> float:
        """Return the sum of the scores of the characters of ``text``, which follows ``before``."""
        cost = 0
        for char in text:
            cost += max(0, self._language.cost(self._context(before), char))
            before = before[1 - ORDER :] + char
        return _NATS * cost

    def best(self, context: str, choice: Choice, keep: int = 10) -> list[tuple[float, str]]:
        """Return (score, character) of the ``keep`` likeliest of ``choice``, best first.

        A ``Choice`` is a set of characters, prepared: make it once for each set, as for all
        characters with the same first byte. Faster than asking for each of hundreds.
        """
        found = self._language.likeliest(self._context(context), choice, keep)
        return [(_NATS * max(0, cost), char) for cost, char in found]

    def _context(self, context: str) -> str:
        context = context[-ORDER:]
        folded = self._folded.get(context)
        if folded is None:
            if len(self._folded) > _MAX_FOLDED:
                self._folded.clear()
            folded = self._folded[context] = self._language.fold(context)
        return folded
