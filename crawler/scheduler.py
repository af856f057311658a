"""Scrapy's scheduler over the frontier in the store.

It leases URLs in batches, off the reactor's thread, and hands out a request only when its domain
may be asked; so one slow domain does not fill the slots of the others. What has been begun stays
in memory: redirects and retries of a leased URL come back through ``enqueue_request``.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
import math
from collections import Counter, deque
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from scrapy.core.scheduler import BaseScheduler
from scrapy.utils.defer import deferred_from_coro

from crawler.net.pace import Pacer, domain_of
from crawler.session import CrawlSession
from crawler.waiting import Waiting, goes_on, leases_of, tried
from storage.errors import StoreError

if TYPE_CHECKING:
    from storage.frontier import Frontier
    from storage.visits import Lease

__all__ = ["FrontierScheduler"]

logger = logging.getLogger(__name__)

_WINDOW = 32
"""How many leased URLs may wait in memory; a killed run has at most these to lease again."""
_PER_HOST = 16
"""From so many on a host gets no more, so that a slow one does not fill the window."""
_STATUS = {"finished": "finished", "shutdown": "stopped", "cancelled": "stopped"}
"""How a run ended, by Scrapy's word for why the spider was closed."""


class FrontierScheduler(BaseScheduler):
    """Needs a spider with ``session``, ``source``, ``budget``, ``holding``, ``plan`` and two methods.

    While it is ``ending`` it gives nothing but further parts of articles that have been begun.
    """

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self._concurrency = max(1, crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"))
        self._delay = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self.pacer = Pacer()
        self._frontier: Frontier
        self._spider: Any = None
        self._own = False
        self._waiting: dict[str, list[Waiting]] = {}
        self._turns: deque[str] = deque()
        self._order = itertools.count()
        self._asked: dict[Any, str] = {}
        self._held: list[Lease] = []
        self._seen_worth = 0
        self._postponed: dict[str, datetime] = {}
        self._leasing: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping: asyncio.Future[None] | None = None
        self._hosts: Counter[str] = Counter()
        self._dry: frozenset[str] | None = None
        self._closed = self.ending = False
        self._timer: asyncio.TimerHandle | None = None

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Build from a crawler."""
        return cls(crawler)

    def open(self, spider: Any) -> Any:
        """Open the frontier of the spider's source, and a session if nobody brought one."""
        return deferred_from_coro(self._open(spider))

    async def _open(self, spider: Any) -> None:
        self._spider = spider
        if spider.session is None:
            self._own = True
            url = self._crawler.settings["TAOSHA_STORE"]
            spider.session = await asyncio.to_thread(
                CrawlSession.open, url, "scrapy crawl", [spider.source.name]
            )
            loop = asyncio.get_running_loop()
            spider.session.on_broken = lambda: loop.call_soon_threadsafe(self._give_up)
        self._frontier = await asyncio.to_thread(spider.session.frontier, spider.source)
        self.pacer = spider.session.pacer
        self.pacer.freed.append(self._nudge)

    def close(self, reason: str) -> Any:
        """Give back what was leased and not asked for."""
        self._closed = True
        if self._timer:
            self._timer.cancel()
        self.pacer.freed.remove(self._nudge)
        return deferred_from_coro(self._close(reason))

    async def _close(self, reason: str) -> None:
        if self._tasks:
            await asyncio.wait(list(self._tasks))
        self._sweep()
        leases = [lease for queue in self._waiting.values() for lease in leases_of(queue)] + self._held
        if leases and not self._spider.session.broken:
            await asyncio.to_thread(self._frontier.release, leases)
        sent = self._crawler.stats.get_value("downloader/request_count", 0)
        self._spider.session.tally(self._spider.source.name).requested = sent
        if self._own:
            await asyncio.to_thread(self._spider.session.close, _STATUS.get(reason, "failed"))

    def has_pending_requests(self) -> bool:
        """Whether anything waits, here or in the store."""
        more = self._dry is None or bool(self._dry) or bool(self._tasks)
        return more or bool(self._held) or any(self._waiting.values())

    def unfinished(self) -> bool:
        """Whether articles have been begun whose further parts wait."""
        return any(map(goes_on, self._waiting.values()))

    def wake(self) -> None:
        """Look into the store again: something was found, or may be leased now."""
        self._dry = None
        self._nudge()

    def enqueue_request(self, request: Any) -> bool:
        """Take a request that goes on with a leased URL (a redirect, a retry), or one of somebody else."""
        domain = domain_of(request.url)
        lease = request.meta.get("lease")
        if lease is not None and domain in self._postponed:
            self._spawn(self._put_off([lease], self._postponed[domain]))
            return True
        if domain not in self._waiting:
            self._waiting[domain] = []
            self._turns.append(domain)
        if lease is not None:
            self._hosts[lease.host] += 1
        last = tried(request)
        heapq.heappush(self._waiting[domain], (last, -request.priority, next(self._order), request))
        return True

    def next_request(self) -> Any:
        """A request whose domain may be asked now, the domains in turn."""
        self._sweep()
        if self._held:
            self._reconsider()
        if not self.ending:
            self._refill()
        soonest = math.inf
        for _ in range(len(self._turns)):
            domain = self._turns[0]
            self._turns.rotate(-1)
            queue = self._waiting[domain]
            if not queue:
                self._turns.remove(domain)
                del self._waiting[domain]
                continue
            if self.ending and not goes_on(queue):
                continue
            wait = self.pacer.wait(domain, self._concurrency)
            if wait == 0 and tried(queue[0][3]) and self._others_under_way():
                continue
            if wait == 0:
                request = heapq.heappop(queue)[3]
                self._hosts.subtract(lease.host for lease in leases_of([(False, 0, 0, request)]))
                request.meta["download_slot"] = domain
                self.pacer.begin(domain, self._delay)
                self._asked[request] = domain
                return request
            soonest = min(soonest, wait)
        self._call_later(soonest)
        return None

    def _others_under_way(self) -> bool:
        """Whether something may still name URLs that should come before those that have failed."""
        return not all(map(tried, self._crawler.engine._slot.inprogress))

    def postpone(self, domain: str, seconds: float) -> None:
        """Ask ``domain`` for nothing more in this run; what waits for it is due after ``seconds``."""
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        self._postponed[domain] = until
        leases = leases_of(self._waiting.pop(domain, []))
        self._hosts.subtract(lease.host for lease in leases)
        self._spawn(self._put_off(leases, until))
        if domain in self._turns:
            self._turns.remove(domain)

    def _sweep(self) -> None:
        """Notice which requests have been answered (or dropped on their way)."""
        active = self._crawler.engine.downloader.active
        for request in [r for r in self._asked if r not in active]:
            self.pacer.end(self._asked.pop(request))

    def _refill(self) -> None:
        """Lease more when little is at hand, but not of hosts that have enough, nor in vain."""
        full = frozenset(host for host, count in self._hosts.items() if count >= _PER_HOST)
        at_hand = sum(count for host, count in self._hosts.items() if host not in full)
        in_vain = self._dry is not None and self._dry <= full
        if at_hand < _WINDOW // 2 and not (in_vain or self._leasing or self._closed):
            self._leasing = self._spawn(self._lease(full))

    async def _lease(self, full: frozenset[str]) -> None:
        budget = self._spider.budget
        self._dry = full  # unless something comes, or somebody wakes us while we ask
        granted = 0 if self._spider.holding else budget.reserve(_WINDOW)
        leases: list[Lease] = []
        try:
            leases = await asyncio.to_thread(self._frontier.lease, _WINDOW, granted, full)
        except StoreError as error:
            self._spider.session.give_up(error)
        finally:
            budget.give_back(granted - sum([self._take(lease) for lease in leases]))
            self._leasing = None
        if leases:
            self._dry = None
        self._nudge()

    def _take(self, lease: Lease, *, final: bool = False) -> bool:
        """Queue a request for what was leased, unless it is not worth one; tells whether it may become one.

        What is under way may yet show that it is, so it is only held until that is known.
        """
        refused = self._spider.refusal(lease)
        if refused is None:
            self.enqueue_request(self._spider.request_for(lease))
        elif not final:
            self._held.append(lease)
            self._hosts[lease.host] += 1
        else:
            self._spider.session.fail(refused, self._spider.source)
        return lease.kind == "article" and not (refused and final)

    def _reconsider(self) -> None:
        """Look again at what is held once something was worth it, or when nothing is left that could be."""
        untried = any(not queue[0][0] for queue in self._waiting.values() if queue)
        final = not untried and not self._others_under_way()
        if not final and self._spider.plan.worth.version == self._seen_worth:
            return
        self._seen_worth = self._spider.plan.worth.version
        held, self._held = self._held, []
        for lease in held:
            self._hosts[lease.host] -= 1
            if not self._take(lease, final=final) and lease.kind == "article":
                self._spider.budget.give_back(1)

    def put_last(self, lease: Lease) -> None:
        """Let what failed be leased once more, after all else."""
        self._spawn(self._put_last(lease))

    async def _put_last(self, lease: Lease) -> None:
        try:
            await asyncio.to_thread(self._frontier.put_last, lease)
        except StoreError as error:
            self._spider.session.give_up(error)
        self.wake()

    async def _put_off(self, leases: list[Lease], until: datetime) -> None:
        hosts = {lease.host for lease in leases}
        await asyncio.to_thread(self._frontier.postpone, leases, hosts, until)
        self._nudge()

    def _give_up(self) -> None:
        """Nothing can be stored any more: what would be fetched now is asked of the site for nothing."""
        if self._stopping is None:
            closing = self._crawler.engine.close_spider_async(reason="store_failed")
            self._stopping = asyncio.ensure_future(closing)

    def _spawn(self, work: Any) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        """End the crawl when a task of ours failed: it would wait for ever for what the task was to do."""
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.error("the scheduler failed", exc_info=error)
            self._spider.session.give_up(error)

    def _call_later(self, seconds: float) -> None:
        if math.isinf(seconds) or self._closed:
            return
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._nudge)

    def _nudge(self) -> None:
        slot = self._crawler.engine._slot
        if slot is not None and not self._closed:
            slot.nextcall.schedule()
