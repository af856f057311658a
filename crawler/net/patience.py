"""How long to wait for an answer: not long while others wait, and longer once they are through.

A server that stalls on some pages (or sends a byte a second) would hold the few connections that
its domain has. So the first try has little time, by the measure of the site's other answers; what
was given up is asked again at the end of the queue, with all the time that ``DOWNLOAD_TIMEOUT``
gives, until that has been in vain a few times.
"""

from __future__ import annotations

import time
from collections import Counter
from typing import Any, Self

from scrapy.exceptions import DownloadTimeoutError

from crawler.net.pace import domain_of

__all__ = ["Patience", "PatienceMiddleware"]

LEAST_SECONDS = 1.0
_TIMES = 20.0
_FORGET = 0.95
_IN_VAIN = 3


class Patience:
    """Seconds to wait for an answer, by domain: at first ``first``, at the second try ``full``."""

    def __init__(self, first: float, full: float) -> None:
        self._first, self._full = min(first, full), full
        self._slowest: dict[str, float] = {}
        self._in_vain: Counter[str] = Counter()

    def seconds(self, domain: str, tries: int) -> float:
        """The time limit for a URL that has failed ``tries`` times."""
        if tries and self._in_vain[domain] < _IN_VAIN:
            return self._full
        slowest = self._slowest.get(domain)
        if slowest is None:
            return self._first
        # Where answers take long, or have come only to the patient, everyone gets the time.
        return min(self._full, max(slowest * 3, min(self._first, max(LEAST_SECONDS, slowest * _TIMES))))

    def answered(self, domain: str, took: float) -> None:
        """Note that an answer took so many seconds."""
        self._slowest[domain] = max(took, self._slowest.get(domain, 0.0) * _FORGET)

    def gave_up(self, domain: str, limit: float) -> None:
        """Note that nothing had come after ``limit`` seconds."""
        self._in_vain[domain] += limit >= self._full


class PatienceMiddleware:
    """Sets ``download_timeout``; sits next to the downloader, so that it measures nothing else.

    For requests with a ``lease``; ``meta["hurried"]`` says that a second try may get more time. Counts all
    requests under the name that Scrapy's ``DownloaderStats`` has for them.
    """

    def __init__(self, crawler: Any) -> None:
        settings, self._stats = crawler.settings, crawler.stats
        full = settings.getfloat("DOWNLOAD_TIMEOUT")
        self._patience = Patience(settings.getfloat("TAOSHA_FIRST_TIMEOUT") or full, full)

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Build from a crawler."""
        return cls(crawler)

    def process_request(self, request: Any) -> None:
        """Set the time limit."""
        self._stats.inc_value("downloader/request_count")
        if lease := request.meta.get("lease"):
            seconds = self._patience.seconds(domain_of(request.url), lease.tries)
            hurried = not lease.tries
            request.meta.update(download_timeout=seconds, asked_at=time.monotonic(), hurried=hurried)

    def process_response(self, request: Any, response: Any) -> Any:
        """Learn how long answers take."""
        if asked_at := request.meta.get("asked_at"):
            self._patience.answered(domain_of(request.url), time.monotonic() - asked_at)
        return response

    def process_exception(self, request: Any, exception: Exception) -> None:
        """Learn how often patience was in vain."""
        if isinstance(exception, DownloadTimeoutError) and "asked_at" in request.meta:
            self._patience.gave_up(domain_of(request.url), request.meta["download_timeout"])
