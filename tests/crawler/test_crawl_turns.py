"""Two crawls and a reader on one store: the second takes its turn, and nobody meets a locked database."""

import subprocess
import time

import pytest

from storage import open_store
from storage.errors import StoreLocked
from storage.locking import run_lock
from tests.crawler.crawling import command, environment, run
from tests.crawler.newsroom import Newsroom, crawl_arguments, rows

SIZE = 40


def start(site, store, *more):
    return subprocess.Popen(
        command(*crawl_arguments(site, store), *more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    store = tmp_path_factory.mktemp("crowded") / "store.db"
    with Newsroom(SIZE) as one, Newsroom(SIZE) as other:
        first = start(one, store)
        while not one.asked and first.poll() is None:  # it has the store once it asks for something
            time.sleep(0.01)
        second, read = start(other, store, "--wait", "100"), []
        while first.poll() is None or second.poll() is None:
            read.append(run("stats", "--store", str(store), "--json"))
        yield store, [(p.returncode, p.communicate()[1]) for p in (first, second)], read


def test_both_crawls_end_well_and_all_is_stored(crowded):
    store, ended, _ = crowded
    assert [code for code, _ in ended] == [0, 0], ended
    assert rows(store, "select count(*) from articles") == [(2 * SIZE,)]


def test_nobody_meets_a_locked_database(crowded):
    _, ended, read = crowded
    said = [err for _, err in ended] + [one.err for one in read]
    assert not [text for text in said if "locked" in text.lower()]
    assert {one.code for one in read} == {0}


def test_patience_ends_and_the_message_says_what_to_do(tmp_path):
    store = tmp_path / "store.db"
    with Newsroom(1) as site, run_lock(store):
        refused = run(*crawl_arguments(site, store), "--wait", "0.3")
        assert site.asked == []
    assert refused.code == 6
    assert "waiting up to 0.3 s" in refused.err
    assert "--wait SECONDS" in refused.err


def test_a_turn_that_is_not_waited_for_is_refused_at_once(tmp_path):
    from crawler.turns import crawl_turn

    with open_store(tmp_path / "store.db") as store, crawl_turn(store, ["a"]):
        began = time.monotonic()
        with pytest.raises(StoreLocked), crawl_turn(store, ["b"]):
            raise AssertionError("two runs at once")
        assert time.monotonic() - began < 0.2
