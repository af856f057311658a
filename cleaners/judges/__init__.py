"""Judges: each looks at the kept lines and names those that are no article text, with the rule.

The order is that of specificity: the first verdict on a line is the one that is noted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cleaners.judges import byline, credit, echo, headlines, repeat
from cleaners.judges.phrases import by_lexicon
from cleaners.model import Document

__all__ = ["JUDGES", "Judge"]

Judge = Callable[[Document], Mapping[int, str]]

JUDGES: tuple[tuple[str, Judge], ...] = (
    ("echo", echo.judge),
    ("intro", by_lexicon("intro")),
    ("headlines", headlines.judge),
    ("byline", byline.judge),
    ("credit", credit.judge),
    ("chrome", by_lexicon("chrome")),
    ("related", by_lexicon("related")),
    ("notice", by_lexicon("notice")),
    ("repeat", repeat.judge),
)
