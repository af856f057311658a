"""How often a registered domain is asked: one pacer for all spiders of a process.

Scrapy keeps its delays for each spider and host name, so two sources on one domain would ask it
twice as often. Here all of them take turns.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from tldextract import TLDExtract

from crawler.net.addresses import literal_address

__all__ = ["Pacer", "domain_of"]

# The list that comes with the library: no request of our own just to learn who is who.
_SUFFIXES = TLDExtract(suffix_list_urls=(), cache_dir=None)


_MOST_LOST, _SOON, _FRESH = 28, 0.05, 4.0
"""Pages that a crash may lose, with those that the next instant may bring; seconds until the next look, and
for which an answer is expected at any moment: slow servers keep nobody waiting."""
_SLOW = 3.0
"""Seconds after which a domain with a delay of its own is asked again, although it has not answered."""


def domain_of(url: str) -> str:
    """The registered domain of ``url`` (``example.co.uk``); for an address or an inner name host and port."""
    return _domain_at(urlsplit(url).netloc)


@lru_cache(maxsize=4096)
def _domain_at(netloc: str) -> str:
    host = (urlsplit(f"//{netloc}").hostname or "").rstrip(".")
    if literal_address(host) is None and (domain := _SUFFIXES(host).top_domain_under_public_suffix):
        return domain
    return netloc.rpartition("@")[2].lower()


@dataclass(slots=True)
class _Domain:
    active: int = 0
    next_at: float = 0.0
    held_until: float = 0.0
    least_delay: float = 0.0
    refusals: int = 0
    begun_at: float = 0.0


@dataclass(slots=True)
class Pacer:
    """Says when a domain may be asked again; times are seconds on ``clock``. For one thread.

    ``unstored`` tells how many pages have come and are not stored yet: where the store can not keep up,
    all domains wait for it, so that little is fetched in vain if the process dies.
    """

    clock: Callable[[], float] = time.monotonic
    freed: list[Callable[[], None]] = field(default_factory=list)
    unstored: Callable[[], int] = lambda: 0
    _active: int = 0
    _begun: deque[float] = field(default_factory=deque)
    _domains: dict[str, _Domain] = field(default_factory=dict)

    def wait(self, domain: str, concurrency: int) -> float:
        """Seconds until ``domain`` may be asked; 0 is now, infinity until one of its answers is there."""
        state = self._domain(domain)
        until = max(state.next_at, state.held_until) - self.clock()
        if state.least_delay and state.active:  # the server counts from where it sees the request
            until = max(until, state.begun_at + _SLOW - self.clock())
        if state.active >= concurrency:
            return math.inf
        if self.unstored() + self._expected() >= _MOST_LOST:
            until = max(until, _SOON)
        return max(0.0, until)

    def _expected(self) -> int:
        """How many answers may come in the next instant."""
        while self._begun and self._begun[0] < self.clock() - _FRESH:
            self._begun.popleft()
        return min(self._active, len(self._begun))

    def begin(self, domain: str, delay: float) -> None:
        """Note that ``domain`` is asked now and not again for ``delay`` seconds, or its own delay."""
        state = self._domain(domain)
        state.active += 1
        state.begun_at = self.clock()
        self._active += 1
        self._begun.append(state.begun_at)
        state.next_at = state.begun_at + max(delay, state.least_delay)

    def end(self, domain: str) -> None:
        """Note that an answer is there (or that the request was given up)."""
        state = self._domain(domain)
        state.active -= 1
        self._active -= 1
        if state.least_delay:  # it may have been sent later than begun: the server counts from there
            state.next_at = max(state.next_at, self.clock() + state.least_delay)
        for callback in self.freed:
            callback()

    def slow_down(self, domain: str, delay: float) -> bool:
        """Keep at least ``delay`` seconds between requests from now on; False if that is so already."""
        state = self._domain(domain)
        if state.least_delay >= delay:
            return False
        state.least_delay = delay
        state.next_at = max(state.next_at, self.clock() + delay)
        return True

    def hold(self, domain: str, seconds: float) -> None:
        """Do not ask ``domain`` for ``seconds``."""
        state = self._domain(domain)
        state.held_until = max(state.held_until, self.clock() + seconds)

    def held(self, domain: str) -> bool:
        """Whether ``domain`` is not to be asked for a while."""
        return self._domain(domain).held_until > self.clock()

    def refused(self, domain: str) -> int:
        """Count an answer that says "too many requests"; gives how many came in a row."""
        state = self._domain(domain)
        state.refusals += 1
        return state.refusals

    def welcomed(self, domain: str) -> None:
        """Note an answer that does not say so."""
        self._domain(domain).refusals = 0

    def _domain(self, domain: str) -> _Domain:
        return self._domains.setdefault(domain, _Domain())
