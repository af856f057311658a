"""What the sites see of our manners: gaps, requests in flight, and a clean end on a signal."""

import itertools
import signal
import sqlite3
import subprocess
import threading
import time
from contextlib import closing

import pytest

from tests.crawler.crawling import LOOPBACK, Answer, Site, article, command, environment, listing, run

PATHS = {f"/a/2026{n:04}.html": f"第{n}篇文章的标题写得足够长了" for n in range(12)}
MANY = {f"/a/2026{n:04}.html": f"第{n}篇文章的标题写得足够长了" for n in range(60)}


def _site(robots="", hold=0.0, after=None, paths=PATHS):
    held = threading.Event()
    seen = []

    def respond(path):
        seen.append((time.monotonic(), path))
        if path == "/robots.txt":
            return Answer(robots.encode(), content_type="text/plain")
        if path == "/":
            return listing(paths)
        if path not in paths:
            return None
        if after is not None and len(seen) > after:
            held.wait(30)
        elif hold:
            held.wait(hold)
        return article(paths[path])

    site = Site(respond)
    site.seen, site.held = seen, held
    return site


@pytest.fixture(scope="module")
def polite(tmp_path_factory):
    store = f"sqlite:///{tmp_path_factory.mktemp('polite') / 'store.db'}"
    with _site("User-agent: *\nCrawl-delay: 0.3\n") as slow, _site(hold=0.05) as busy:
        ran = run(
            *("crawl", slow.url, busy.url, "--store", store, "--json", "--allow-network", LOOPBACK),
            *("--delay", "0", "--concurrency", "3"),
        )
    return ran, slow, busy


def test_all_articles_arrive(polite):
    ran, *_ = polite
    assert ran.code == 0, ran.err
    assert [figures["new"] for figures in ran.json["sources"].values()] == [12, 12]


def test_crawl_delay_is_kept_between_any_two_requests(polite):
    _, slow, _ = polite
    times = [when for when, path in slow.seen if path != "/robots.txt"]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times[1:])]
    assert min(gaps) > 0.28


def test_never_more_requests_at_once_than_allowed_even_without_delay(polite):
    _, _, busy = polite
    assert 2 <= busy.most <= 3


def test_a_limit_counts_article_pages(tmp_path):
    with _site() as site:
        ran = run(
            *("crawl", site.url, "--store", str(tmp_path / "s.db"), "--json", "--allow-network", LOOPBACK),
            *("--delay", "0", "--limit", "4"),
        )
    assert ran.code == 0, ran.err
    assert len([path for path in site.asked if path in PATHS]) == 4


def test_a_signal_ends_the_crawl_with_what_was_fetched_stored(tmp_path):
    codes = {signal.SIGTERM: 143, signal.SIGINT: 130}
    with _site(after=7, paths=MANY) as first, _site(after=7, paths=MANY) as second:
        running = [
            (number, site, _crawling(site, tmp_path / f"{number}.db"))
            for number, site in zip(codes, (first, second), strict=True)
        ]
        for number, site, process in running:
            _stop(process, site, number)
        for number, _, process in running:
            _, err = process.communicate(timeout=30)
            assert process.returncode == codes[number], err
    for number, site, _ in running:
        (status,) = _column(tmp_path / f"{number}.db", "select status from runs")
        assert status == "stopped"
        articles = _column(tmp_path / f"{number}.db", "select id from articles")
        answered = [path for path in site.asked if path in MANY]
        assert 0 < len(articles) <= len(answered) < len(MANY)


def _column(store, query):
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
        return [row[0] for row in connection.execute(query)]


def _crawling(site, store):
    return subprocess.Popen(
        command("crawl", site.url, "--store", str(store), "--allow-network", LOOPBACK, "--delay", "0"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )


def _stop(process, site, number):
    while len(site.seen) < 9 and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(number)
    site.held.set()
