"""What a spider hands to its pipeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cleaners.model import Page
from crawler.net.reasons import FetchReason
from storage.visits import Visit

__all__ = ["Ended", "Failed", "Fetched"]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page that may be an article."""

    page: Page
    visit: Visit | None = None

    def __repr__(self) -> str:
        """Short: Scrapy logs items, and a page's bytes belong in no log."""
        return f"<Fetched {self.page.url} {len(self.page.body)} bytes>"


@dataclass(frozen=True, slots=True)
class Failed:
    """A URL that was not fetched; ``kind`` says what it was wanted as (article, feed, ...).

    ``gone``: the server says that it is there no more. ``silent``: nobody named it, so that its
    absence is no news. ``not_before`` is when the server lets us come back. ``status`` is the
    HTTP status of an answer that was none of the expected.
    """

    origin: str
    kind: str
    reason: FetchReason
    detail: str
    visit: Visit | None = None
    gone: bool = False
    silent: bool = False
    not_before: datetime | None = None
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """A list that was read (``stored``), or an article that is as it was (``unchanged``).

    ``named`` is how many articles the list names.
    """

    kind: str
    state: str
    visit: Visit
    named: int = 0
