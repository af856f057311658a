"""Articles that go on over several pages, as a spider follows them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from cleaners.decoding import decode
from cleaners.model import Page, Rules, Via
from cleaners.part_signs import is_later, may_go_on
from storage.visits import Visit

__all__ = ["Begun", "held", "next_part", "part_of", "worth_a_look"]

MAX_BYTES = 10 << 20
"""Of all parts together; what is larger is left where it was cut."""
SHORT = 64 << 10
"""Bytes of a page that can be looked through between two answers."""


@dataclass(frozen=True, slots=True)
class Begun:
    """An article as far as it was fetched: its pages in order, and the visit that it settles."""

    pages: tuple[Page, ...]
    visit: Visit | None

    @property
    def whole(self) -> Page:
        """The first page with the others as its parts."""
        return replace(self.pages[0], parts=self.pages[1:])

    def without(self, url: str, status: int | None) -> Begun:
        """The same, with an empty page for one that did not come; the next visit fetches all of it."""
        visit = None if self.visit is None else Visit(self.visit.id)
        return Begun((*self.pages, Page(url, b"", status=status, origin=url, via=Via.CRAWL)), visit)

    def with_part(self, page: Page) -> Begun:
        """The same, one page longer."""
        return replace(self, pages=(*self.pages, page))


def worth_a_look(begun: Begun, rules: Rules, most: int) -> bool:
    """Whether it is worth to ask :func:`next_part` or :func:`part_of`; quick enough for the reactor's thread.

    ``most`` pages make an article at most. A first look is taken at short pages in UTF-8 alone: decoding
    others in earnest costs as much as cleaning.
    """
    pages = begun.pages
    if len(pages) == 1 and is_later(pages[0].url):
        return True
    if _enough(pages, most):
        return False
    return len(pages[-1].body) > SHORT or _leads_on(pages[-1], rules)


def next_part(begun: Begun, rules: Rules, most: int) -> str | None:
    """The address of the part that is to be fetched next; None at the end, or when it is enough.

    ``most`` pages make an article at most. Only the host of the first page is asked. Takes its time.
    """
    from cleaners.pages import next_page  # brings the parsers, which few crawls need in this process

    pages = begun.pages
    last = pages[-1]
    if _enough(pages, most) or not _leads_on(last, rules):
        return None
    html = decode(last.body, last.content_type, rules.encoding).text
    url = next_page(html, last.url, rules) if may_go_on(html, rules) else None
    if url is None or urlsplit(url).netloc.lower() != urlsplit(pages[0].url).netloc.lower():
        return None
    return None if url in {address for page in pages for address in (page.url, page.origin)} else url


def _enough(pages: Sequence[Page], most: int) -> bool:
    return len(pages) >= most or sum(len(page.body) for page in pages) > MAX_BYTES


def _leads_on(page: Page, rules: Rules) -> bool:
    try:
        return may_go_on(page.body.decode("utf-8"), rules)
    except UnicodeDecodeError:
        return True


def part_of(page: Page, rules: Rules) -> str | None:
    """The address of an earlier page of the article, if this is a later one. Takes its time."""
    if not is_later(page.url):
        return None
    from cleaners.pages import first_page

    return first_page(decode(page.body, page.content_type, rules.encoding).text, page.url)


async def held(session: Any, output: AsyncIterator[Any]) -> AsyncIterator[Any]:
    """``output``, of a page that is in memory alone until it ends: it counts as one that is not stored."""
    session.held += 1
    try:
        async for one in output:
            yield one
    finally:
        session.held -= 1
