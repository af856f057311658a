"""Servers that ask for a pause get it, and the others do not wait for them."""

import threading
import time

from tests.crawler.crawling import LOOPBACK, Answer, Site, article, listing, run
from tests.crawler.newsroom import rows

PATHS = {f"/2026/10000{n}.html": f"第{n}篇报道的标题写得足够长了" for n in range(4)}


class Busy(Site):
    """Answers the first request for an article with ``status`` and a Retry-After header."""

    def __init__(self, status, seconds):
        super().__init__(self.answer)
        self.refusal = Answer(status=status, headers={"Retry-After": str(seconds)})
        self.refused_at = None
        self.times = []
        self.turn = threading.Lock()

    def answer(self, path):
        if path == "/":
            return listing(PATHS)
        if path not in PATHS:
            return None
        with self.turn:
            self.times.append(time.monotonic())
            if self.refused_at is None:
                self.refused_at = self.times[-1]
                return self.refusal
        return article(PATHS[path])


def crawl(site, store):
    return run(
        *("crawl", site.url, "--store", str(store), "--json", "--allow-network", LOOPBACK),
        *("--delay", "0", "--concurrency", "1"),
    )


def test_nothing_is_asked_before_retry_after_and_then_all_is(tmp_path):
    with Busy(429, 2) as site:
        ran = crawl(site, tmp_path / "store.db")
    (figures,) = ran.json["sources"].values()
    assert figures["new"] == 4, ran.err
    later = [when for when in site.times if when != site.refused_at]
    assert min(later) - site.refused_at >= 2


def test_a_pause_beyond_the_limit_leaves_the_rest_to_a_later_run(tmp_path):
    store = tmp_path / "store.db"
    with Busy(503, 3600) as site:
        crawl(site, store)
        assert len(site.times) == 1
        asked = len(site.asked)
        crawl(site, store)
    assert len(site.times) == 1, "the pause is kept by the next run, too"
    assert "/" in site.asked[asked:]
    states = rows(store, "select state, count(*) from frontier where kind = 'article' group by 1 order by 1")
    assert states == [("failed", 1), ("new", 3)]
    assert rows(store, "select count(*) from frontier where kind = 'article' and due_at is null") == [(0,)]
