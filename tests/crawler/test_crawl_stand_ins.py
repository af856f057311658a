"""A view of an article that gave way to its own page is asked for again, in the same run, when that fails."""

import pytest

from crawler.items import Failed
from crawler.net.reasons import FetchReason
from crawler.spiders.stand_ins import StandIns, leaves_a_gap
from storage.visits import Lease
from tests.crawler.crawling import LOOPBACK, Answer, Site, article, listing, run
from tests.crawler.newsroom import rows
from tests.crawler.prose import story

FAILS = {500: Answer(status=500), 404: Answer(status=404), 403: Answer(status=403)}
EMPTY = Answer("<html><title>页面不存在</title><p>您访问的页面不存在</p></html>".encode())


class Views(Site):
    """Articles with an AMP view each; the page itself answers as ``own`` says."""

    def __init__(self, own):
        super().__init__(self.answer)
        self.own = own
        self.stories = {f"/2026/{100000 + n}.html": story(n) for n in range(len(own))}

    def answer(self, path):
        if path == "/":
            links = {f"/amp{own}": title for own, (title, _) in self.stories.items()}
            return listing(links | {own: title for own, (title, _) in self.stories.items()})
        own = path.removeprefix("/amp")
        if own not in self.stories:
            return None
        if own == path:
            failing = self.own[list(self.stories).index(own)]
            return failing or article(*self.stories[own])
        found = article(*self.stories[own])
        link = f'<link rel="canonical" href="{own}"></head>'.encode()
        return Answer(found.body.replace(b"</head>", link))


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    store = tmp_path_factory.mktemp("views") / "store.db"
    with Views([None, *FAILS.values(), EMPTY]) as site:
        site.ran = run(
            *(
                "crawl",
                site.url,
                "--store",
                str(store),
                "--json",
                "--allow-network",
                LOOPBACK,
                "--delay",
                "0",
            ),
            *("--concurrency", "1", "-s", "RETRY_TIMES=0"),
        )
        yield site, store


def test_each_article_is_stored_once_from_the_view_that_there_is(crawled):
    site, store = crawled
    stored = rows(
        store, "select title, origin like '%/amp/%' from articles order by origin like '%/amp/%', id"
    )
    titles = [title for title, _ in site.stories.values()]
    assert sorted(stored) == sorted([(titles[0], 0), *((title, 1) for title in titles[1:])]), site.ran.err


def test_a_view_is_asked_again_only_where_it_is_needed(crawled):
    site, _ = crawled
    views = [path for path in site.asked if path.startswith("/amp")]
    needed = len(site.stories) - 1
    assert len(views) <= len(site.stories) + needed
    assert views.count("/amp/2026/100000.html") == 1


@pytest.mark.parametrize(
    ("kind", "reason", "status", "expected"),
    [
        ("article", FetchReason.HTTP_ERROR, 500, True),
        ("article", FetchReason.HTTP_ERROR, 404, True),
        ("article", FetchReason.TIMEOUT, None, True),
        ("article", FetchReason.HTTP_ERROR, 429, False),
        ("article", FetchReason.HTTP_ERROR, 503, False),
        ("article", FetchReason.DUPLICATE, None, False),
        ("listing", FetchReason.HTTP_ERROR, 500, False),
    ],
)
def test_what_leaves_a_gap(kind, reason, status, expected):
    assert leaves_a_gap(Failed("https://a.example/1", kind, reason, "", status=status)) is expected


def test_the_first_view_is_kept_and_given_once():
    views, kept = (
        StandIns(),
        [Lease(n, f"https://a.example/amp/{n}", "article", "a", 0, 1, False) for n in (1, 2)],
    )
    for one in kept:
        views.note("https://a.example/1", one)
    assert [views.take("https://a.example/1"), views.take("https://a.example/1")] == [kept[0], None]


def test_a_view_does_not_give_way_to_what_was_asked_for_in_vain():
    views = StandIns()
    view = Lease(1, "https://a.example/amp/1", "article", "a", 0, 1, False)
    assert views.take("https://a.example/1") is None
    assert views.note("https://a.example/1", view) is False
    assert views.note("https://a.example/2", view) is True


def test_a_view_that_comes_after_the_failure_is_taken(tmp_path):
    store = tmp_path / "store.db"
    with Views([FAILS[500], None]) as site:
        own, view = [f"{way}{next(iter(site.stories))}" for way in ("", "/amp")]
        other = list(site.stories)[1]
        told = site.answer

        def answer(path):
            if path == "/":
                return listing({own: "栏目头条新闻的标题在这里", other: site.stories[other][0]})
            found = told(path)
            if path != other:
                return found
            further = f'<p><a href="{view}">{site.stories[own][0]}</a></p></body>'.encode()
            return Answer(found.body.replace(b"</body>", further))

        site.answer = answer
        ran = run(
            *("crawl", site.url, "--store", str(store), "--allow-network", LOOPBACK, "--delay", "0"),
            *("--concurrency", "1", "-s", "RETRY_TIMES=0"),
        )
        titles = {title for (title,) in rows(store, "select title from articles")}
        assert titles == {title for title, _ in site.stories.values()}, ran.err
