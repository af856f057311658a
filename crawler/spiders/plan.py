"""What a spider still wants to fetch: decides on each URL, once; knows budgets, no network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from crawler.discovery.entries import Entry
from crawler.discovery.links import PageLinks
from crawler.discovery.shape import Kind, Shapes
from crawler.sources import Source

__all__ = ["Budget", "Plan", "Want"]

MAX_LISTING_DEPTH = 2
DISCOVERED_PAGES = 50
"""How far a discovered list is followed by its next links, as long as each page names new articles."""


@dataclass(slots=True)
class Budget:
    """How many article pages may still be asked for; None is no limit. Shared by the sources of a run."""

    left: int | None = None

    def take(self) -> bool:
        """Use one up; False when none is left."""
        if self.left is None:
            return True
        self.left -= 1
        return self.left >= 0


@dataclass(frozen=True, slots=True)
class Want:
    """A URL to fetch as ``article``, ``feed``, ``sitemap``, ``listing`` or ``home``.

    ``depth`` counts the steps from the home page over lists, ``page`` the next links followed.
    """

    url: str
    kind: str
    depth: int = 0
    page: int = 1
    guessed: bool = False


@dataclass(slots=True)
class Plan:
    """The URLs of one source: each is wanted once, in one role."""

    source: Source
    budget: Budget = field(default_factory=Budget)
    max_listings: int = 100
    max_sitemaps: int = 500
    shapes: Shapes = field(default_factory=Shapes)
    articles: int = 0
    _seen: set[tuple[str, bool]] = field(default_factory=set)
    _listed: set[str] = field(default_factory=set)
    _listings: int = 0
    _sitemaps: int = 0

    def starts(self) -> Iterator[Want]:
        """Where the source says to begin."""
        source = self.source
        if source.discover and source.home:
            yield from self._once([Want(source.home, "home")])
        yield from self._once(Want(u, "feed") for u in source.feeds)
        for url in source.sitemaps:
            yield from self.sitemap(url)
        yield from self._once(Want(u, "listing") for u in source.listings)

    def feed(self, url: str) -> Iterator[Want]:
        """A feed that a page names."""
        if self._inside(url):
            yield from self._once([Want(url, "feed")])

    def sitemap(self, url: str, *, guessed: bool = False) -> Iterator[Want]:
        """A sitemap that the source, robots.txt or another sitemap names, or that may be there."""
        if self._sitemaps < self.max_sitemaps and (self._inside(url) or url in self.source.sitemaps):
            for want in self._once([Want(url, "sitemap", guessed=guessed)]):
                self._sitemaps += 1
                yield want

    def from_feed(self, entries: Iterable[Entry]) -> Iterator[Want]:
        """The articles that a feed names."""
        for entry in entries:
            if self._inside(entry.url):
                self.shapes.learn(entry.url)
                if self._may_be_article(entry.url) or self.source.article is None:
                    yield from self._article(entry.url)

    def from_sitemap(self, entries: Iterable[Entry]) -> Iterator[Want]:
        """The articles among the pages that a sitemap names."""
        for entry in entries:
            if self._inside(entry.url) and self._may_be_article(entry.url, entry.title or ""):
                yield from self._article(entry.url)

    def from_page(self, found: PageLinks, want: Want) -> Iterator[Want]:
        """The articles and further lists that a home or listing page links to."""
        articles = []
        lists = []
        for link in found.links:
            if not self._inside(link.url):
                continue
            if self._may_be_article(link.url, link.text):
                articles.append(link.url)
            elif self.source.discover and link.text and len(link.text) <= 20:
                lists.append(link.url)
        for url in articles:
            yield from self._article(url)
        # A page that lists nothing that other lists have not shown is the end of a list, or no list.
        fruitful = not self._listed.issuperset(articles)
        self._listed.update(articles)
        if want.kind == "home" or fruitful:
            yield from self._further(lists, want)
        if fruitful:
            yield from self._next_pages(found.next_pages, want)

    def knows(self, url: str) -> bool:
        """Whether ``url`` is wanted as an article anyway; if not, it counts as wanted from now on."""
        return not list(self._once([Want(url, "article")]))

    def _further(self, lists: list[str], want: Want) -> Iterator[Want]:
        if not self.source.discover or want.depth >= MAX_LISTING_DEPTH:
            return
        for url in lists:
            if self.shapes.kind_of(url) is Kind.LISTING:
                yield from self._listing(Want(url, "listing", want.depth + 1))

    def _next_pages(self, urls: Iterable[str], want: Want) -> Iterator[Want]:
        pages = DISCOVERED_PAGES if self.source.discover else self.source.listing.pages
        if want.page >= pages:
            return
        for url in urls:
            if self._inside(url):
                yield from self._listing(Want(url, "listing", want.depth, want.page + 1))

    def _listing(self, want: Want) -> Iterator[Want]:
        if self._listings >= self.max_listings:
            return
        for one in self._once([want]):
            self._listings += 1
            yield one

    def _article(self, url: str) -> Iterator[Want]:
        for want in self._once([Want(url, "article")]):
            if self.budget.take():
                self.articles += 1
                yield want

    def _once(self, wants: Iterable[Want]) -> Iterator[Want]:
        for want in wants:
            key = (want.url, want.kind == "article")
            if key not in self._seen:
                self._seen.add(key)
                yield want

    def _inside(self, url: str) -> bool:
        return self.source.covers(url) and not self.source.ignores(url)

    def _may_be_article(self, url: str, text: str = "") -> bool:
        if self.source.article is not None:
            return self.source.article.search(url) is not None
        return self.shapes.kind_of(url, text) is Kind.ARTICLE
