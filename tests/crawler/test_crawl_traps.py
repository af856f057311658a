"""One crawl of a site with every trap and hostile answer: it ends, stays small, and has the real articles."""

import subprocess
import threading
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.crawler.crawling import Site, article, command, environment
from tests.crawler.hostile_site import MIB, HostileSite
from tests.crawler.newsroom import rows
from tests.crawler.process_tree import watched

REAL = 60
BOMB = 64 * MIB
SECONDS = 100


class Trapped:
    def __init__(self, site, store, process, memory):
        self.site, self.store, self.code, self.memory = site, store, process.returncode, memory
        self.reasons = {
            origin.rpartition("-")[2].removesuffix(".html"): reason
            for origin, reason in rows(store, "select origin, reason from failures")
        }

    def asked(self, folder):
        return [path for path in self.site.asked if path.startswith(folder)]


@pytest.fixture(scope="module")
def trapped(tmp_path_factory):
    store = tmp_path_factory.mktemp("traps") / "store.db"
    inside = Site(lambda path: article("内部"), host="127.0.0.2")
    with inside, HostileSite(REAL, BOMB, inside.url) as site:
        site.inside_asked = inside.asked
        process = subprocess.Popen(
            command(
                *("crawl", site.url, "--store", str(store), "--allow-network", "127.0.0.1", "--delay", "0"),
                *("-s", "TAOSHA_FIRST_TIMEOUT=0.6", "-s", "DOWNLOAD_TIMEOUT=1.5", "-s", "RETRY_TIMES=1"),
            ),
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        limit = threading.Timer(SECONDS, process.kill)
        limit.start()
        with watched(process) as memory:
            _, err = process.communicate()
        limit.cancel()
        assert process.returncode == 0, err[-3000:]
        yield Trapped(site, store, process, memory)


def test_it_ends_by_itself_and_stays_small(trapped):
    assert trapped.memory.peak < 600 * MIB


def test_all_real_articles_arrive_however_they_are_served(trapped):
    stored = {urlsplit(origin).path for (origin,) in rows(trapped.store, "select origin from articles")}
    assert set(trapped.site.real) <= stored


def test_hardly_anything_else_is_stored(trapped):
    stored = {urlsplit(origin).path for (origin,) in rows(trapped.store, "select origin from articles")}
    assert len(stored - set(trapped.site.real)) <= 1, "one of the many pages that all say the same"


def test_each_page_is_asked_for_a_few_times_at_the_most(trapped):
    asked = Counter(trapped.site.asked)
    assert all(count == 1 for path, count in asked.items() if path in trapped.site.real)


def test_what_servers_do_is_recorded_with_its_reason(trapped):
    expected = {
        **dict.fromkeys(("gzip", "deflate", "br", "zstd", "twice"), "too_large"),
        **dict.fromkeys(("self", "refresh"), "redirects"),
        **dict.fromkeys(("stall0", "stall5", "drip0"), "timeout"),
        **dict.fromkeys(("headers", "interim", "garbage", "empty"), "connection"),
        "cut": "truncated",
    }
    assert {name: trapped.reasons.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("folder", "most"),
    [("/events/", 60), ("/zhoukan/", 80), ("/maze/", 200), ("/loop/", 10), ("/goods", 200), ("/maps/", 60)],
)
def test_what_has_no_end_is_left_soon(trapped, folder, most):
    assert 0 < len(trapped.asked(folder)) <= most


def test_no_entity_and_no_redirect_reaches_inside(trapped):
    assert trapped.site.inside_asked == []
    assert "root:" not in Path(trapped.store).read_bytes().decode("latin-1")


def test_what_was_left_is_kept_with_the_reason(trapped):
    left = rows(trapped.store, "select count(*) from frontier where state = 'skipped' and reason = 'budget'")
    assert left[0][0] > 0
