"""The item pipeline: hands pages to ingest and waits for their outcome off the reactor thread."""

from __future__ import annotations

import asyncio
from typing import Any, Self

from scrapy.exceptions import DropItem

from cleaners.model import Page
from crawler.items import Ended, Failed, Fetched
from crawler.spiders.feed_texts import may_stand_in
from crawler.spiders.stand_ins import REFUSED, leaves_a_gap

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
        if isinstance(item, Failed) and may_stand_in(item) and (page := self._from_feed(item.origin)):
            item = Fetched(page, item.visit)
        if isinstance(item, Fetched):
            stored = asyncio.wrap_future(session.add(item.page, source, item.visit))
            await asyncio.wait([stored])
            if stored.exception() is not None:  # the session raises it when it is closed
                raise DropItem("could not be stored")
            result = stored.result()
            origin = item.page.origin or item.page.url
            if may_stand_in(result.reason) and (page := self._from_feed(origin)):
                return await self.process_item(Fetched(page, item.visit))
            if result.reason in REFUSED:
                await self._ask_twin(origin)
            worth = self._crawler.spider.plan.worth
            if result.kind == "rejected":
                worth.vain(origin, "article")
            else:
                worth.article(origin, result.text_key)
        elif isinstance(item, Failed):
            if leaves_a_gap(item):
                await self._ask_twin(item.origin)
            session.fail(item, source)
            self._crawler.spider.plan.worth.vain(item.origin, item.kind)
        elif isinstance(item, Ended):
            session.end(item, source)
        return item

    async def _ask_twin(self, article: str) -> None:
        """Ask for another address of an article that could not be had, if one gave way to it."""
        if (request := await self._crawler.spider.stand_in(article)) is not None:
            self._crawler.engine.crawl(request)

    def _from_feed(self, url: str) -> Page | None:
        """The article as a feed of this run carries it."""
        found: Page | None = self._crawler.spider.plan.texts.page(url)
        return found
