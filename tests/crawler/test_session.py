"""A crawl's session: figures by source and outcome, and what happens when the store gives up."""

import asyncio
import signal
from concurrent.futures import Future
from contextlib import ExitStack
from functools import partial
from types import SimpleNamespace

import pytest

from cleaners.model import Page, Reason
from crawler.crawl import _Stopper
from crawler.ingest import Ingested
from crawler.items import Failed
from crawler.net.reasons import FetchReason
from crawler.session import CrawlSession, _ask_again
from crawler.site_memory import SiteMemory
from crawler.sources import Source
from crawler.tally import Tally
from crawler.workers import WorkersError
from storage import StoreError, open_store
from storage.errors import StoreFull
from storage.listing import list_runs
from storage.source_runs import source_runs

SOURCE = Source(name="daily")
PAGE = Page("https://example.org/1", b"12345")


class FakeStore:
    def __init__(self):
        self.finished = []

    def finish_run(self, run_id, status, counts):
        self.finished.append((run_id, status, dict(counts)))


class FakeIngest:
    def __init__(self, error=None):
        self.error, self.failures, self.futures = error, [], []
        self.memory = SiteMemory(None)

    def idle(self):
        if self.error:
            raise RuntimeError("the ingest is closed")

    def add(self, page, source, rules, visit):
        if self.error:
            raise RuntimeError("the ingest is closed")
        self.futures.append(Future())
        return self.futures[-1]

    def fail(self, *failure):
        if self.error:
            raise RuntimeError("the ingest is closed")
        self.failures.append(failure)

    def close(self):
        if self.error:
            raise self.error


def session(ingest):
    return CrawlSession(FakeStore(), 7, ingest, ExitStack())


def failed(kind, reason):
    return Failed("https://example.org/x", kind, reason, "why")


def test_outcomes_are_counted_by_kind_and_reason(tmp_path):
    ingest = FakeIngest()
    store = open_store(tmp_path / "s.db")
    crawl = CrawlSession(store, store.start_run("crawl", ["daily"], {}), ingest, ExitStack())
    for _ in range(3):
        crawl.add(PAGE, SOURCE)
    outcomes = [("new", None), ("unchanged", None), ("rejected", Reason.LISTING)]
    for future, (kind, reason) in zip(ingest.futures, outcomes, strict=True):
        future.set_result(Ingested(1, kind, 1, reason))
    crawl.close("finished")
    (run,), (figures,) = list_runs(store), source_runs(store, "daily")
    store.close()
    assert run.status == crawl.status == "finished"
    assert (figures.new, figures.unchanged, figures.rejected, figures.fetched) == (1, 1, 1, 3)
    assert figures.reasons == {"rejected.listing": 1}
    assert run.counts == {
        "new": 1, "changed": 0, "unchanged": 1, "rejected": 1, "failed": 0, "skipped": 0,
        "bytes": 15, "rejected.listing": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("item", "figure", "recorded"),
    [
        (failed("article", FetchReason.TIMEOUT), "failed.timeout", True),
        (failed("article", FetchReason.ROBOTS), "skipped.robots", False),
        (failed("article", FetchReason.OFFSITE), "skipped.offsite", False),
        (failed("feed", FetchReason.ROBOTS), "failed.robots", False),
        (failed("feed", FetchReason.NO_FEED), "failed.no_feed", True),
    ],
)
def test_what_was_not_fetched_is_counted_and_real_failures_recorded(item, figure, recorded):
    ingest = FakeIngest()
    crawl = session(ingest)
    crawl.fail(item, SOURCE)
    tally = crawl.tally("daily")
    assert tally.counts()[figure] == 1
    assert bool(ingest.failures) is recorded
    assert bool(tally.entry_failures) is (item.kind == "feed")


def test_a_store_that_gives_up_breaks_the_session_and_close_says_why():
    crawl = session(FakeIngest(StoreFull("no room")))
    told = []
    crawl.on_broken = lambda: told.append(True)
    assert crawl.add(PAGE, SOURCE).exception() is not None
    crawl.fail(failed("article", FetchReason.TIMEOUT), SOURCE)
    assert crawl.broken
    assert told == [True]
    with pytest.raises(StoreError, match="no room"):
        crawl.close("finished")
    assert [status for _, status, _ in crawl.store.finished] == ["failed"]


@pytest.mark.parametrize(
    ("error", "status"), [(KeyboardInterrupt(), "stopped"), (WorkersError("no worker comes up"), "failed")]
)
def test_no_run_is_left_running_by_what_ends_it_early(error, status):
    crawl = session(FakeIngest(error))
    with pytest.raises(type(error)):
        crawl.close("finished")
    assert [ended for _, ended, _ in crawl.store.finished] == [status]


def test_signals_go_back_to_python_once_the_reactor_is_done():
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        stopper = _Stopper(None)
        stopper.install()
        assert signal.getsignal(signal.SIGINT) is not signal.default_int_handler
        stopper.uninstall()
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        for number, handler in zip((signal.SIGINT, signal.SIGTERM), before, strict=True):
            signal.signal(number, handler)
        asyncio.set_event_loop(None)
        loop.close()


@pytest.mark.parametrize(("reason", "again"), [(Reason.SCRIPT_SHELL, [5]), (Reason.LISTING, []), (None, [])])
def test_a_page_of_a_killed_run_that_a_feed_may_stand_in_for_is_asked_for_again(reason, again):
    back = []
    frontier = SimpleNamespace(put_back=back.append)
    future = Future()
    future.add_done_callback(partial(_ask_again, frontier, 5))
    future.set_result(Ingested(1, "rejected" if reason else "new", None, reason))
    assert back == again


def test_a_new_tally_has_all_figures():
    assert set(Tally().counts()) == {"new", "changed", "unchanged", "rejected", "failed", "skipped", "bytes"}
