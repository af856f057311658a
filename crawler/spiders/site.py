"""The spider: reads what came, tells the frontier what it names, hands articles to the pipeline."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from scrapy import Request, Spider
from scrapy.spidermiddlewares.httperror import HttpError

from cleaners import decode
from crawler.browser.setup import browser_settings
from crawler.discovery.feeds import read_feed
from crawler.discovery.links import PageLinks, read_links
from crawler.discovery.shape import SITEMAP_PLACES
from crawler.discovery.urls import normalize_url
from crawler.discovery.xml import XmlError
from crawler.items import Ended, Failed, Fetched
from crawler.net.reasons import FetchReason, explain
from crawler.net.robots import RobotsMiddleware
from crawler.sources import Source
from crawler.spiders.answers import content_type, digest, page_of, validators, visit_of
from crawler.spiders.failing import failed_item
from crawler.spiders.identity import other_addresses
from crawler.spiders.maps import read_into
from crawler.spiders.parts import Begun, held, next_part, part_of, worth_a_look
from crawler.spiders.places import found, want_of
from crawler.spiders.plan import Budget, Plan, Want
from crawler.spiders.stand_ins import StandIns
from crawler.spiders.worth import Worth
from storage.errors import StoreError
from storage.frontier import LAST, LAST_LIST
from storage.visits import Lease, Visit

if TYPE_CHECKING:
    from crawler.session import CrawlSession

__all__ = ["SiteSpider"]

Stored = TypeVar("Stored")
Item = Fetched | Failed | Ended
Output = AsyncIterator[Item | Request]
NOT_MODIFIED, BEGUN = 304, 10  # a status; the priority of further parts
NO_REQUESTS: tuple[Request, ...] = ()
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
        self.budget = budget or Budget()
        self.holding = False
        self.stand_ins = StandIns()
        self.plan: Plan
        self._has_lists = False

    @classmethod
    def update_settings(cls, settings: Any) -> None:
        """Take the pace from the source, unless the command line says otherwise."""
        super().update_settings(settings)
        pace = cls.source.pace
        if pace.delay is not None:
            settings.set("DOWNLOAD_DELAY", pace.delay, priority="spider")
        if pace.concurrency is not None:
            settings.set("CONCURRENT_REQUESTS_PER_DOMAIN", pace.concurrency, priority="spider")
        if cls.source.browser:
            rendered = browser_settings(settings.getfloat("DOWNLOAD_TIMEOUT"))
            name = "DOWNLOADER_MIDDLEWARES"
            settings.update(rendered | {name: settings.getdict(name) | rendered[name]}, priority="spider")
        least = settings.getfloat("TAOSHA_LEAST_DELAY")
        if settings.getfloat("DOWNLOAD_DELAY") < least:
            settings.set("DOWNLOAD_DELAY", least, priority="cmdline")

    async def start(self) -> AsyncIterator[Request]:
        """Queue the source's own starting points; what they and earlier runs name comes by the frontier."""
        number = self.settings.getint
        worth = Worth(number("TAOSHA_MAX_PAGES"), number("TAOSHA_MAX_LISTINGS"))
        self.plan = Plan(self.source, number("TAOSHA_MAX_SITEMAPS"), worth)
        # The home page may have moved to another host, which then is ours: articles wait for it.
        self.holding = self.source.discover and self.source.home is not None
        self._has_lists = await asyncio.to_thread(self._frontier.has_lists)
        await self._tell(self.plan.starts())
        for request in NO_REQUESTS:  # the frontier gives them
            yield request

    @property
    def _frontier(self) -> Any:
        if self.session is None:
            raise RuntimeError("the scheduler was not opened")
        return self.session.frontier(self.source)

    async def _tell(self, wants: Iterable[Want], referrer: str | None = None) -> None:
        """Let the frontier know what was named, off the reactor's thread."""
        await self._stored(lambda: self._frontier.discover([*map(found, wants)], referrer))
        self._wake()

    async def _stored(self, work: Callable[[], Stored]) -> Stored:
        """Do what needs the store off the reactor's thread; end the crawl if the store fails."""
        try:
            return await asyncio.to_thread(work)
        except StoreError as error:
            if self.session is not None:
                self.session.give_up(error)
            raise

    def _wake(self) -> None:
        scheduler: Any = self.crawler.engine.scheduler
        scheduler.wake()

    def refusal(self, lease: Lease) -> Failed | None:
        """Why a URL that the frontier has given us is not worth asking for, if so."""
        want = want_of(lease)
        if lease.place in (LAST_LIST, LAST) or self.plan.admits(want):
            return None
        why = "pages of this kind have given nothing too often in this run"
        return Failed(want.url, want.kind, FetchReason.BUDGET, why, Visit(lease.id))

    def request_for(self, lease: Lease) -> Request:
        """The request for a URL that the frontier has given us."""
        want = want_of(lease)
        # What is a starting point may be anywhere; what redirects from it is its own affair, too.
        own = want.kind != "article" and want.url in self.plan.own_places
        meta: dict[str, Any] = {"want": want, "lease": lease, "allow_offsite": own}
        meta["download_fail_on_dataloss"] = False  # the middlewares look at what came
        if setting := SIZES.get(want.kind):
            meta["download_maxsize"] = self.settings.getint(setting)
        else:
            meta["handle_httpstatus_list"] = [NOT_MODIFIED]
        return Request(
            want.url,
            callback=getattr(self, f"parse_{want.kind}"),
            errback=self.failed,
            headers=validators(lease) if want.kind == "article" else None,
            meta=meta,
            dont_filter=True,
        )

    async def stand_in(self, article: str) -> Request | None:
        """The request for another address of ``article``, which could not be had, if one is known."""
        noted = self.stand_ins.take(article)  # what gave way just now may not be settled yet
        twin = noted or await asyncio.to_thread(self._frontier.twin, article)
        request = self.request_for(twin) if twin else None
        if request:
            request.meta["instead"] = True  # it gives way no more
        return request

    async def parse_home(self, response: Any) -> Output:
        """The home page: its feeds, the sitemaps of robots.txt, its links."""
        self.source = self.plan.source = self.source.moved_to(response.url)
        self.holding = False
        links = await self._links(response)
        wants = [want for url in links.feeds for want in self.plan.feed(url)]
        named = self._robots_sitemaps(response.url)
        for url in named or [response.urljoin(place) for place in SITEMAP_PLACES]:
            wants += self.plan.sitemap(Want(url, "sitemap", guessed=not named, again=bool(named)))
        await self._tell(wants, response.url)
        yield await self._read_list(response, links)

    async def parse_listing(self, response: Any) -> Output:
        """A list of articles."""
        yield await self._read_list(response, await self._links(response))

    async def _read_list(self, response: Any, links: PageLinks) -> Ended:
        want, lease = response.meta["want"], response.meta["lease"]
        articles = self.plan.articles(links)
        known_articles = partial(self._frontier.known_articles, first=lease.digest is None)
        known = await asyncio.to_thread(known_articles, [a.url for a in articles])
        visit = visit_of(response, lease, digest((a.url, a.text) for a in articles))
        changed = lease.digest not in (None, visit.digest)
        again = changed or not self._has_lists  # else news can show in the sections only
        await self._tell(self.plan.from_page(links, want, known, changed=changed, again=again), response.url)
        return Ended(want.kind, "stored", visit, len(articles))

    async def parse_feed(self, response: Any) -> Output:
        """A feed."""
        lease = response.meta["lease"]
        try:
            entries = await asyncio.to_thread(read_feed, response.body, response.url)
        except XmlError as error:
            yield failed_item(response.meta, FetchReason.NO_FEED, str(error))
            return
        self.plan.texts.keep(entries, response.url)
        if entries:
            self.plan.worth.good(lease.url, "feed")
        visit = visit_of(response, lease, digest((e.url, e.title, e.published, e.modified) for e in entries))
        changed = lease.digest not in (None, visit.digest)
        await self._tell(self.plan.from_feed(entries, changed=changed), response.url)
        yield Ended("feed", "stored", visit, len(entries))

    async def parse_sitemap(self, response: Any) -> Output:
        """A sitemap or an index of sitemaps."""
        want, lease = response.meta["want"], response.meta["lease"]
        wake = partial(asyncio.get_running_loop().call_soon_threadsafe, self._wake)
        read = partial(read_into, self._frontier, self.plan, (response.body, response.url), want)
        try:
            named = await self._stored(partial(read, before=lease.digest, after_part=wake))
        except XmlError as error:
            yield failed_item(response.meta, FetchReason.NO_FEED, str(error))
            return
        yield Ended("sitemap", "stored", visit_of(response, lease, named.value), named.count)

    def parse_article(self, response: Any) -> Iterable[Item] | Output:
        """An article as it came: as a list where no more is to be asked, which is less work for Scrapy."""
        want, visit = response.meta["want"], visit_of(response, response.meta["lease"])
        if response.status == NOT_MODIFIED:
            self.plan.worth.good(want.url, "article")
            return [Ended("article", "unchanged", visit)]
        instead, may_be = response.meta.get("instead"), self.plan.may_be_article
        others = [] if instead else other_addresses(response, want.url, may_be)
        begun, most = Begun((page_of(response, want.url),), visit), self.settings.getint("TAOSHA_MAX_PARTS")
        if others or worth_a_look(begun, self.source.rules, most):
            return held(self.session, self._look_closer(begun, response.meta, others))
        return [Fetched(begun.whole, visit)]

    async def _look_closer(self, begun: Begun, meta: Any, others: Sequence[str]) -> Output:
        """The article, unless one of its ``others``, its further addresses, is known."""
        for other in others:
            known = not await self._is_new(other, meta["want"].url)
            if known and self.stand_ins.note(other, meta["lease"]):
                yield failed_item(meta, FetchReason.DUPLICATE, f"the same article as {other}")
                return
        async for one in self._go_on(begun, meta):
            yield one

    async def parse_part(self, response: Any) -> Output:
        """A further page of an article."""
        begun = response.meta["begun"].with_part(page_of(response, response.url))
        async for one in self._go_on(begun, response.meta):
            yield one

    def part_failed(self, failure: Any) -> Iterator[Item]:
        """A further page did not come: what there is of the article is stored."""
        response = failure.value.response if isinstance(failure.value, HttpError) else None
        request = failure.request
        begun = request.meta["begun"].without(request.url, None if response is None else response.status)
        yield Fetched(begun.whole, begun.visit)

    async def _go_on(self, begun: Begun, meta: Any) -> Output:
        """The article, or the request for the next page of it."""
        rules, last = self.source.rules, begun.pages[-1].url
        earlier = await asyncio.to_thread(part_of, begun.pages[0], rules) if len(begun.pages) == 1 else None
        if earlier and self.source.covers(earlier):
            await self._tell([Want(earlier, "article")], last)
            yield failed_item(meta, FetchReason.PART, f"begins at {earlier}")
            return
        url = await asyncio.to_thread(next_part, begun, rules, self.settings.getint("TAOSHA_MAX_PARTS"))
        if url is None or not self.source.covers(url):
            yield Fetched(begun.whole, begun.visit)
            return
        await self._is_new(url, last)  # from now on it is no article of its own
        own = {name: meta[name] for name in ("want", "lease", "allow_offsite")} | {"begun": begun}
        part = Request(url, self.parse_part, errback=self.part_failed, meta=own, dont_filter=True)
        part.priority = BEGUN
        yield part

    async def _is_new(self, url: str, referrer: str) -> bool:
        """Whether nobody has named ``url``; if so, it stands for ``referrer`` from now on."""
        return bool(await asyncio.to_thread(self._frontier.claim, found(Want(url, "article")), referrer))

    def failed(self, failure: Any) -> Iterator[Item]:
        """Whatever was not fetched becomes a record; a guess that is not there does not."""
        meta = failure.request.meta
        reason, detail = explain(failure.value)
        if reason is FetchReason.TIMEOUT and meta.get("hurried"):
            scheduler: Any = self.crawler.engine.scheduler
            scheduler.put_last(meta["lease"])
            return
        if meta["want"].kind == "home":
            self.holding = False
            self._wake()
        yield failed_item(meta, reason, detail, failure.value)

    async def _links(self, response: Any) -> PageLinks:
        """Read off the reactor's thread, as all larger documents are."""

        def read() -> PageLinks:
            decoded = decode(response.body, content_type(response), self.source.rules.encoding)
            return read_links(decoded.text, response.url, self.source.listing.next_page)

        return await asyncio.to_thread(read)

    def _robots_sitemaps(self, url: str) -> list[str]:
        robots = self.crawler.get_downloader_middleware(RobotsMiddleware)
        named = robots.sitemaps(url) if robots else []
        return [normal for one in named if (normal := normalize_url(one))]
