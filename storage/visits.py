"""What goes in and out of the frontier: URLs found, URLs to fetch, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.records import Failure

__all__ = ["Discovered", "Found", "Lease", "Settled", "Visit", "lease_of"]


@dataclass(frozen=True, slots=True)
class Found:
    """A URL that was named as ``kind``; ``place`` orders the queue, smaller first.

    ``stated`` is the time that a feed or a sitemap gives for it (aware). ``again`` makes it due
    even if it is known; ``recheck`` does so if it is a young article that a server can answer
    for without its body (it sent an ETag or Last-Modified).
    """

    url: str
    kind: str
    place: int
    host: str
    depth: int = 0
    page: int = 1
    guessed: bool = False
    stated: datetime | None = None
    again: bool = False
    recheck: bool = False


@dataclass(frozen=True, slots=True)
class Discovered:
    """What became of URLs that were found: ``new`` ones, known ones that are ``due``, and the rest."""

    new: int = 0
    due: int = 0
    rest: int = 0


@dataclass(frozen=True, slots=True)
class Lease:
    """A URL that the caller is to fetch now; ``digest`` is what the list named last time.

    ``place`` is where in the queue it stood, ``tries`` how often in a row it failed.
    """

    id: int
    url: str
    kind: str
    host: str
    depth: int
    page: int
    guessed: bool
    place: int = 0
    tries: int = 0
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """A URL of the frontier that was answered: its row, and what the answer said for the next time."""

    id: int
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """A visit that ended without a page to clean.

    ``state`` is ``stored`` or ``unchanged`` (of a list, or a server that said "not modified"),
    ``failed``, ``gone`` or ``skipped``; ``failure`` is recorded along with it. ``not_before`` is
    when the server lets us come back (aware).
    """

    visit: Visit
    state: str
    reason: str | None = None
    failure: Failure | None = None
    not_before: datetime | None = None


def lease_of(row: Any) -> Lease:
    """The lease of a row of the frontier."""
    return Lease(
        **{name: getattr(row, name) for name in ("id", "url", "kind", "host", "depth", "page")},
        **{name: getattr(row, name) for name in ("etag", "last_modified", "digest")},
        guessed=bool(row.guessed),
        place=row.waiting or 0,
        tries=row.tries,
    )
