"""The closed vocabularies of the types in :mod:`cleaners.model`, which hands them on.

The values are stable: stores and exports keep them.
"""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Precision", "Reason", "Script", "Via"]


class Via(StrEnum):
    """How a page reached us."""

    CRAWL = "crawl"
    FILE = "file"
    ARCHIVE = "archive"
    STDIN = "stdin"


class Precision(StrEnum):
    """How much of a stated time the page really stated."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


class Script(StrEnum):
    """The script that a Chinese text is written in (ISO 15924)."""

    HANS = "zh-Hans"
    HANT = "zh-Hant"


class Reason(StrEnum):
    """Why a page gave no article. The values are stable: stores and exports keep them."""

    EMPTY = "empty"
    """The body has no bytes, or only white space."""
    NOT_HTML = "not_html"
    """The bytes are of another kind (an image, a PDF, an archive), whatever the label says."""
    UNDECODABLE = "undecodable"
    """No encoding turns the bytes into text."""
    TOO_LARGE = "too_large"
    """The body is over the byte limit."""
    TOO_DEEP = "too_deep"
    """The markup has more elements or levels than the limits allow."""
    TIMEOUT = "timeout"
    """Cleaning took longer than the limit."""
    NO_CONTENT = "no_content"
    """No block of the page is article text."""
    TOO_SHORT = "too_short"
    """What is left is shorter than any news flash."""
    LISTING = "listing"
    """A page of links to other pages."""
    SOFT_404 = "soft_404"
    """An error page, whatever its status says."""
    BLOCKED = "blocked"
    """A verification, captcha or access-denied page in the place of the article."""
    LOGIN_WALL = "login_wall"
    """Only a request to log in or subscribe."""
    SCRIPT_SHELL = "script_shell"
    """A page that is empty until its scripts run."""
    DUPLICATE = "duplicate"
    """Another address of the same source gave the same text before, in the same run."""
    HTTP_ERROR = "http_error"
    """The server answered with an error status."""
    FAULT = "fault"
    """The cleaner itself failed on this page; the detail names the error."""
