"""Between the plan of a spider and the frontier: places in the queue, and the way there and back."""

from __future__ import annotations

from urllib.parse import urlsplit

from crawler.spiders.plan import Want
from storage.frontier import ARTICLES_FROM
from storage.visits import Found, Lease

__all__ = ["found", "want_of"]

PLACES = {"home": 0, "feed": 1, "sitemap": 2, "listing": 3, "article": ARTICLES_FROM + 1}
FRESH = ARTICLES_FROM
"""What a feed names comes before what lists and sitemaps name."""


def found(want: Want) -> Found:
    """What the frontier is to know of a wanted URL."""
    return Found(
        want.url,
        want.kind,
        FRESH if want.fresh else PLACES[want.kind],
        urlsplit(want.url).netloc,
        **{name: getattr(want, name) for name in ("depth", "page", "guessed", "stated", "again", "recheck")},
    )


def want_of(lease: Lease) -> Want:
    """What a leased URL is wanted as."""
    return Want(lease.url, lease.kind, lease.depth, lease.page, lease.guessed)
