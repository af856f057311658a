"""The item pipeline: hands pages to ingest and waits for their outcome off the reactor thread."""

from __future__ import annotations

import asyncio
from typing import Any, Self

from scrapy.exceptions import DropItem

from crawler.items import Failed, Fetched
from crawler.session import CrawlSession

__all__ = ["IngestPipeline"]


class IngestPipeline:
    """Waits for each page to be stored, which is what slows a crawl down that outruns its cleaners.

    A spider started by ``taosha crawl`` brings its session; under ``scrapy crawl`` the
    pipeline opens one on ``TAOSHA_STORE`` and closes it with the spider.
    """

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self._session: CrawlSession | None = None
        self._own = False
        self._stopping: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Build from a crawler."""
        return cls(crawler)

    async def open_spider(self) -> None:
        """Take the spider's session, or open one."""
        spider = self._crawler.spider
        self._session = spider.session
        if self._session is None:
            self._own = True
            url = self._crawler.settings["TAOSHA_STORE"]
            self._session = await asyncio.to_thread(
                CrawlSession.open, url, "scrapy crawl", [spider.source.name]
            )
            loop = asyncio.get_running_loop()
            self._session.on_broken = lambda: loop.call_soon_threadsafe(self._stop)

    async def process_item(self, item: Any) -> Any:
        """Store a page, or the fact that it could not be fetched."""
        session, source = self._session, self._crawler.spider.source
        if session is None:
            raise RuntimeError("the pipeline was not opened")
        if session.broken:
            raise DropItem("nothing can be stored any more")
        if isinstance(item, Fetched):
            stored = asyncio.wrap_future(session.add(item.page, source))
            await asyncio.wait([stored])
            if stored.exception() is not None:  # the session raises it when it is closed
                raise DropItem("could not be stored")
        elif isinstance(item, Failed):
            session.fail(item, source)
        return item

    def _stop(self) -> None:
        """Nothing can be stored any more: what would be fetched now is asked of the site for nothing."""
        if self._stopping is None:
            self._stopping = asyncio.ensure_future(
                self._crawler.engine.close_spider_async(reason="store_failed")
            )

    async def close_spider(self) -> None:
        """Close the session if it is ours."""
        if self._own and self._session is not None:
            await asyncio.to_thread(self._session.close, "finished")
