"""Joins what a dump has of articles that go on over several pages, while it is read.

A page that leads on waits for the next one, a later part for the one before it. What waits too long, or
for something that is not in the dump, goes on as it is: at most `_WAITING` pages are held back.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from cleaners.decoding import decode
from cleaners.model import Page
from cleaners.pages import first_page, next_page
from cleaners.part_signs import is_later, may_go_on
from crawler.dumps.entry import PLAIN

__all__ = ["Parts"]

_WAITING = 64
_BYTES = 32 << 20
_MOST = 20
"""So many pages make an article at most."""


@dataclass(slots=True)
class _Held:
    """An article as far as it was read (``pages``), and the address that it goes on at."""

    pages: list[Page]
    next: str | None
    later: bool

    @property
    def whole(self) -> Page:
        return replace(self.pages[0], parts=tuple(self.pages[1:]))


@dataclass(slots=True)
class Parts:
    """Takes pages in and gives whole articles; the pages in hand are those of one source."""

    _held: OrderedDict[str, _Held] = field(default_factory=OrderedDict)
    _awaited: dict[str, str] = field(default_factory=dict)
    _bytes: int = 0

    def take(self, page: Page) -> Iterator[Page]:
        """What can go on, now that ``page`` has come."""
        held = _read(page)
        if held is None or page.url in self._held:
            yield page
            return
        self._hold(page.url, held)
        first = self._chained(page.url)
        if self._held[first].next is None and not self._held[first].later:
            yield self._release(first)
        while self._held and (len(self._held) > _WAITING or self._bytes > _BYTES):
            yield self._release(next(iter(self._held)))

    def rest(self) -> Iterator[Page]:
        """What is still held back, when nothing more comes."""
        while self._held:
            yield self._release(next(iter(self._held)))

    def _hold(self, url: str, held: _Held) -> None:
        self._held[url] = held
        self._bytes += sum(len(page.body) for page in held.pages)
        if held.next is not None:
            self._awaited[held.next] = url

    def _release(self, url: str) -> Page:
        held = self._held.pop(url)
        self._bytes -= sum(len(page.body) for page in held.pages)
        if held.next is not None and self._awaited.get(held.next) == url:
            del self._awaited[held.next]
        return held.whole

    def _chained(self, url: str) -> str:
        """Put what came with what waited for it, and with what waited before it; gives the first page."""
        first = self._awaited.get(url, url)
        while (following := self._held[first].next) in self._held and following != first:
            assert following is not None
            begun, more = self._held[first], self._held[following]
            if len(begun.pages) + len(more.pages) > _MOST:
                break
            del self._held[following], self._awaited[following]
            begun.pages += more.pages
            begun.next = more.next
            if more.next is not None:
                self._awaited[more.next] = first
        return first


def _read(page: Page) -> _Held | None:
    """What a page says of its place in an article; None if it is alone."""
    if (page.content_type or "").startswith(PLAIN):
        return None
    html = decode(page.body, page.content_type).text
    following = next_page(html, page.url) if may_go_on(html) else None
    later = is_later(page.url) and first_page(html, page.url) is not None
    return _Held([page], following, later) if following or later else None
