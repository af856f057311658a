"""Ingest with a real store: every page is stored, and its future tells what became of it."""

import sqlite3
import threading

import pytest

from cleaners.model import Page, Reason
from crawler.ingest import Ingest, ReleasedError
from crawler.limits import Limits
from storage import open_store
from storage.errors import StoreFull

TARGET = "tests.crawler.faulty:clean"


@pytest.fixture
def store(tmp_path):
    with open_store(f"sqlite:///{tmp_path}/a.db") as opened:
        yield opened


def page(number, body=b"a good page"):
    return Page(f"https://a.example/{number}", body, origin=f"https://a.example/{number}")


def ingest_all(store, pages, workers=0, limits=None):
    run_id = store.start_run("test", ["a"], {})
    with Ingest(store, run_id, workers=workers, limits=limits or Limits(), target=TARGET) as ingest:
        futures = [ingest.add(p, "a") for p in pages]
    return [future.result(timeout=0) for future in futures]


def rows(store, query):
    with sqlite3.connect(store.path) as connection:
        found = connection.execute(query).fetchall()
    connection.close()
    return found


@pytest.mark.parametrize("workers", [0, 2])
def test_articles_rejections_and_faults_come_back_committed(store, workers):
    results = ingest_all(store, [page(1), page(2, b"short"), page(3, b"raise")], workers)
    assert [r.kind for r in results] == ["new", "rejected", "rejected"]
    assert [r.reason for r in results] == [None, Reason.TOO_SHORT, Reason.FAULT]
    assert results[0].title == "标题"
    assert results[0].article_id is not None
    outcomes = rows(store, "select origin, outcome from pages order by id")
    assert [origin[-1] for origin, _ in outcomes] == ["1", "2", "3"]
    assert {r.page_id for r in results} == {i for (i,) in rows(store, "select id from pages")}


def test_the_same_page_again_adds_nothing(store):
    ingest_all(store, [page(1), page(2)])
    assert [r.kind for r in ingest_all(store, [page(1), page(2)])] == ["unchanged", "unchanged"]
    assert rows(store, "select count(*) from articles") == [(2,)]
    assert rows(store, "select count(*) from pages") == [(2,)]


def test_a_page_over_the_limit_is_kept_cut_and_rejected_again_the_same_way(store):
    limits = Limits(body_bytes=100)
    for _ in range(2):
        results = ingest_all(store, [page(1, b"x" * 5000), page(2, b"y" * 100)], limits=limits)
        assert results[0].reason is Reason.TOO_LARGE
        assert results[1].reason is None
    assert rows(store, "select outcome from pages order by id")[0] != rows(store, "select 'article'")[0]
    assert rows(store, "select count(*) from pages") == [(2,)]


def test_the_raw_page_is_there_before_it_is_cleaned(store):
    """A worker that kills itself takes nothing with it: the page is in the store."""
    (result,) = ingest_all(store, [page(1, b"kill")], workers=1)
    assert result.reason is Reason.FAULT
    assert rows(store, "select id from pages") == [(result.page_id,)]


def test_one_page_that_the_store_refuses_does_not_take_its_batch_with_it(store, monkeypatch):
    true_add = store.add_outcomes

    def refuse(items, run_id, visits=()):
        if any(getattr(outcome, "url", "").endswith("/3") for _, outcome in items):
            raise ValueError("a value that no column takes")
        return true_add(items, run_id)

    monkeypatch.setattr(store, "add_outcomes", refuse)
    results = ingest_all(store, [page(i) for i in range(6)])
    assert [r.kind for r in results] == ["new"] * 3 + ["rejected"] + ["new"] * 2
    assert results[3].reason is Reason.FAULT
    assert rows(store, "select origin from failures") == [("https://a.example/3",)]


def test_an_error_of_the_store_ends_the_ingest_and_reaches_everybody(store, monkeypatch):
    def full(items, run_id, visits=()):
        raise StoreFull("the disk is full")

    monkeypatch.setattr(store, "add_outcomes", full)
    ingest = Ingest(store, store.start_run("test", ["a"], {}), workers=0, target=TARGET)
    future = ingest.add(page(1), "a")
    assert isinstance(future.exception(timeout=30), StoreFull)
    with pytest.raises(StoreFull):
        ingest.room()
    with pytest.raises(StoreFull):
        ingest.close()
    with pytest.raises(RuntimeError):
        ingest.add(page(2), "a")


def test_cancelling_releases_waiting_pages_and_a_later_run_cleans_them(store):
    run_id = store.start_run("test", ["a"], {})
    ingest = Ingest(store, run_id, workers=1, limits=Limits(seconds=0.5), target=TARGET)
    futures = [ingest.add(page(i, b"hang" if i == 0 else b"a good page"), "a") for i in range(4)]
    while not rows(store, "select count(*) from pages")[0][0]:
        pass
    ingest.close(cancel=True)
    ends = [f.exception(timeout=0) for f in futures]
    assert any(isinstance(e, ReleasedError) for e in ends)
    results = ingest_all(store, [page(i) for i in range(1, 4)])
    assert {r.kind for r in results} <= {"new", "unchanged"}
    assert rows(store, "select count(*) from articles") == [(3,)]


def test_an_exception_in_the_block_cancels_and_is_not_swallowed(store):
    run_id = store.start_run("test", ["a"], {})
    futures = []

    def fail_inside():
        with Ingest(store, run_id, workers=0, target=TARGET) as ingest:
            futures.append(ingest.add(page(1), "a"))
            raise KeyError

    with pytest.raises(KeyError):
        fail_inside()
    assert futures[0].done()


def test_an_interrupt_in_the_block_does_not_wait_for_a_page_that_hangs(store):
    run_id = store.start_run("test", ["a"], {})
    stuck = []

    def interrupted():
        with Ingest(store, run_id, workers=1, target=TARGET) as ingest:
            ingest.add(page(1), "a").result(timeout=60)
            stuck.append(ingest.add(page(2, b"hang"), "a"))
            while not _running(ingest):
                ingest.idle(0.02)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with pytest.raises(ReleasedError):
        stuck[0].result(timeout=0)
    assert rows(store, "select outcome from pages order by id") == [("article",), ("pending",)]


def _running(ingest):
    """Whether a worker has a page in hand."""
    return any(worker.job is not None for worker in ingest._pool._workers)


def test_what_a_crash_would_lose_is_counted_until_it_is_stored(store, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()
    add_pages = store.add_pages

    def slow(*args):
        begun.set()
        go_on.wait(30)
        return add_pages(*args)

    monkeypatch.setattr(store, "add_pages", slow)
    run_id = store.start_run("test", ["a"], {})
    with Ingest(store, run_id, workers=0, target=TARGET) as ingest:
        future = ingest.add(page(1), "a")
        assert begun.wait(30)
        assert ingest.unstored == 1
        go_on.set()
        future.result(30)
        assert ingest.unstored == 0


def test_room_bounds_what_waits(store):
    run_id = store.start_run("test", ["a"], {})
    limits = Limits(pending_pages=2, seconds=0.5)
    with Ingest(store, run_id, workers=1, limits=limits, target=TARGET) as ingest:
        ingest.add(page(1, b"hang"), "a")
        assert ingest.room(timeout=0)
        ingest.add(page(2), "a")
        assert not ingest.room(timeout=0)
        assert ingest.idle(timeout=30)
        assert ingest.room(timeout=0)


def test_failures_are_recorded_even_with_names_that_are_no_text(store):
    run_id = store.start_run("test", ["a"], {})
    with Ingest(store, run_id, workers=0, target=TARGET) as ingest:
        ingest.fail("a", "/tmp/\udce9.html", "unreadable", "no permission")
        odd = ingest.add(Page("file:///tmp/x.html", b"a good page", origin="/tmp/\udce9.html"), "a")
    assert odd.result().kind == "new"
    assert rows(store, "select reason from failures") == [("unreadable",)]
