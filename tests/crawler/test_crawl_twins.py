"""One article under many addresses is one row, and what redirects to it costs no second body."""

import re
from collections import Counter
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.crawler.crawling import LOOPBACK, Answer, Site, article, listing, run
from tests.crawler.newsroom import rows
from tests.crawler.prose import story

SIZE = 8


class Twins(Site):
    """Article N is at /2026/10000N.html; print, AMP and mobile views, sessions and redirects lead to it."""

    def __init__(self):
        super().__init__(self.answer)
        self.stories = {100000 + n: story(n) for n in range(SIZE)}
        self.walled = set()

    def answer(self, path):
        parts = urlsplit(path)
        if path == "/":
            return listing({url: f"{title}的报道" for url, title in self.links()})
        query = parse_qs(parts.query)
        number = next((int(n) for n in re.findall(r"1000\d\d", path)), 0)
        if number not in self.stories:
            return None
        if parts.path.startswith("/go"):
            return Answer(status=302, headers={"Location": f"/hop/{number}"})
        if parts.path.startswith("/hop"):
            return Answer(status=301, headers={"Location": f"/2026/{number}.html#top"})
        if parts.path.startswith("/refresh"):
            return Answer(f'<meta http-equiv="refresh" content="0; url=/2026/{number}.html">'.encode())
        if number % 2 and parts.path.startswith("/2026") and path not in self.walled and not query:
            self.walled.add(path)  # a wall that sets a cookie and sends the visitor back
            return Answer(status=302, headers={"Location": path, "Set-Cookie": "seen=1"})
        canonical = parts.path.startswith(("/amp", "/print"))
        return self.page(number, f'<link rel="canonical" href="/2026/{number}.html">' if canonical else "")

    def page(self, number, head):
        found = article(*self.stories[number])
        return Answer(found.body.replace(b"<head>", b"<head>" + head.encode()))

    def links(self):
        forms = (
            "/amp/2026/{}.html", "/2026/{}.html", "/2026/{}.html?utm_source=x", "/2026/{}.html#comments",
            "/print.php?id={}", "/m/2026/{}.html", "/2026/{}.html?sid=4f2a9c81e07b4d3a9c81e07b",
            "/2026/{}.html?from=timeline", "/go?id={}", "/refresh/2026/{}.html", "/a/../2026/{}.html",
        )  # fmt: skip
        for number, (title, _) in self.stories.items():
            for form in forms:
                yield form.format(number), title


@pytest.fixture(scope="module")
def twins(tmp_path_factory):
    store = tmp_path_factory.mktemp("twins") / "store.db"
    with Twins() as site:
        site.ran = run(
            *("crawl", site.url, "--store", str(store), "--json", "--allow-network", LOOPBACK, "--delay", "0")
        )
        site.first, site.asked = list(site.asked), []
        site.again = run(
            *("crawl", site.url, "--store", str(store), "--json", "--allow-network", LOOPBACK, "--delay", "0")
        )
        yield site, store


def test_each_article_is_one_row(twins):
    site, store = twins
    assert site.ran.code == 0, site.ran.err
    titles = [title for (title,) in rows(store, "select title from articles")]
    assert sorted(titles) == sorted(title for title, _ in site.stories.values())


def test_addresses_of_one_spelling_are_asked_for_once(twins):
    site, _ = twins
    asked = Counter(site.first)
    assert {asked[f"/2026/{number}.html"] for number in site.stories} <= {1, 2}, "twice through the wall"
    assert not [path for path in asked if "utm_" in path or "sid=" in path or ".." in path]


def test_what_redirects_to_a_known_article_fetches_no_body_of_it(twins):
    site, _ = twins
    assert [path for path in site.first if path.startswith("/go")]
    bodies = Counter(path for path in site.bodies if path.startswith("/2026/") and "?" not in path)
    assert set(bodies.values()) == {1}


def test_twins_are_kept_with_the_reason(twins):
    _, store = twins
    reasons = dict(rows(store, "select reason, count(*) from frontier where kind = 'article' group by 1"))
    assert reasons["duplicate"] >= 4 * SIZE


def test_a_second_crawl_leaves_the_twins_alone(twins):
    site, store = twins
    assert site.again.code == 0, site.again.err
    assert not [path for path in site.asked if path.startswith(("/amp", "/print", "/m/", "/go"))]
    assert rows(store, "select count(*) from articles") == [(SIZE,)]
