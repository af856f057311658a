"""The same article under several addresses of a source, told by its text.

Session numbers, filters and print views make pages that no canonical link and no rule of URLs joins.
Only what one run has stored is compared: pages that were refused are not asked for again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from cleaners.model import Article, Page, Reason, Rejected
from cleaners.pipeline import current_fingerprint

if TYPE_CHECKING:
    from crawler.arrivals import Arrival

__all__ = ["Twins", "text_key"]

LONG = 100
"""Characters from which the same text is the same article, whatever its title says."""


def text_key(article: Article) -> int:
    """The same, in this process, for articles of the same text (and title, where the text is short)."""
    texts = tuple(block.raw for block in article.kept)
    title = None if sum(map(len, texts)) >= LONG else article.meta.title
    return hash((title, texts))


class Twins:
    """What was stored first under each text, by source."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, int], str] = {}

    def sorted_out(self, arrivals: Sequence[Arrival]) -> Sequence[Arrival]:
        """The arrivals, with those of a crawl that are twins of earlier ones refused."""
        for arrival in arrivals:
            if arrival.visit is not None and isinstance(arrival.outcome, Article):
                refused = self._refusal(arrival.page, arrival.source, arrival.outcome)
                if refused is not None:
                    # Nothing of what is known of the site bears on a page that gives no article.
                    arrival.outcome = replace(refused, fingerprint=current_fingerprint(arrival.rules))
        return arrivals

    def _refusal(self, page: Page, source: str, article: Article) -> Rejected | None:
        origin = page.origin or page.url
        first = self._first.setdefault((source, text_key(article)), origin)
        if first == origin:
            return None
        return Rejected(page.url, Reason.DUPLICATE, f"the same text as {first}", article.fingerprint)
