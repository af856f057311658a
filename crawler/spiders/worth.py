"""Which kinds of URLs are worth asking for: budgets by the shape of paths, which grow by what they yield.

A calendar, a maze or a shelf under every combination of filters goes on for ever and gives no article.
Every URL counts against three budgets: of its shape, of its first folder, and of its host. Each is
small to begin with and grows with every URL of it that was worth the request, so a site's own archive
never meets its end, and a trap meets it soon. Pure: knows no network and no store.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit

from crawler.discovery.shape import shape_of

__all__ = ["Allowance", "Worth"]

MAX_SEGMENTS = 24
MAX_REPEATS = 4


class Allowance(NamedTuple):
    """How many of one shape, folder and host may be in vain, and how many more for each good one."""

    shape: int
    folder: int
    host: int
    growth: int


ALLOWANCES = {
    "article": Allowance(40, 120, 400, 10),
    "listing": Allowance(25, 50, 100, 4),
    "sitemap": Allowance(40, 60, 100, 10),
    "feed": Allowance(20, 40, 60, 10),
}


@dataclass(slots=True)
class _Account:
    asked: int = 0
    good: int = 0
    vain: int = 0


_NONE = _Account()


@dataclass(slots=True)
class Worth:
    """The accounts of one source in one run; ``most`` bounds all requests of a kind to one host.

    ``version`` grows whenever something was worth its request.
    """

    most: int = 50_000
    lists: int = 100
    version: int = 0
    _texts: set[int] = field(default_factory=set)
    _accounts: dict[tuple[str, ...], _Account] = field(default_factory=dict)

    def admits(self, url: str, kind: str, *, named: bool = False) -> bool:
        """Whether ``url`` may be asked for; if so, it counts as asked.

        What a feed or a sitemap names as a page of its own (``named``) is bounded by the host's budget only.
        """
        if not self.open(url, kind, named=named):
            return False
        for key, _ in self._keys(url, kind):
            self._account(key).asked += 1
        return True

    def open(self, url: str, kind: str, *, named: bool = False) -> bool:
        """Whether ``url`` could be asked for."""
        if kind not in ALLOWANCES:
            return True
        if _circles(url):
            return False
        growth = ALLOWANCES[kind].growth
        for key, base in itertools.islice(self._keys(url, kind), 1 if named else None):
            account = self._accounts.get(key, _NONE)
            if account.asked >= min(self.most, base + growth * account.good):
                return False
        return True

    def in_vain(self, url: str, kind: str) -> bool:
        """Whether answers show that URLs like ``url`` give nothing; what is under way does not count."""
        growth = ALLOWANCES[kind].growth
        accounts = ((self._accounts.get(key, _NONE), base) for key, base in self._keys(url, kind))
        # What was good was asked for, too: all that the budget allows has been answered.
        return any(one.vain + one.good >= base + growth * one.good for one, base in accounts)

    def vain(self, url: str, kind: str) -> None:
        """Note that the answer to ``url`` was not worth it."""
        for key, _ in self._keys(url, kind):
            self._account(key).vain += 1

    def good(self, url: str, kind: str) -> None:
        """Note that the answer to ``url`` was worth it: an article, or a list that names some."""
        self.version += 1
        for key, _ in self._keys(url, kind):
            self._account(key).good += 1

    def article(self, url: str, text: int | None) -> None:
        """Note that ``url`` gave an article; ``text`` is a key of what it says, to tell one from another."""
        if text is None or text not in self._texts:
            self.good(url, "article")
        else:
            self.vain(url, "article")
        if text is not None:
            self._texts.add(text)

    def _account(self, key: tuple[str, ...]) -> _Account:
        return self._accounts.setdefault(key, _Account())

    def _keys(self, url: str, kind: str) -> Iterator[tuple[tuple[str, ...], int]]:
        if kind not in ALLOWANCES:
            return
        allowance = ALLOWANCES[kind]
        host = self.lists if kind == "listing" else allowance.host
        shape = shape_of(url)
        yield (kind, shape[0]), host
        if len(shape) > 1:
            yield (kind, *shape[:2]), min(allowance.folder, host)
            yield (kind, *shape, ""), min(allowance.shape, host)


def _circles(url: str) -> bool:
    """Whether the path repeats itself or is deeper than any archive (links that are relative by mistake)."""
    segments = [segment for segment in urlsplit(url).path.split("/") if segment]
    if len(segments) > MAX_SEGMENTS:
        return True
    return any(segments.count(one) >= MAX_REPEATS for one in set(segments) if not one.isdigit())
