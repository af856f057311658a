"""The spider that one writes in an afternoon, to measure ours: ``python -m tests.bench.afternoon URL DB``.

CrawlSpider with two rules, trafilatura in the pipeline, one commit a row; nothing else.
"""

from __future__ import annotations

import sqlite3
import sys
from typing import Any
from urllib.parse import urlsplit

import trafilatura
from scrapy.crawler import CrawlerProcess
from scrapy.linkextractors import LinkExtractor
from scrapy.spiders import CrawlSpider, Rule


class Store:
    """Extracts in the pipeline and commits each row."""

    def open_spider(self) -> None:
        self.base = sqlite3.connect(sys.argv[2])
        self.base.execute(
            "CREATE TABLE articles (url TEXT PRIMARY KEY, title TEXT, date TEXT, author TEXT, text TEXT)"
        )

    def close_spider(self) -> None:
        self.base.close()

    def process_item(self, item: Any) -> Any:
        found = trafilatura.bare_extraction(item["html"], url=item["url"], with_metadata=True)
        if found is not None:
            row = (item["url"], found.title, found.date, found.author, found.text)
            self.base.execute("INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?, ?)", row)
            self.base.commit()
        return item


class Afternoon(CrawlSpider):
    """Follows lists, takes articles."""

    name = "afternoon"
    rules = (
        Rule(LinkExtractor(allow=r"/news/\d+/"), follow=True),
        Rule(LinkExtractor(allow=r"/2026/\d+/\d+\.html"), callback="parse_article", follow=True),
    )

    def parse_article(self, response: Any) -> Any:
        yield {"url": response.url, "html": response.text}


if __name__ == "__main__":
    Afternoon.start_urls = [sys.argv[1]]
    Afternoon.allowed_domains = [urlsplit(sys.argv[1]).hostname]
    process = CrawlerProcess(
        {
            "ITEM_PIPELINES": {"__main__.Store": 300},
            "LOG_LEVEL": "ERROR",
            "DOWNLOAD_DELAY": 0,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
            "ROBOTSTXT_OBEY": True,
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    process.crawl(Afternoon)
    process.start()
