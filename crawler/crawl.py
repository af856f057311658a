"""Runs a crawl of one or more sources in this process."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler.session import CrawlSession, Tally
from crawler.sources import Source
from crawler.spiders.loader import spider_for
from crawler.spiders.plan import Budget

__all__ = ["CrawlOrder", "CrawlResult", "crawl"]

GRACE_SECONDS = 8.0
"""How long requests under way may take once a signal asks us to stop."""


@dataclass(frozen=True, slots=True)
class CrawlOrder:
    """What to crawl, and how; ``settings`` are Scrapy settings that win over everything else."""

    sources: Sequence[Source]
    store: str
    limit: int | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """What came of it, by source; ``stopped_by`` is the signal that ended the crawl early."""

    run_id: int
    tallies: Mapping[str, Tally]
    stopped_by: int | None = None

    @property
    def fell_short(self) -> tuple[str, ...]:
        """The sources of which no article page could be fetched."""
        return tuple(name for name, tally in self.tallies.items() if not tally.fetched)

    @property
    def status(self) -> str:
        """One word for the run: ``finished``, ``partial``, ``nothing`` or ``stopped``."""
        if self.stopped_by:
            return "stopped"
        if len(self.fell_short) == len(self.tallies):
            return "nothing"
        return "partial" if self.fell_short else "finished"


def crawl(order: CrawlOrder, watch: Callable[[CrawlSession], None] | None = None) -> CrawlResult:
    """Run to the end, or until SIGINT or SIGTERM; call it once in a process (Twisted's rule).

    ``watch`` is called, from any thread, whenever a figure of the session changes.
    """
    session = CrawlSession.open(order.store, "crawl", [source.name for source in order.sources])
    if watch is not None:
        session.watch = lambda: watch(session)
    stopper = None
    try:
        stopper = _run(order, session)
    finally:
        stopped_by = stopper.signal if stopper else None
        result = CrawlResult(session.run_id, session.tallies, stopped_by)
        session.close(result.status if stopper else "failed")
    return result


def _run(order: CrawlOrder, session: CrawlSession) -> _Stopper:
    process = AsyncCrawlerProcess(_settings(order), install_root_handler=False)
    if "LOG_LEVEL" not in order.settings:  # Scrapy has just set its own loggers to DEBUG
        for name in ("scrapy", "twisted"):
            logging.getLogger(name).setLevel(logging.WARNING)
    budget = Budget(order.limit)
    for source in order.sources:
        process.crawl(spider_for(source), session=session, budget=budget)
    stopper = _Stopper(process)
    stopper.install()
    process.start(install_signal_handlers=False)
    return stopper


def _settings(order: CrawlOrder) -> Settings:
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    # The sources are already at hand: no need for a loader that reads folders.
    settings.set("SPIDER_LOADER_CLASS", "scrapy.spiderloader.DummySpiderLoader", priority="cmdline")
    for name, value in order.settings.items():
        settings.set(name, value, priority="cmdline")
    return settings


class _Stopper:
    """Turns SIGINT and SIGTERM into a clean stop, and a second signal into a quick one."""

    def __init__(self, process: AsyncCrawlerProcess) -> None:
        self.signal: int | None = None
        self._process = process
        self._stopping: asyncio.Task[None] | None = None

    def install(self) -> None:
        loop = asyncio.get_event_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._received, number)

    def _received(self, number: int) -> None:
        if self.signal is not None:
            self._end_reactor()
            return
        self.signal = number
        logging.getLogger(__name__).warning("stopping; what is under way will be stored")
        loop = asyncio.get_event_loop()
        self._stopping = loop.create_task(self._process.stop())
        loop.call_later(GRACE_SECONDS, self._end_reactor)

    @staticmethod
    def _end_reactor() -> None:
        from twisted.internet import reactor  # only once Scrapy has installed the one it wants

        if reactor.running:  # type: ignore[attr-defined]
            reactor.stop()  # type: ignore[attr-defined]
