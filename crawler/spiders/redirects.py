"""Downloader middleware: an article is not fetched a second time because something redirects to it.

Nor is a list fetched for an article: sites lead to one when the article is gone.
"""

from __future__ import annotations

import asyncio
from typing import Any, Self

from crawler.discovery.shape import Kind, kind_of
from crawler.discovery.urls import normalize_url
from crawler.net.reasons import FetchReason, NotAskedError

__all__ = ["KnownTargetMiddleware"]


class KnownTargetMiddleware:
    """Refuses redirects of articles whose target the frontier knows by its own address."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Build from a crawler."""
        return cls(crawler)

    async def process_request(self, request: Any) -> None:
        """Look the target up; a redirect to the URL itself (a wall that sets a cookie) passes."""
        lease = request.meta.get("lease")
        if not request.meta.get("redirect_times") or lease is None or lease.kind != "article":
            return
        target = normalize_url(request.url)
        if target is None or target == lease.url:
            return
        spider = self._crawler.spider
        frontier = await asyncio.to_thread(spider.session.frontier, spider.source)
        if await asyncio.to_thread(frontier.stands, target, lease.url):
            raise NotAskedError(FetchReason.DUPLICATE, f"redirects to {target}")
        bare = target.partition("?")[0] if kind_of(target) is Kind.LISTING else target
        if await asyncio.to_thread(lambda: frontier.is_list(target) or frontier.is_list(bare)):
            raise NotAskedError(FetchReason.GONE, f"redirects to the list {target}")
