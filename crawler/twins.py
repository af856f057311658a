"""The same article under several addresses of a source, told by its text; and text that is no article's.

Session numbers, filters and print views make pages that no canonical link and no rule of URLs joins.
A page of a crawl that says what an article of the store says, under another address of the same source,
is refused; its address is not asked for again. Few words that stand under several titles, and have nothing
to do with any of them, are what the site shows in place of articles: from the third page on they are refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from cleaners.model import Article, Page, Reason, Rejected
from storage.likeness import Likeness, likenesses
from storage.text_keys import sentences, text_key
from storage.times import utc_text

if TYPE_CHECKING:
    from crawler.arrivals import Arrival
    from storage.store import Store

__all__ = ["Twins", "same_article", "stands_for_any"]

LONG = 100
"""Letters from which the same text is the same article, whatever its title says."""
LINE = 20
"""Letters; what is shorter may be the site's: a label, a byline, a link to print the page."""
TITLES = 3
"""Different titles from which on the same few words are those of the site."""
_SHARED = 0.9
_NO_LETTER = re.compile(r"[\W_]+")
_RUN = re.compile(r"[a-z]{4,}|[^\W\d_a-z]{2,}")


def same_article(one: Likeness, other: Likeness) -> bool:
    """Whether two texts of one publisher are one article.

    Those with the same sentences are (short ones apart, as long as they are little of it); so are
    those that share nearly all, if their titles and times agree as well: bulletins of a kind, which
    share a long preamble, differ in these. Short texts need the same title in any case.
    """
    mine, others = frozenset(sentences(one.text)), frozenset(sentences(other.text))
    if mine == others:
        return sum(map(len, mine)) >= LONG or _titles_agree(one, other)
    shared = sum(map(len, mine & others))
    if shared < LONG or shared < _SHARED * max(sum(map(len, mine)), sum(map(len, others))):
        return False
    if not any(len(line) >= LINE for line in mine ^ others):
        return not any(c.isdigit() for line in mine ^ others for c in line) or _titles_agree(one, other)
    agree = None in (one.published, other.published) or one.published == other.published
    return agree and _titles_agree(one, other)


def _titles_agree(one: Likeness, other: Likeness) -> bool:
    mine, others = (_NO_LETTER.sub("", each.title or "") for each in (one, other))
    return mine == others or (min(len(mine), len(others)) >= LINE // 2 and (mine in others or others in mine))


def stands_for_any(one: Likeness, earlier: Sequence[Likeness]) -> bool:
    """Whether the text of ``one`` is short and stands on pages of other titles, too, that it says nothing of.

    News, however short, repeats words of its title; so it is kept whatever else has the same text.
    """
    mine = frozenset(sentences(one.text))
    if sum(map(len, mine)) >= LONG:
        return False
    topic = _topic(one.text)
    alike = [one, *(other for other in earlier if frozenset(sentences(other.text)) == mine)]
    titles = {_NO_LETTER.sub("", each.title or "") for each in alike} - {""}
    return len(titles) >= TITLES and not any(topic & _topic(each.title or "") for each in alike)


def _topic(text: str) -> set[str]:
    """Pairs of characters, and whole words of scripts that have longer ones: what a text is about."""
    found: set[str] = set()
    for run in _RUN.findall(text.casefold()):
        found.update([run] if run.isascii() else (run[i : i + 2] for i in range(len(run) - 1)))
    return found


class Twins:
    """Compares what a crawl brings with what the store has, and with the rest of its batch."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def sorted_out(self, arrivals: Sequence[Arrival]) -> Sequence[Arrival]:
        """The arrivals, with those of a crawl that are twins of earlier ones refused."""
        keys: dict[str, dict[str, Likeness]] = {}
        mine: list[tuple[Arrival, str, Likeness]] = []
        for arrival in arrivals:
            if arrival.visit is not None and isinstance(arrival.outcome, Article):
                like = _likeness(arrival.page, arrival.outcome)
                if key := text_key(like.text):
                    keys.setdefault(arrival.source, {})[key] = like
                    mine.append((arrival, key, like))
        known = {source: likenesses(self._store, source, found) for source, found in keys.items()}
        for arrival, key, like in mine:
            earlier = known[arrival.source][key]
            refused = None
            if not any(one.origin == like.origin for one in earlier):
                refused = _refusal(arrival.page.url, like, earlier)
            if refused is None:
                earlier.append(like)
            else:
                from cleaners.pipeline import current_fingerprint  # the parsers: workers have them

                # Nothing of what is known of the site bears on a page that gives no article.
                arrival.outcome = replace(refused, fingerprint=current_fingerprint(arrival.rules))
        return arrivals


def _refusal(url: str, like: Likeness, earlier: Sequence[Likeness]) -> Rejected | None:
    first = next((one for one in earlier if same_article(one, like)), None)
    if first is not None:
        return Rejected(url, Reason.DUPLICATE, f"the same text as {first.origin}")
    if stands_for_any(like, earlier):
        return Rejected(
            url, Reason.SOFT_404, "the same few words stand under titles that they say nothing of"
        )
    return None


def _likeness(page: Page, article: Article) -> Likeness:
    meta = article.meta
    return Likeness(page.origin or page.url, meta.title, article.text, utc_text(meta.published_at))
