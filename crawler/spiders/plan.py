"""What a spider wants to fetch: decides on each URL; knows budgets, no network and no store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from datetime import datetime

from crawler.discovery.dates import stated_time
from crawler.discovery.entries import Entry
from crawler.discovery.links import Link, PageLinks
from crawler.discovery.shape import Kind, Shapes, shape_of
from crawler.discovery.sitemaps import Sitemap
from crawler.sources import Source
from crawler.spiders.feed_texts import FeedTexts
from crawler.spiders.worth import Worth

__all__ = ["Budget", "Plan", "Want"]

MAX_LISTING_DEPTH = 2
COMPANY = 3
"""Articles on a page from which a shape of addresses is one of articles."""
RECHECKED = 300
"""So many articles of a sitemap without times are asked about when it has changed."""
DISCOVERED_PAGES = 1000
"""How far a discovered list is followed by its next links, as long as each page names new articles."""


@dataclass(slots=True)
class Budget:
    """How many article pages may still be asked for; None is no limit. Shared by the sources of a run."""

    left: int | None = None

    def reserve(self, most: int) -> int:
        """Use up to ``most`` up; gives how many."""
        if self.left is None:
            return most
        granted = max(0, min(most, self.left))
        self.left -= granted
        return granted

    def give_back(self, unused: int) -> None:
        """Return what was reserved and not needed."""
        if self.left is not None:
            self.left += unused


@dataclass(frozen=True, slots=True)
class Want:
    """A URL to fetch as ``article``, ``feed``, ``sitemap``, ``listing`` or ``home``.

    ``depth`` counts the steps from the home page over lists (or from a sitemap index), ``page`` the
    next links followed. ``named`` is set for what a feed or a sitemap names, ``fresh`` if a feed does;
    ``stated`` is the time given there.
    ``again`` asks for it although it is known, ``recheck`` only if that costs no body.
    """

    url: str
    kind: str
    depth: int = 0
    page: int = 1
    guessed: bool = False
    named: bool = False
    fresh: bool = False
    stated: datetime | None = None
    again: bool = False
    recheck: bool = False


@dataclass(slots=True)
class Plan:
    """The URLs of one source in one run: each is wanted once, in one role."""

    source: Source
    max_sitemaps: int = 500
    worth: Worth = field(default_factory=Worth)
    shapes: Shapes = field(default_factory=Shapes)
    texts: FeedTexts = field(default_factory=FeedTexts)
    # Hashes: a run may meet millions of URLs.
    _seen: set[int] = field(default_factory=set)
    _listed: set[int] = field(default_factory=set)
    _sitemaps: int = 0

    def admits(self, want: Want) -> bool:
        """Whether ``want`` may be asked for now: see :class:`Worth`; the source's own places always may."""
        if want.url in self.own_places:
            return True
        return self.worth.admits(want.url, want.kind, named=want.named)

    @property
    def own_places(self) -> frozenset[str]:
        """The addresses that the source itself gives."""
        source = self.source
        home = (source.home,) if source.home else ()
        return frozenset((*home, *source.feeds, *source.sitemaps, *source.listings))

    def starts(self) -> Iterator[Want]:
        """Where the source says to begin."""
        source = self.source
        if source.discover and source.home:
            yield from self._once([Want(source.home, "home", again=True)])
        yield from self._once(Want(u, "feed", again=True) for u in source.feeds)
        for url in source.sitemaps:
            yield from self.sitemap(Want(url, "sitemap", again=True))
        yield from self._once(Want(u, "listing", again=True) for u in source.listings)

    def feed(self, url: str) -> Iterator[Want]:
        """A feed that a page names."""
        if self._inside(url):
            yield from self._once([Want(url, "feed", again=True)])

    def sitemap(self, want: Want) -> Iterator[Want]:
        """A sitemap that the source or robots.txt names, or that may be there."""
        if self._sitemaps < self.max_sitemaps and (
            self._inside(want.url) or want.url in self.source.sitemaps
        ):
            for one in self._once([want]):
                self._sitemaps += 1
                yield one

    def from_index(self, entries: Iterable[Entry], depth: int) -> Iterator[Want]:
        """The sitemaps that a sitemap names; those that state a time are read when it is a new one."""
        for entry in entries:
            stated = stated_time(entry.modified)
            yield from self.sitemap(
                Want(entry.url, "sitemap", depth + 1, stated=stated, again=stated is None)
            )

    def from_feed(self, entries: Iterable[Entry], *, changed: bool = False) -> Iterator[Want]:
        """The articles that a feed names; ``changed`` since it was read last."""
        for entry in entries:
            if self._inside(entry.url):
                self.shapes.learn(entry.url)
                if self._may_be_article(entry.url) or self.source.article is None:
                    stated = stated_time(entry.modified or entry.published)
                    yield from self._article(
                        Want(entry.url, "article", named=True, fresh=True, stated=stated, recheck=changed)
                    )

    def from_sitemap(self, entries: Iterable[Entry], *, changed: bool = False) -> Iterator[Want]:
        """The articles among the pages that a sitemap names."""
        for number, entry in enumerate(entries):
            if self._inside(entry.url) and self._may_be_article(entry.url, entry.title or ""):
                stated = stated_time(entry.modified or entry.published)
                recheck = changed and stated is None and number < RECHECKED
                want = Want(entry.url, "article", named=True, stated=stated, recheck=recheck)
                yield from self._article(want)

    def from_part(self, part: Sitemap, want: Want, *, changed: bool = False) -> Iterator[Want]:
        """All that a part of the sitemap ``want`` names."""
        yield from self.from_index(part.sitemaps, want.depth)
        pages = list(self.from_sitemap(part.pages, changed=changed))
        if pages:
            self.worth.good(want.url, "sitemap")
        yield from pages

    def articles(self, found: PageLinks) -> list[Link]:
        """The links of a page that seem to lead to articles of the source.

        Short headlines are told from names of sections by their company: the page links to several
        articles by addresses of the same shape.
        """
        inside = [link for link in found.links if self._inside(link.url)]
        sure = [link for link in inside if self._may_be_article(link.url, link.text)]
        if self.source.article is not None:
            return sure
        shapes = Counter(shape_of(link.url) for link in sure)
        taken = {link.url for link in sure}
        return [a for a in inside if a.url in taken or (a.text and self._is_of(shapes, a.url))]

    def _is_of(self, shapes: Counter[tuple[str, ...]], url: str) -> bool:
        return shapes[shape_of(url)] >= COMPANY and self._may_be_article(url)

    def from_page(
        self,
        found: PageLinks,
        want: Want,
        known: Set[str] = frozenset(),
        *,
        changed: bool = False,
        again: bool = False,
    ) -> Iterator[Want]:
        """The articles and further lists that a home or listing page links to.

        ``known`` are the articles that an earlier run has met; ``changed`` says whether the page
        names others than it did then, ``again`` whether to look at known lists, too.
        """
        articles = [link.url for link in self.articles(found)]
        for url in articles:
            yield from self._article(Want(url, "article", recheck=changed))
        # A page that lists nothing that other lists have not shown is the end of a list, or no list;
        # so is one whose "articles" are of a kind that has turned out to be none.
        shown, in_vain = self._listed, self.worth.in_vain
        fresh = [url for url in articles if hash(url) not in shown and not in_vain(url, "article")]
        self._listed.update(map(hash, articles))
        fruitful = any(url not in known for url in fresh)
        if fresh and want.kind == "listing":
            self.worth.good(want.url, "listing")
        if want.kind == "home" or fruitful:
            named = set(articles)
            short = [a for a in found.links if a.text and len(a.text) <= 20 and a.url not in named]
            yield from self._further([a for a in short if self._inside(a.url)], want, again)
        # The first page of a list often shows what the home page has shown.
        begins = want.page == 1 and any(u not in known and not in_vain(u, "article") for u in articles)
        if fruitful or begins:
            yield from self._next_pages(found.next_pages, want)

    def _further(self, lists: list[Link], want: Want, again: bool) -> Iterator[Want]:
        if not self.source.discover or want.depth >= MAX_LISTING_DEPTH:
            return
        for link in lists:
            if self.shapes.kind_of(link.url, link.text) is Kind.LISTING:
                yield from self._listing(Want(link.url, "listing", want.depth + 1, again=again))

    def _next_pages(self, urls: Iterable[str], want: Want) -> Iterator[Want]:
        pages = DISCOVERED_PAGES if self.source.discover else self.source.listing.pages
        if want.page >= pages:
            return
        for url in urls:
            if self._inside(url):
                yield from self._listing(Want(url, "listing", want.depth, want.page + 1, again=True))

    def _listing(self, want: Want) -> Iterator[Want]:
        if self.worth.open(want.url, "listing"):
            yield from self._once([want])

    def _article(self, want: Want) -> Iterator[Want]:
        once = list(self._once([want]))
        # What states a time is passed on even if it was named before: it may tell of a change.
        yield from once or ([want] if want.stated else [])

    def _once(self, wants: Iterable[Want]) -> Iterator[Want]:
        for want in wants:
            key = hash((want.url, want.kind == "article"))
            if key not in self._seen:
                self._seen.add(key)
                yield want

    def may_be_article(self, url: str) -> bool:
        """Whether ``url`` is one of the source that may lead to an article."""
        return self._inside(url) and self._may_be_article(url)

    def _inside(self, url: str) -> bool:
        return self.source.covers(url) and not self.source.ignores(url)

    def _may_be_article(self, url: str, text: str = "") -> bool:
        if self.source.article is not None:
            return self.source.article.search(url) is not None
        return self.shapes.kind_of(url, text) is Kind.ARTICLE
