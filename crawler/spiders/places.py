"""Between the plan of a spider and the frontier: places in the queue, and the way there and back."""

from __future__ import annotations

from urllib.parse import urlsplit

from crawler.spiders.plan import Want
from storage.frontier import ARTICLES_FROM
from storage.visits import Found, Lease

__all__ = ["found", "want_of"]

PLACES = {"home": 0, "feed": 1, "sitemap": 2, "listing": 3, "article": ARTICLES_FROM + 2}
FRESH, NAMED = ARTICLES_FROM, ARTICLES_FROM + 1
"""What a feed names comes before what a sitemap names, and that before what a list links to."""
DEEP_PAGE, DEEP = 5, ARTICLES_FROM + 3
"""Past this page a list waits until the articles are done that it has named so far: they tell its worth."""


def found(want: Want) -> Found:
    """What the frontier is to know of a wanted URL."""
    return Found(
        want.url,
        want.kind,
        _place(want),
        urlsplit(want.url).netloc,
        **{name: getattr(want, name) for name in ("depth", "page", "guessed", "stated", "again", "recheck")},
    )


def _place(want: Want) -> int:
    if want.kind == "article" and want.named:
        return FRESH if want.fresh else NAMED
    if want.kind == "listing" and want.page > DEEP_PAGE:
        return DEEP
    return PLACES[want.kind]


def want_of(lease: Lease) -> Want:
    """What a leased URL is wanted as."""
    named = lease.kind == "article" and lease.place <= NAMED
    return Want(lease.url, lease.kind, lease.depth, lease.page, lease.guessed, named=named)
