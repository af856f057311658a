"""What is known of a site's recurring blocks: a leaf of plain values and the arithmetic on them.

A site's template repeats lines on its pages that no lexicon knows. They are told from text by counting
on how many *articles* of the site they stand: copies of one article count once, and a line that stands
on few of the site's articles (the introduction of a series, a quotation) is not the template's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = [
    "MIN_ARTICLES",
    "NOTHING_SEEN",
    "Edge",
    "Known",
    "Sighting",
    "block_hash",
    "is_own",
    "is_recurring",
    "reach",
    "used_part",
]

MIN_ARTICLES = 5
"""Articles of a site that must have a block before it is taken for the site's."""
MIN_SHARE = 0.4
"""Of the articles that the site has shown since the block came first."""
WINDOW = 20
"""Articles that are looked at even if the block came later: the parts of a series often come together."""
FIRM_ARTICLES = 10
FIRM_SHARE = 0.8
HASH_BYTES = 6
"""Of so few blocks as one site has in view, two have the same hash once in some ten million sites."""
OWN_LETTERS = 10
SHARED_LETTERS = 100
"""So many letters may be shared with one other article by an article that has fewer of its own."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A block where a page's template could stand: its hash and its length in letters."""

    hash: int
    letters: int


@dataclass(frozen=True, slots=True)
class Known:
    """A block that recurs over a site: on ``articles`` of the ``of`` articles since it came first.

    ``since`` is the time of the first one (ISO 8601, UTC), if it is known.
    """

    hash: int
    articles: int
    of: int
    since: str | None = None

    @property
    def firm(self) -> bool:
        """Whether nearly all articles of the site have it: then it may go from their beginning, too."""
        return self.articles >= FIRM_ARTICLES and self.articles >= FIRM_SHARE * self.of

    @property
    def evidence(self) -> str:
        """The numbers, for a person."""
        since = f" since {self.since[:10]}" if self.since else ""
        return f"on {self.articles} of {self.of} articles of the site{since}"


@dataclass(frozen=True, slots=True)
class Sighting:
    """What an article shows of its site: its ``edges``, and what was ``used`` of the memory for it."""

    edges: tuple[Edge, ...] = ()
    used: tuple[str, ...] = ()


NOTHING_SEEN = Sighting()


def block_hash(key: str) -> int:
    """The hash of a block's letters (48 bits, never negative)."""
    digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=HASH_BYTES).digest()
    return int.from_bytes(digest, "big")


def reach(first: int, articles: int) -> int:
    """How many articles a block is measured against that came with the ``first`` of ``articles``."""
    return max(articles - first + 1, min(articles, WINDOW))


def is_recurring(articles: int, of: int) -> bool:
    """Whether a block on ``articles`` of the last ``of`` articles of a site is the site's."""
    return articles >= MIN_ARTICLES and articles >= MIN_SHARE * of


def is_own(edges: Iterable[Edge], counts: Mapping[int, int]) -> bool:
    """Whether an article is one of its own, and no copy or new version of one that was counted.

    ``counts`` says for the blocks of ``edges`` that were seen before on how many articles they stood.
    What stood on a single one weighs against what is new: a copy shares nearly all of its text with it.
    """
    new = once = 0
    for edge in {edge.hash: edge for edge in edges}.values():
        seen = counts.get(edge.hash, 0)
        new += edge.letters if not seen else 0
        once += edge.letters if seen == 1 else 0
    return new >= OWN_LETTERS and once <= max(new, SHARED_LETTERS)


def used_part(edges: Iterable[Edge | int], known: Iterable[Known]) -> tuple[str, ...]:
    """What of the memory bears on a page with these edges: part of the fingerprint of its article."""
    hashes = {edge.hash if isinstance(edge, Edge) else edge for edge in edges}
    return tuple(sorted(f"{k.hash:x}{'+' if k.firm else ''}" for k in known if k.hash in hashes))
