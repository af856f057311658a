"""What stands before a character, as the language model of one page sees it."""

from collections import Counter

from cleaners.slips.ngrams import Place

Row = tuple[Counter[str], int, float]
"""What followed on the page, how often together, and how many times the level below is worth."""


class Context:
    """A place in a text: the last few characters before it, folded.

    Walking on from it needs no string: ``costs`` and ``following`` keep what was asked before.
    One object stands for one ``text`` as long as its language keeps it; compare ``text``.
    """

    __slots__ = ("chinese", "costs", "following", "likeliest", "mark", "page", "text", "words")

    def __init__(self, text: str, chinese: Place | None, page: tuple[Row, ...]) -> None:
        """``chinese`` is None where no Chinese character stands before; ``page`` begins with the nearest."""
        self.text, self.chinese, self.page = text, chinese, page
        self.words: tuple[Row, ...] = ()
        self.mark: Place | None = None  # looked up when a mark is asked for
        self.costs: dict[str, int] = {}
        self.following: dict[str, Context] = {}
        self.likeliest: dict[tuple[str, int], list[tuple[int, str]]] = {}  # by the characters of a choice
