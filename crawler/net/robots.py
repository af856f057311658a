"""robots.txt after RFC 9309, with Crawl-delay and Sitemap lines.

Scrapy's own middleware takes a server error for "all allowed" and leaves Crawl-delay to
others. Here 4xx allows all, 5xx or no answer forbids all for this run (RFC 9309, 2.3.1).
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, Self

from protego import Protego
from scrapy import Request
from scrapy.exceptions import NotConfigured
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from crawler.net.pace import domain_of
from crawler.net.reasons import FETCH_ERRORS, FetchReason, NotAskedError, explain

__all__ = ["RobotsMiddleware"]

logger = logging.getLogger(__name__)

MAX_BYTES = 500 * 1024  # what RFC 9309 asks a crawler to read at least
MAX_SECONDS = 10.0
_PRIORITY = 1000
_ABOUT_THE_HOST = frozenset({FetchReason.ADDRESS, FetchReason.DNS, FetchReason.REFUSED})
"""Reasons that any other request to the host would meet, too: said as they are."""


@dataclass(frozen=True, slots=True)
class _Rules:
    """What one host says; ``unreachable`` says why it is closed for now."""

    protego: Any = None
    unreachable: str | None = None
    reason: FetchReason = FetchReason.ROBOTS_UNREACHABLE


class RobotsMiddleware:
    """Obeys robots.txt; stands in the place of Scrapy's ``RobotsTxtMiddleware``."""

    def __init__(self, crawler: Any) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._agent = crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"]
        self._cap = crawler.settings.getfloat("TAOSHA_CRAWL_DELAY_MAX")
        self._timeout = min(MAX_SECONDS, crawler.settings.getfloat("DOWNLOAD_TIMEOUT"))
        self._hosts: dict[str, asyncio.Future[_Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Build from a crawler."""
        return cls(crawler)

    def sitemaps(self, url: str) -> list[str]:
        """The sitemaps that the robots.txt of this URL's host names, if it was read already."""
        found = self._hosts.get(_host_key(Request(url)))
        if found is None or not found.done() or found.result().protego is None:
            return []
        return list(found.result().protego.sitemaps)

    async def process_request(self, request: Any) -> None:
        """Refuse what the host forbids."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        rules = await self._rules(request)
        if rules.unreachable:
            raise NotAskedError(rules.reason, rules.unreachable)
        if rules.protego is None:
            return
        self._slow_down(request, rules.protego)
        if not rules.protego.can_fetch(request.url, self._agent):
            self._crawler.stats.inc_value("robotstxt/forbidden")
            raise NotAskedError(FetchReason.ROBOTS, "forbidden by robots.txt")

    async def _rules(self, request: Any) -> _Rules:
        key = _host_key(request)
        if key not in self._hosts:
            future = self._hosts[key] = asyncio.get_running_loop().create_future()
            try:
                future.set_result(await self._fetch(key))
            finally:
                if not future.done():  # those who wait must not wait for ever
                    future.set_result(_Rules(unreachable="robots.txt could not be read"))
        return await asyncio.shield(self._hosts[key])

    async def _fetch(self, host: str) -> _Rules:
        meta: dict[str, Any] = {
            "dont_obey_robotstxt": True,
            "allow_offsite": True,
            "download_maxsize": 4 * MAX_BYTES,
            "download_timeout": self._timeout,
        }
        meta["download_slot"] = domain_of(host)
        request = Request(host + "/robots.txt", priority=_PRIORITY, meta=meta, callback=NO_CALLBACK)
        try:
            response = await self._crawler.engine.download_async(request)
        except FETCH_ERRORS as error:
            reason, detail = explain(error)
            logger.warning("%s/robots.txt: %s: %s", host, reason.value, detail)
            if reason in _ABOUT_THE_HOST:
                return _Rules(unreachable=detail, reason=reason)
            return _Rules(unreachable=f"robots.txt: {reason.value}: {detail}")
        if response.status >= 500 or response.status == 429:
            logger.warning("%s/robots.txt: status %d", host, response.status)
            return _Rules(unreachable=f"robots.txt answers {response.status}")
        if response.status >= 300:
            return _Rules()
        text = response.body[:MAX_BYTES].decode("utf-8-sig", errors="replace")
        return _Rules(Protego.parse(text.replace("\x00", "")))

    def _slow_down(self, request: Any, protego: Any) -> None:
        wanted = protego.crawl_delay(self._agent)
        if not wanted:
            return
        delay = min(float(wanted), self._cap)
        domain = domain_of(request.url)
        slot = self._crawler.engine.downloader.slots.get(request.meta.get("download_slot") or domain)
        if slot is not None and slot.delay < delay:
            slot.delay, slot.jitter = delay, 0.0
        pacer = getattr(self._crawler.engine.scheduler, "pacer", None)
        if pacer is not None and pacer.slow_down(domain, delay):
            logger.info("Crawl-delay of %s: %g s", domain, delay)


def _host_key(request: Any) -> str:
    parts = urlparse_cached(request)
    return f"{parts.scheme}://{parts.netloc}"
