"""The spider: fetches what the plan wants, reads what came, hands articles to the pipeline."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider

from cleaners import Page, decode
from cleaners.model import Via
from crawler.discovery.feeds import read_feed
from crawler.discovery.links import PageLinks, read_links
from crawler.discovery.shape import SITEMAP_PLACES
from crawler.discovery.sitemaps import read_sitemap
from crawler.discovery.urls import normalize_url
from crawler.discovery.xml import XmlError
from crawler.items import Failed, Fetched
from crawler.net.reasons import FetchReason, explain
from crawler.net.robots import RobotsMiddleware
from crawler.sources import Source
from crawler.spiders.plan import Budget, Plan, Want

if TYPE_CHECKING:
    from crawler.session import CrawlSession

__all__ = ["SiteSpider"]

PRIORITIES = {"home": 40, "feed": 30, "sitemap": 20, "listing": 10, "article": 0}
DROPPED_HEADERS = frozenset({"set-cookie", "set-cookie2"})
Output = Iterator[Request | Fetched | Failed]
AsyncOutput = AsyncIterator[Request | Fetched | Failed]
SIZES = {
    "home": "TAOSHA_LISTING_MAXSIZE",
    "listing": "TAOSHA_LISTING_MAXSIZE",
    "feed": "TAOSHA_LISTING_MAXSIZE",
    "sitemap": "TAOSHA_SITEMAP_MAXSIZE",
}


class SiteSpider(Spider):
    """Crawls one source. Subclasses made by ``spider_for`` carry the source in their class."""

    name = "site"
    source: Source

    def __init__(
        self, *args: Any, session: CrawlSession | None = None, budget: Budget | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.session = session
        self._budget = budget or Budget()
        self.plan: Plan

    @classmethod
    def update_settings(cls, settings: Any) -> None:
        """Take the pace from the source, unless the command line says otherwise."""
        super().update_settings(settings)
        pace = cls.source.pace
        if pace.delay is not None:
            settings.set("DOWNLOAD_DELAY", pace.delay, priority="spider")
        if pace.concurrency is not None:
            settings.set("CONCURRENT_REQUESTS_PER_DOMAIN", pace.concurrency, priority="spider")
        least = settings.getfloat("TAOSHA_LEAST_DELAY")
        if settings.getfloat("DOWNLOAD_DELAY") < least:
            settings.set("DOWNLOAD_DELAY", least, priority="cmdline")

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the source's own starting points."""
        self.plan = Plan(
            self.source,
            self._budget,
            self.settings.getint("TAOSHA_MAX_LISTINGS"),
            self.settings.getint("TAOSHA_MAX_SITEMAPS"),
        )
        for want in self.plan.starts():
            yield self._request(want, own=True)

    def _request(self, want: Want, *, own: bool = False) -> Request:
        meta: dict[str, Any] = {"want": want, "allow_offsite": own}
        if setting := SIZES.get(want.kind):
            meta["download_maxsize"] = self.settings.getint(setting)
        return Request(
            want.url,
            callback=getattr(self, f"parse_{want.kind}"),
            errback=self.failed,
            priority=PRIORITIES[want.kind],
            meta=meta,
            # The plan already wants each URL once, in one role; Scrapy's filter knows no roles.
            dont_filter=True,
        )

    def _requests(self, wants: Iterable[Want]) -> Iterator[Request]:
        return (self._request(want) for want in wants)

    async def parse_home(self, response: Any) -> AsyncOutput:
        """The home page: its feeds, the sitemaps of robots.txt, its links."""
        self.source = self.plan.source = self.source.moved_to(response.url)
        found = await self._links(response)
        for url in found.feeds:
            for request in self._requests(self.plan.feed(url)):
                yield request
        named = self._robots_sitemaps(response.url)
        for url in named or [response.urljoin(place) for place in SITEMAP_PLACES]:
            for request in self._requests(self.plan.sitemap(url, guessed=not named)):
                yield request
        for request in self._requests(self.plan.from_page(found, response.meta["want"])):
            yield request

    async def parse_listing(self, response: Any) -> AsyncOutput:
        """A list of articles."""
        found = await self._links(response)
        for request in self._requests(self.plan.from_page(found, response.meta["want"])):
            yield request

    async def parse_feed(self, response: Any) -> AsyncOutput:
        """A feed."""
        try:
            entries = await asyncio.to_thread(read_feed, response.body, response.url)
        except XmlError as error:
            yield self._failed(response.meta["want"], FetchReason.NO_FEED, str(error))
            return
        for request in self._requests(self.plan.from_feed(entries)):
            yield request

    async def parse_sitemap(self, response: Any) -> AsyncOutput:
        """A sitemap or an index of sitemaps."""
        want = response.meta["want"]
        try:
            found = await asyncio.to_thread(read_sitemap, response.body, response.url)
        except XmlError as error:
            if not want.guessed:
                yield self._failed(want, FetchReason.NO_FEED, str(error))
            return
        for entry in found.sitemaps:
            for request in self._requests(self.plan.sitemap(entry.url)):
                yield request
        for request in self._requests(self.plan.from_sitemap(found.pages)):
            yield request

    def parse_article(self, response: Any) -> Output:
        """An article, as it came over the wire: whoever cleans it decides what it is."""
        want = response.meta["want"]
        final = normalize_url(response.url)
        if final and final != want.url and self.plan.knows(final):
            yield self._failed(want, FetchReason.DUPLICATE, f"redirects to {final}")
        else:
            yield Fetched(_page(response, want.url))

    def failed(self, failure: Any) -> Output:
        """Whatever was not fetched becomes a record; a guess that is not there does not."""
        want = failure.request.meta["want"]
        reason, detail = explain(failure.value)
        if not want.guessed:
            yield self._failed(want, reason, detail)

    def _failed(self, want: Want, reason: FetchReason, detail: str) -> Failed:
        return Failed(want.url, want.kind, reason, detail)

    async def _links(self, response: Any) -> PageLinks:
        """Read off the reactor's thread, as all larger documents are."""

        def read() -> PageLinks:
            decoded = decode(response.body, _content_type(response), self.source.rules.encoding)
            return read_links(decoded.text, response.url, self.source.listing.next_page)

        return await asyncio.to_thread(read)

    def _robots_sitemaps(self, url: str) -> list[str]:
        robots = self.crawler.get_downloader_middleware(RobotsMiddleware)
        named = robots.sitemaps(url) if robots else []
        return [normal for one in named if (normal := normalize_url(one))]


def _content_type(response: Any) -> str | None:
    value: bytes | None = response.headers.get("Content-Type")
    return value.decode("latin-1") if value else None


def _page(response: Any, origin: str) -> Page:
    headers = tuple(
        (name.decode("latin-1").lower(), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
        if name.decode("latin-1").lower() not in DROPPED_HEADERS
    )
    return Page(
        url=response.url,
        body=response.body,
        content_type=_content_type(response),
        status=response.status,
        headers=headers,
        fetched_at=datetime.now(UTC),
        origin=origin,
        via=Via.CRAWL,
    )
