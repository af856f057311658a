"""Runs a crawl of one or more sources in this process."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import scrapy.core.downloader.handlers.http11  # noqa: F401  loading it inspects the stack: see that it is short
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler.browser.setup import BrowserMissingError, check_browser
from crawler.net.addresses import AddressGuard
from crawler.net.cookies import CookieFileError, read_cookies
from crawler.session import CrawlSession
from crawler.sources import Source
from crawler.spiders.loader import spider_for
from crawler.spiders.plan import Budget
from crawler.tally import Tally
from crawler.versions import versions
from storage.source_runs import SourceRun

__all__ = ["CrawlError", "CrawlOrder", "CrawlResult", "crawl"]

GRACE_SECONDS = 6.0
"""How long requests under way may take once a signal asks us to stop."""
WIND_UP_SECONDS = 3.0
"""How much of it may go to what follows from them."""


@dataclass(frozen=True, slots=True)
class CrawlOrder:
    """What to crawl, and how; ``settings`` are Scrapy settings that win over everything else.

    ``wait`` are seconds that another run on the store may take to end.
    """

    sources: Sequence[Source]
    store: str
    limit: int | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """What came of it, by source; ``stopped_by`` is the signal that ended the crawl early.

    ``status`` is one word for the run: ``finished``, ``partial``, ``nothing`` or ``stopped``.
    """

    run_id: int
    status: str
    tallies: Mapping[str, Tally]
    health: Sequence[SourceRun] = ()
    stopped_by: int | None = None

    @property
    def fell_short(self) -> tuple[str, ...]:
        """The sources of which no article page could be fetched, though some were to be."""
        return tuple(name for name, tally in self.tallies.items() if tally.fell_short)


class CrawlError(RuntimeError):
    """The crawl could not start: a setting is not valid, or Scrapy refused."""


def crawl(order: CrawlOrder, watch: Callable[[CrawlSession], None] | None = None) -> CrawlResult:
    """Run to the end, or until SIGINT or SIGTERM; call it once in a process (Twisted's rule).

    ``watch`` is called, from any thread, whenever a figure of the session changes. Raises
    :class:`CrawlError`, and the store's errors.
    """
    settings = _settings(order)
    names = [source.name for source in order.sources]
    session = CrawlSession.open(order.store, "crawl", names, order.wait)
    if watch is not None:
        session.watch = lambda: watch(session)
    status = "failed"
    try:
        stopped_by = _run(order, settings, session)
        status = "stopped" if stopped_by else "finished"
    finally:
        session.close(status)
    return CrawlResult(session.run_id, session.status, session.tallies, session.health, stopped_by)


def _run(order: CrawlOrder, settings: Settings, session: CrawlSession) -> int | None:
    """Run the reactor; gives the signal that stopped it, if one did."""
    logging.getLogger(__name__).info(", ".join(f"{k} {v}" for k, v in versions().items()))
    process = AsyncCrawlerProcess(settings)
    # Scrapy lets its loggers make every line, for handlers to throw away.
    logging.getLogger("scrapy").setLevel(logging.NOTSET)
    budget = Budget(order.limit)
    with _settings_blamed():
        for source in order.sources:
            process.crawl(spider_for(source), session=session, budget=budget)
    stopper = _Stopper(process)
    stopper.install()
    session.on_broken = stopper.stop_soon
    try:
        process.start(install_signal_handlers=False)
    finally:
        stopper.uninstall()
    if process.bootstrap_failed and not any(tally.fetched for tally in session.tallies.values()):
        raise CrawlError("Scrapy could not start the crawl; the log says why")
    return stopper.signal


def _settings(order: CrawlOrder) -> Settings:
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    # The sources are already at hand: no need for a loader that reads folders.
    settings.set("SPIDER_LOADER_CLASS", "scrapy.spiderloader.DummySpiderLoader", priority="cmdline")
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")  # the caller's handlers stay
    _check_needs(order.sources)
    with _settings_blamed():
        for name, value in order.settings.items():
            settings.set(name, value, priority="cmdline")
        AddressGuard(settings.getlist("TAOSHA_ALLOW_NETWORKS"))
    return settings


def _check_needs(sources: Sequence[Source]) -> None:
    """Say what a source needs and is not there before anything is asked for."""
    try:
        for source in sources:
            if source.browser:
                check_browser()
            if source.cookies is not None:
                read_cookies(source.cookies)
    except (BrowserMissingError, CookieFileError) as error:
        raise CrawlError(f"{source.name}: {error}") from error


@contextmanager
def _settings_blamed() -> Iterator[None]:
    try:
        yield
    except (ValueError, TypeError, KeyError) as error:  # what Scrapy raises for wrong settings
        raise CrawlError(f"a setting is not valid: {error}") from error


class _Stopper:
    """Turns SIGINT and SIGTERM into a clean stop, and a second signal into a quick one."""

    def __init__(self, process: AsyncCrawlerProcess) -> None:
        self.signal: int | None = None
        self._process = process
        self._loop = asyncio.get_event_loop()
        self._stopping: asyncio.Task[None] | None = None

    def install(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._loop.add_signal_handler(number, self._received, number)

    def uninstall(self) -> None:
        """Hand signals back: a loop that has ended would swallow them while what is left is stored."""
        for number in (signal.SIGINT, signal.SIGTERM):
            self._loop.remove_signal_handler(number)

    def stop_soon(self) -> None:
        """Stop without a signal; may be called from any thread."""
        self._loop.call_soon_threadsafe(self._stop)

    def _received(self, number: int) -> None:
        if self.signal is not None:
            self._end_reactor()
            return
        self.signal = number
        logging.getLogger(__name__).warning("stopping; what is under way will be stored")
        self._stop()

    def _stop(self) -> None:
        if self._stopping is None:
            self._stopping = self._loop.create_task(self._wind_up())
            self._loop.call_later(GRACE_SECONDS, self._end_reactor)

    async def _wind_up(self) -> None:
        """Let what is under way come to its end, further parts of articles too, for a while; then stop."""
        engines: list[Any] = [one.engine for one in self._process.crawlers]
        slots = [engine._slot for engine in engines if engine and engine._slot]
        for slot in slots:
            slot.scheduler.ending = True
        until = self._loop.time() + WIND_UP_SECONDS
        while self._loop.time() < until and any(
            slot.inprogress or slot.scheduler.unfinished() for slot in slots
        ):
            await asyncio.sleep(0.05)
        await self._process.stop()

    @staticmethod
    def _end_reactor() -> None:
        from twisted.internet import reactor  # only once Scrapy has installed the one it wants

        running = cast(Any, reactor)
        if running.running:
            running.stop()
