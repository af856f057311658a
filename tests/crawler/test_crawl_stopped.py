"""SIGTERM in the middle of a crawl, while another program reads the store."""

import signal
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest

from storage import open_store
from storage.errors import StoreError
from storage.filters import Where
from storage.listing import list_articles
from tests.crawler.crawling import LOOPBACK, command, environment, run
from tests.crawler.newsroom import Newsroom, crawl_arguments, rows

SIZE = 80
MOMENTS = (12, 45)
SECONDS_TO_STOP = 10


class Reader(threading.Thread):
    """Reads articles again and again, as other programs do."""

    def __init__(self, store):
        super().__init__(daemon=True)
        self.store, self.done, self.reads, self.errors = store, threading.Event(), 0, []

    def run(self):
        while not self.done.wait(0.02):
            if self.store.exists():
                try:
                    with open_store(self.store, read_only=True) as opened:
                        self.reads += len(list(list_articles(opened, Where(), None))) >= 0
                except StoreError as error:
                    self.errors.append(str(error))


def _stop_after(site, arguments, seen):
    until = len(site.asked) + seen
    process = subprocess.Popen(
        arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment()
    )
    while len(site.asked) < until and process.poll() is None:
        time.sleep(0.005)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    return process.returncode, time.monotonic() - began, err


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    store = tmp_path_factory.mktemp("stopped") / "store.db"
    with Newsroom(SIZE) as site:
        ends = [_stop_after(site, command(*crawl_arguments(site, store)), MOMENTS[0])]
        reader = Reader(store)
        reader.start()
        ends.append(_stop_after(site, command(*crawl_arguments(site, store)), MOMENTS[1]))
        last = run(*crawl_arguments(site, store))
        reader.done.set()
        reader.join()
        yield site, store, ends, last, reader


def test_a_signal_is_obeyed_within_seconds(stopped):
    *_, ends, _, _ = stopped
    assert [code for code, _, _ in ends] == [143, 143], [err for *_, err in ends]
    assert max(seconds for _, seconds, _ in ends) < SECONDS_TO_STOP


def test_nothing_is_lost_and_nothing_fetched_twice(stopped):
    site, store, _, last, _ = stopped
    assert last.code == 0, last.err
    stored = [origin for (origin,) in rows(store, "select origin from articles")]
    assert len(stored) == len(set(stored)) == SIZE
    assert set(Counter(site.asked_articles()).values()) == {1}


def test_readers_are_never_locked_out(stopped):
    *_, reader = stopped
    assert reader.errors == []
    assert reader.reads > 0


def test_scrapy_crawl_tells_that_it_was_stopped(tmp_path):
    store = tmp_path / "store.db"
    with Newsroom(SIZE) as site:
        (tmp_path / "daily.toml").write_text(f'home = "{site.url}"\n[pace]\ndelay = 0\n', encoding="utf-8")
        arguments = [sys.executable, "-m", "scrapy", "crawl", "daily", "-s", f"TAOSHA_STORE={store}"]
        arguments += ["-s", f"TAOSHA_SOURCES={tmp_path}", "-s", f"TAOSHA_ALLOW_NETWORKS={LOOPBACK}"]
        _stop_after(site, arguments, MOMENTS[0])
    assert rows(store, "select status from runs") == [("stopped",)]
