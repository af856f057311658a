"""The item pipeline: hands pages to ingest and waits for their outcome off the reactor thread."""

from __future__ import annotations

import asyncio
from typing import Any, Self

from scrapy.exceptions import DropItem

from crawler.items import Ended, Failed, Fetched

__all__ = ["IngestPipeline"]


class IngestPipeline:
    """Waits for each page to be stored, which is what slows a crawl down that outruns its cleaners.

    The session is the spider's; the scheduler has opened one if nobody brought it.
    """

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Build from a crawler."""
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        """Store a page, or the fact that it could not be fetched."""
        session, source = self._crawler.spider.session, self._crawler.spider.source
        if session is None:
            raise RuntimeError("the spider has no session")
        if session.broken:
            raise DropItem("nothing can be stored any more")
        if isinstance(item, Fetched):
            stored = asyncio.wrap_future(session.add(item.page, source, item.visit))
            await asyncio.wait([stored])
            if stored.exception() is not None:  # the session raises it when it is closed
                raise DropItem("could not be stored")
            result = stored.result()
            if result.kind != "rejected":
                self._crawler.spider.plan.worth.article(item.page.origin or item.page.url, result.text_key)
        elif isinstance(item, Failed):
            session.fail(item, source)
        elif isinstance(item, Ended):
            session.end(item, source)
        return item
