"""Scheduler and pipeline as `scrapy crawl` uses them: with their own session, and a store that may fail."""

import asyncio
from types import SimpleNamespace

import pytest
from scrapy.exceptions import DropItem
from scrapy.settings import Settings

from cleaners.model import Page
from crawler.items import Fetched
from crawler.pipelines import IngestPipeline
from crawler.scheduler import FrontierScheduler
from crawler.sources import Source
from storage import Store, open_store
from storage.errors import StoreFull
from storage.listing import list_runs

PAGE = Page("https://example.org/1", b"<html></html>", origin="https://example.org/1")


class Engine:
    _slot = None
    downloader = SimpleNamespace(active=set())

    def __init__(self):
        self.reasons = []

    async def close_spider_async(self, *, reason):
        self.reasons.append(reason)


@pytest.fixture
def crawler(tmp_path):
    spider = SimpleNamespace(session=None, source=Source(name="daily"))
    settings = Settings({"TAOSHA_STORE": str(tmp_path / "store.db")})
    stats = SimpleNamespace(get_value=lambda name, default: default)
    return SimpleNamespace(spider=spider, settings=settings, engine=Engine(), stats=stats)


def test_a_store_that_gives_up_ends_the_crawl_instead_of_fetching_for_nothing(crawler, monkeypatch):
    def full(*_):
        raise StoreFull("the disk is full")

    monkeypatch.setattr(Store, "add_pages", full)

    async def crawling():
        scheduler, pipeline = FrontierScheduler(crawler), IngestPipeline(crawler)
        await scheduler._open(crawler.spider)
        for _ in range(2):
            with pytest.raises(DropItem):
                await pipeline.process_item(Fetched(PAGE))
        await asyncio.sleep(0)
        with pytest.raises(StoreFull):
            await scheduler._close("finished")

    asyncio.run(crawling())
    assert crawler.engine.reasons == ["store_failed"]
    with open_store(crawler.settings["TAOSHA_STORE"], read_only=True) as store:
        (run,) = list_runs(store)
    assert (run.command, run.status) == ("scrapy crawl", "failed")
