"""Retries that listen: Retry-After is honoured, and a server that is busy is left alone for a while.

Stands in the place of Scrapy's ``RetryMiddleware``, which asks again at once.
"""

from __future__ import annotations

import logging
import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import DownloadTimeoutError

from crawler.net.pace import domain_of
from crawler.net.whole import cut_off

__all__ = ["BUSY", "BackoffMiddleware", "retry_after"]

logger = logging.getLogger(__name__)

BUSY = frozenset({429, 503})
"""Statuses by which a server asks for fewer requests."""
_BASE_SECONDS = 2.0
_MOST_DOUBLINGS = 6


def retry_after(response: Any, now: datetime) -> float | None:
    """Seconds that the header Retry-After asks for (a number or a date), None without a valid one."""
    raw = response.headers.get("Retry-After")
    text = raw.decode("latin-1").strip() if raw else ""
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


class BackoffMiddleware(RetryMiddleware):
    """Holds a domain that answers 429 or 503; over ``TAOSHA_RETRY_AFTER_MAX`` seconds, for this run."""

    def process_request(self, request: Any) -> Any:
        """Send what was on its way when its domain asked for a pause back to the queue."""
        pacer = getattr(self.crawler.engine.scheduler, "pacer", None)
        if pacer is None or "lease" not in request.meta or not pacer.held(domain_of(request.url)):
            return None
        return request.replace(dont_filter=True)

    def process_exception(self, request: Any, exception: Exception, spider: Any = None) -> Any:
        """Retry as Scrapy does, but leave to the frontier what has had its time."""
        if isinstance(exception, DownloadTimeoutError) and "lease" in request.meta:
            return None
        return super().process_exception(request, exception)

    def process_response(self, request: Any, response: Any, spider: Any = None) -> Any:
        """Hold the domain if the server says so; then retry as Scrapy does."""
        if cut_off(response):
            return self._retry(request, "the connection ended before the page did") or response
        scheduler: Any = self.crawler.engine.scheduler
        pacer = getattr(scheduler, "pacer", None)
        if pacer is None:
            return super().process_response(request, response)
        domain = domain_of(request.url)
        if response.status not in BUSY:
            pacer.welcomed(domain)
            return super().process_response(request, response)
        most = self.crawler.settings.getfloat("TAOSHA_RETRY_AFTER_MAX")
        stated = retry_after(response, datetime.now(UTC))
        if stated is not None and stated > most:
            logger.warning(
                "%s answers %d and asks to come back in %g s: left to a later run (at most %g s are waited)",
                *(domain, response.status, stated, most),
            )
            scheduler.postpone(domain, stated)
            return response
        doublings = min(pacer.refused(domain) - 1, _MOST_DOUBLINGS)
        backoff = min(most, _BASE_SECONDS * (1 << doublings))
        seconds = stated if stated is not None else backoff
        seconds += random.uniform(0, max(0.1, seconds * 0.1))  # noqa: S311  so that clients do not return as one
        logger.info("%s answers %d: not asked for %.1f s", domain, response.status, seconds)
        pacer.hold(domain, seconds)
        return super().process_response(request, response)
