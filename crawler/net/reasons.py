"""Why a URL was not fetched: one stable word for each cause."""

from __future__ import annotations

from enum import StrEnum
from http import HTTPStatus
from typing import Any

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet.error import ConnectError, ConnectionClosed

__all__ = ["FETCH_ERRORS", "SKIPPED", "FetchReason", "NotAskedError", "explain"]


class FetchReason(StrEnum):
    """The values are stable: stores and exports keep them."""

    HTTP_ERROR = "http_error"
    """The server answered with an error status."""
    ROBOTS = "robots"
    """robots.txt forbids it."""
    ROBOTS_UNREACHABLE = "robots_unreachable"
    """robots.txt could not be read (a server error, no answer), so nothing may be asked for now."""
    OFFSITE = "offsite"
    """A redirect leads to a host that is not the source's."""
    DUPLICATE = "duplicate"
    """A redirect leads to a page that is fetched anyway."""
    GONE = "gone"
    """The site leads to one of its lists instead: the article is not there (any more)."""
    PART = "part"
    """A later page of an article, which is fetched with its first one."""
    ADDRESS = "address"
    """The address is not public and not on the list of allowed networks."""
    DNS = "dns"
    """The host name has no address."""
    REFUSED = "refused"
    """The server refuses connections."""
    TIMEOUT = "timeout"
    """The answer took too long."""
    CONNECTION = "connection"
    """The connection broke, or TLS failed."""
    TRUNCATED = "truncated"
    """Fewer bytes came than the server announced."""
    TOO_LARGE = "too_large"
    """The answer is larger than the limit."""
    REDIRECTS = "redirects"
    """Too many redirects."""
    SCHEME = "scheme"
    """Not http or https."""
    BUDGET = "budget"
    """Pages of its kind have given nothing too often in this run (a calendar, a maze, a set of filters)."""
    NO_FEED = "no_feed"
    """What was announced as a feed or a sitemap is none."""
    OTHER = "other"
    """Something else; the detail names the error."""


SKIPPED = frozenset(
    {FetchReason.ROBOTS, FetchReason.OFFSITE, FetchReason.DUPLICATE, FetchReason.PART, FetchReason.BUDGET}
)
"""Reasons that are decisions, not failures."""


class NotAskedError(IgnoreRequest):
    """We decided not to send a request, for ``reason``."""

    def __init__(self, reason: FetchReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


_BY_TYPE: tuple[tuple[type[BaseException], FetchReason], ...] = (
    (DownloadTimeoutError, FetchReason.TIMEOUT),
    (DownloadConnectionRefusedError, FetchReason.REFUSED),
    (CannotResolveHostError, FetchReason.DNS),
    (ResponseDataLossError, FetchReason.TRUNCATED),
    (UnsupportedURLSchemeError, FetchReason.SCHEME),
    (DownloadCancelledError, FetchReason.TOO_LARGE),
    (DownloadFailedError, FetchReason.CONNECTION),
    (OSError, FetchReason.CONNECTION),
    (ConnectError, FetchReason.CONNECTION),
    (ConnectionClosed, FetchReason.CONNECTION),
    (ValueError, FetchReason.OTHER),  # a host name that is none
)
FETCH_ERRORS: tuple[type[BaseException], ...] = (
    IgnoreRequest,
    HttpError,
    *(kind for kind, _ in _BY_TYPE),
)
"""All that a download may raise."""


def explain(error: Any) -> tuple[FetchReason, str]:
    """The reason for an error of a download, and one sentence for a person."""
    if isinstance(error, NotAskedError):
        return error.reason, str(error)
    if isinstance(error, HttpError):
        return FetchReason.HTTP_ERROR, _status(error.response.status)
    if isinstance(error, IgnoreRequest):
        if "redirections" in str(error):
            return FetchReason.REDIRECTS, str(error)
        too_large = "maxsize" in str(error).lower() or "bytes" in str(error)
        return (FetchReason.TOO_LARGE if too_large else FetchReason.OTHER), str(error)
    for kind, reason in _BY_TYPE:
        if isinstance(error, kind):
            return reason, str(error)[:500] or type(error).__name__
    return FetchReason.OTHER, f"{type(error).__name__}: {error}"[:500]


def _status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
