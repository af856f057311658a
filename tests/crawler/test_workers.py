"""The pool of worker processes: what one page does to its worker stays with that page."""

import pickle

import pytest

from cleaners.model import Article, Block, Note, Page, Reason, Rejected, Rules
from crawler.limits import Limits
from crawler.workers import Pool, WorkersError

TARGET = "tests.crawler.faulty:clean"
GOOD = b"a good page"


def run(bodies, size=2, limits=None):
    pool = Pool(size, limits or Limits(), TARGET)
    try:
        futures = [pool.submit(Page(f"https://a.example/{i}", body), None) for i, body in enumerate(bodies)]
        return [future.result(timeout=60) for future in futures]
    finally:
        pool.close(cancel=True)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        (b"raise", "ValueError: this page is bad"),
        (b"kill", "SIGKILL"),
        (b"crash", "SIGSEGV"),
        (b"exit", "exit code 3"),
        (b"memory", "MemoryError"),
        (b"deep", "RecursionError"),
    ],
)
def test_a_page_that_breaks_its_worker_is_a_fault_and_the_others_go_on(word, said):
    outcomes = run([GOOD, word, GOOD])
    assert [type(o) for o in outcomes] == [Article, Rejected, Article]
    assert outcomes[1].reason is Reason.FAULT
    assert said in outcomes[1].detail
    assert outcomes[1].url == "https://a.example/1"


def test_a_stuck_page_is_ended_and_the_others_go_on():
    outcomes = run([b"hang", GOOD, b"hang", GOOD], limits=Limits(seconds=0.3))
    assert [getattr(o, "reason", None) for o in outcomes] == [Reason.TIMEOUT, None, Reason.TIMEOUT, None]
    assert "0.3 seconds" in outcomes[0].detail


def test_workers_are_replaced_after_their_share_of_pages():
    pids = [o.detail for o in run([b"pid"] * 5, size=1, limits=Limits(tasks_per_worker=2))]
    assert pids[0] == pids[1] != pids[2] == pids[3] != pids[4]


def test_a_worker_that_cannot_start_fails_the_futures_instead_of_hanging(capfd):
    pool = Pool(1, Limits(), "tests.crawler.faulty:no_such_name")
    future = pool.submit(Page("https://a.example/", GOOD), None)
    with pytest.raises(WorkersError):
        future.result(timeout=60)
    pool.close()
    assert "no_such_name" in capfd.readouterr().err


def test_closing_finishes_what_waits_and_takes_no_more():
    pool = Pool(1, Limits(), TARGET)
    futures = [pool.submit(Page(f"https://a.example/{i}", GOOD), None) for i in range(5)]
    pool.close()
    assert all(isinstance(f.result(timeout=0), Article) for f in futures)
    with pytest.raises(WorkersError):
        pool.submit(Page("https://a.example/", GOOD), None)


def test_cancelling_ends_what_runs_and_releases_what_waits():
    pool = Pool(1, Limits(seconds=0.5), TARGET)
    first = pool.submit(Page("https://a.example/0", b"hang"), None)
    rest = [pool.submit(Page(f"https://a.example/{i}", GOOD), None) for i in range(1, 4)]
    while not first.running():
        pass
    pool.close(cancel=True)
    assert first.result(timeout=0).reason is Reason.TIMEOUT
    assert all(f.cancelled() for f in rest)


def test_workers_that_their_nursery_has_left_behind_are_replaced():
    pool = Pool(1, Limits(tasks_per_worker=2), TARGET)
    try:
        first = pool.submit(Page("https://a.example/0", b"pid"), None).result(timeout=60)
        assert pool._nursery is not None
        pool._nursery._process.kill()
        pool._nursery._process.wait()
        rest = [pool.submit(Page(f"https://a.example/{i}", b"pid"), None) for i in range(1, 4)]
        pids = [first.detail, *(future.result(timeout=60).detail for future in rest)]
    finally:
        pool.close(cancel=True)
    assert pids[0] == pids[1] != pids[2] == pids[3]


@pytest.mark.parametrize("order", [[None, Rules(name="a"), Rules(name="a"), None, Rules(name="b")]])
def test_each_page_is_cleaned_with_its_own_rules(order):
    pool = Pool(1, Limits(), TARGET)
    try:
        futures = [pool.submit(Page("https://a.example/", b"rules"), rules) for rules in order]
        names = [future.result(timeout=60).detail for future in futures]
    finally:
        pool.close(cancel=True)
    assert names == ["None" if rules is None else rules.name for rules in order]


def test_what_a_worker_gives_back_is_what_it_made():
    note = Note("repair/x", "x.y@1", "前", "后", 3, True, "why")
    block = Block("文前", "h2", 1, (note,), Note("judge/x", "x.z@1", "文后", ""))
    assert pickle.loads(pickle.dumps(block)) == block
    assert pickle.loads(pickle.dumps(note)) == note
