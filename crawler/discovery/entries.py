"""What a feed, a sitemap or a listing page says about one article."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Entry"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A URL, and the title and the times (as written) that stood beside it: hints, not facts.

    ``content`` is the article itself as HTML, if a feed carries it.
    """

    url: str
    title: str | None = None
    published: str | None = None
    modified: str | None = None
    content: str | None = None
