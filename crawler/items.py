"""What a spider hands to its pipeline."""

from __future__ import annotations

from dataclasses import dataclass

from cleaners.model import Page
from crawler.net.reasons import FetchReason

__all__ = ["Failed", "Fetched"]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page that may be an article."""

    page: Page

    def __repr__(self) -> str:
        """Short: Scrapy logs items, and a page's bytes belong in no log."""
        return f"<Fetched {self.page.url} {len(self.page.body)} bytes>"


@dataclass(frozen=True, slots=True)
class Failed:
    """A URL that was not fetched; ``kind`` says what it was wanted as (article, feed, ...)."""

    origin: str
    kind: str
    reason: FetchReason
    detail: str
