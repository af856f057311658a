"""A crawl that is killed at any moment loses nothing, and the next run goes on by itself."""

import random
import signal
import subprocess
import time
from collections import Counter

import pytest

from storage.locking import run_lock
from tests.crawler.crawling import command, environment, run
from tests.crawler.newsroom import Newsroom, crawl_arguments, rows

KILLS = 3
SIZE = 90
FETCHED_TWICE = 32


def kill_when(site, store, seen):
    """Start a crawl and kill it once the site has been asked ``seen`` times."""
    process = subprocess.Popen(
        command(*crawl_arguments(site, store)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(),
        start_new_session=True,
    )
    while len(site.asked) < seen and process.poll() is None:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    store = tmp_path_factory.mktemp("killed") / "store.db"
    moments = sorted(random.Random(5).sample(range(2, SIZE), KILLS))
    with Newsroom(SIZE) as site:
        twice = []
        for moment in moments:
            before = Counter(site.asked_articles())
            kill_when(site, store, max(moment, len(site.asked) + 1))
            twice.append(sum((Counter(site.asked_articles()) & before).values()))
        left = rows(store, "select count(*) from runs where status = 'running'")
        site.last = run(*crawl_arguments(site, store))
        yield site, store, left


def test_nothing_is_lost_and_nothing_stored_twice(killed):
    site, store, _ = killed
    assert site.last.code == 0, site.last.err
    (stored,) = zip(*rows(store, "select origin from articles"), strict=True)
    assert len(stored) == SIZE
    assert {origin.partition("/2026")[1] + origin.partition("/2026")[2] for origin in stored} == set(
        site.texts
    )


def test_few_pages_are_fetched_twice_for_a_kill(killed):
    site, _, _ = killed
    again = sum(count - 1 for count in Counter(site.asked_articles()).values())
    assert again <= KILLS * FETCHED_TWICE


def test_the_store_is_whole_and_nothing_waits_in_it(killed):
    _, store, _ = killed
    assert rows(store, "pragma integrity_check") == [("ok",)]
    assert rows(store, "select count(*) from frontier where state in ('new', 'leased', 'fetched')") == [(0,)]
    assert rows(store, "select count(*) from pages where outcome = 'pending'") == [(0,)]


def test_killed_runs_are_called_interrupted(killed):
    _, store, left = killed
    statuses = [status for (status,) in rows(store, "select status from runs order by id")]
    assert left == [(1,)], "each start marks the run that was killed before it"
    assert statuses == ["interrupted"] * KILLS + ["finished"]


def test_a_second_crawl_on_a_store_is_refused_while_the_first_runs(tmp_path):
    store = tmp_path / "store.db"
    with Newsroom(1) as site, run_lock(store):
        refused = run(*crawl_arguments(site, store))
        assert refused.code == 6, refused.err
        assert "another run" in refused.err
        assert site.asked == []
