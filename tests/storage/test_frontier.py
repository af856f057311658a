"""The frontier: what is leased in which order, what makes a URL due again, what outlives a dead run."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import Store
from storage.errors import StoreLocked
from storage.frontier import ARTICLES_FROM, Frontier
from storage.locking import run_lock
from storage.records import Failure
from storage.source_runs import SourceRun, add_source_runs
from storage.visits import Found, Lease, Settled, Visit
from tests.storage.build import noted_article, put

Opened = tuple[Store, int]
FUTURE = datetime(2999, 1, 1, tzinfo=UTC)
PLACES = {"home": 0, "feed": 1, "sitemap": 2, "listing": 3, "article": ARTICLES_FROM}


def found(url: str, kind: str = "article", **extra: object) -> Found:
    return Found(url, kind, PLACES[kind], url.split("/")[2], **extra)  # type: ignore[arg-type]


def frontier(opened: Opened, run: int | None = None) -> Frontier:
    store, first = opened
    return Frontier(store, "daily", run or first)


def next_run(opened: Opened) -> Frontier:
    store, _ = opened
    later = Frontier(store, "daily", store.start_run("crawl", ["daily"], {}))
    later.start()
    return later


def settle(opened: Opened, leases: list[Lease], state: str = "stored", **visit: str) -> None:
    store, run = opened
    store.settle([Settled(Visit(lease.id, **visit), state) for lease in leases], run)


def column(store: Store, name: str) -> list[object]:
    with store.reading() as connection:
        return list(connection.exec_driver_sql(f"SELECT {name} FROM frontier ORDER BY id").scalars())


def urls(leases: list[Lease]) -> list[str]:
    return [lease.url for lease in leases]


def test_lists_come_first_then_articles_in_order_the_hosts_in_turn(opened: Opened) -> None:
    one = frontier(opened)
    one.discover([found(f"http://a/{n}") for n in range(5)])
    one.discover([found("http://b/1"), found("http://a/feed", "feed")])
    assert urls(one.lease(4)) == ["http://a/feed", "http://a/0", "http://b/1"]
    assert urls(one.lease(9)) == [f"http://a/{n}" for n in range(1, 5)]
    assert one.lease(9) == []


def test_hosts_of_which_there_is_enough_are_skipped(opened: Opened) -> None:
    one = frontier(opened)
    one.discover([found("http://a/1"), found("http://b/1")])
    assert urls(one.lease(9, None, {"a"})) == ["http://b/1"]
    assert one.lease(9, None, {"a"}) == []
    assert urls(one.lease(9)) == ["http://a/1"]


def test_a_limit_on_articles_lets_lists_through(opened: Opened) -> None:
    one = frontier(opened)
    one.discover([found("http://a/1"), found("http://a/2"), found("http://a/feed", "feed")])
    assert urls(one.lease(9, 1)) == ["http://a/feed", "http://a/1"]
    assert one.lease(9, 0) == []
    assert urls(one.lease(9)) == ["http://a/2"]


def test_a_url_is_known_once_in_each_role(opened: Opened) -> None:
    one = frontier(opened)
    one.discover([found("http://a/"), found("http://a/"), found("http://a/", "home")], "http://r/")
    assert one.discover([found("http://a/")], "http://other/").new == 0
    assert column(opened[0], "referrer") == ["http://r/"] * 2


def test_what_a_dead_run_had_under_way_is_leased_again(opened: Opened) -> None:
    one = frontier(opened)
    one.discover([found("http://a/1"), found("http://a/2"), found("http://a/3")])
    settle(opened, one.lease(1))
    one.lease(1)
    assert urls(next_run(opened).lease(9)) == ["http://a/3", "http://a/2"]


def test_what_is_put_back_or_postponed_is_kept(opened: Opened) -> None:
    one = frontier(opened)
    one.discover([found("http://a/1"), found("http://a/2"), found("http://b/1")])
    leases = one.lease(9)
    one.release(leases)
    assert one.waiting() == 3
    again = one.lease(1)
    one.postpone(again, {"a"}, FUTURE)
    assert urls(next_run(opened).lease(9)) == ["http://b/1"]
    assert column(opened[0], "state") == ["new", "new", "leased"]


EDITED, OLDER = datetime(2026, 3, 6, tzinfo=UTC), datetime(2026, 3, 4, tzinfo=UTC)
FIRST = datetime(2026, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "again", "due"),
    [
        ({"stated": FIRST}, {"stated": FIRST}, 0),
        ({"stated": FIRST}, {"stated": OLDER}, 0),
        ({"stated": FIRST}, {"stated": EDITED}, 1),
        ({}, {"stated": EDITED}, 0),  # older than our visit
        ({}, {"stated": FUTURE}, 1),
        ({}, {}, 0),
        ({}, {"again": True}, 1),
        ({}, {"recheck": True}, 0),  # nothing to ask with
    ],
)
def test_what_makes_a_known_article_due(
    opened: Opened, before: dict[str, object], again: dict[str, object], due: int
) -> None:
    one = frontier(opened)
    one.discover([found("http://a/1", **before)])
    settle(opened, one.lease(1))
    later = next_run(opened)
    assert later.discover([found("http://a/1", **again)]).due == due
    assert len(later.lease(9)) == due


def test_an_article_with_validators_is_checked_and_carries_them(opened: Opened) -> None:
    one = frontier(opened)
    one.discover([found("http://a/1")])
    settle(opened, one.lease(1), etag='"x"', last_modified="Thu, 05 Mar 2026 10:00:00 GMT")
    later = next_run(opened)
    assert later.discover([found("http://a/1", recheck=True)]).due == 1
    (lease,) = later.lease(1)
    assert (lease.etag, lease.last_modified) == ('"x"', "Thu, 05 Mar 2026 10:00:00 GMT")


def test_feeds_and_top_sitemaps_are_read_by_every_run_but_timed_ones_only_when_newer(opened: Opened) -> None:
    one = frontier(opened)
    maps = [
        found("http://a/top.xml", "sitemap"),
        found("http://a/old.xml", "sitemap", depth=1, stated=FIRST),
        found("http://a/untimed.xml", "sitemap", depth=1),
    ]
    one.discover([found("http://a/feed", "feed"), *maps])
    settle(opened, one.lease(9))
    later = next_run(opened)
    assert urls(later.lease(9)) == ["http://a/feed", "http://a/top.xml", "http://a/untimed.xml"]


def test_a_feed_counts_once_it_was_read_and_while_it_can_be(opened: Opened) -> None:
    one = frontier(opened)
    one.discover([found("http://a/feed", "feed"), found("http://a/1")])
    assert not one.has_lists()
    settle(opened, one.lease(1), digest="d")
    later = next_run(opened)
    leases = later.lease(1)
    assert later.has_lists(), "though it is being read"
    settle(opened, leases, "failed")
    assert not later.has_lists()


def test_a_list_that_names_the_same_is_unchanged(opened: Opened) -> None:
    one = frontier(opened)
    one.discover([found("http://a/feed", "feed")])
    settle(opened, one.lease(1), digest="d")
    settle(opened, next_run(opened).lease(1), digest="d")
    assert column(opened[0], "state") == ["unchanged"]
    settle(opened, next_run(opened).lease(1), digest="e")
    assert column(opened[0], "state") == ["stored"]


def test_an_outcome_and_its_visit_are_one_transaction(opened: Opened) -> None:
    store, run = opened
    one = frontier(opened)
    article = noted_article()
    one.discover([found(article.url)])
    (lease,) = one.lease(1)
    put(store, run, article, article.url)
    assert column(store, "state") == ["leased"]
    with pytest.raises(KeyError):
        store.add_outcomes([(1, article), (99, article)], run, [Visit(lease.id), None])
    assert column(store, "state") == ["leased"]
    store.add_outcomes([(1, article)], run, [Visit(lease.id)])
    assert column(store, "state") == ["unchanged"]


def test_failures_are_tried_by_the_next_runs_then_later(opened: Opened) -> None:
    store, run = opened
    frontier(opened).discover([found("http://a/1")])
    for _ in range(4):
        (lease,) = next_run(opened).lease(1)
        failure = Failure("daily", "http://a/1", "timeout", "no answer")
        store.settle([Settled(Visit(lease.id), "failed", "timeout", failure)], run)
    assert next_run(opened).lease(1) == []
    assert column(store, "tries") == [4]


def test_the_target_of_a_redirect_is_claimed_once(opened: Opened) -> None:
    one = frontier(opened)
    one.discover([found("http://a/1")])
    assert not one.claim(found("http://a/1"), "http://a/old")
    assert one.claim(found("http://a/2"), "http://a/old")
    assert not one.claim(found("http://a/2"), "http://a/older")
    assert column(opened[0], "reason") == [None, "duplicate"]


def test_hosts_and_sources_do_not_mix(opened: Opened) -> None:
    one = frontier(opened)
    one.discover([found("http://a/1")])
    other = Frontier(opened[0], "weekly", opened[1])
    assert other.lease(9) == []
    assert other.discover([found("http://a/1")]).new == 1


def test_known_articles_are_those_of_earlier_runs(opened: Opened) -> None:
    frontier(opened).discover([found("http://a/1")])
    later = next_run(opened)
    later.discover([found("http://a/2")])
    assert later.known_articles(["http://a/1", "http://a/2", "http://a/3"]) == {"http://a/1"}


def test_a_list_read_for_the_first_time_knows_what_complete_runs_have_found(opened: Opened) -> None:
    store, run_id = opened
    pages = ["http://a/1", "http://a/2"]
    frontier(opened).discover([found(pages[0])])
    assert next_run(opened).known_articles(pages, first=True) == set()
    add_source_runs(store, run_id, [SourceRun("daily", complete=True)])
    killed = next_run(opened)
    killed.discover([found(pages[1])])
    later = next_run(opened)
    assert later.known_articles(pages, first=True) == {pages[0]}
    assert later.known_articles(pages) == set(pages)


def test_what_came_of_an_article_may_be_asked_again(opened: Opened) -> None:
    one = frontier(opened)
    one.discover([found("http://a/1")])
    leases = one.lease(9)
    settle(opened, leases, "rejected")
    assert one.lease(9) == []
    one.put_back(leases[0].id)
    assert urls(one.lease(9)) == ["http://a/1"]


def test_one_run_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with run_lock(path), pytest.raises(StoreLocked, match="another run"), run_lock(path):
        pytest.fail("held twice")
    with run_lock(path):
        assert path.with_name("store.db.lock").exists()


def test_what_gave_way_to_an_article_can_be_had_when_the_article_can_not(opened: Opened) -> None:
    ours, page = frontier(opened), "https://a.example/1"
    ours.discover([found(page), found("https://a.example/amp/1")])
    amp = next(lease for lease in ours.lease(2) if "amp" in lease.url)
    assert not ours.claim(found(page), amp.url), "it is known, and stands for itself"
    assert ours.twin(page) is None, "the view may still be under way"
    store, run = opened
    store.settle([Settled(Visit(amp.id), "skipped", "duplicate")], run)
    taken = ours.twin(page)
    assert taken is not None
    assert (taken.id, taken.url) == (amp.id, amp.url)
    assert ours.twin(page) is None, "once"


def test_what_is_a_list_is_known_by_its_address(opened: Opened) -> None:
    ours = frontier(opened)
    ours.discover([found("https://a.example/", "home"), found("https://a.example/1")])
    assert ours.is_list("https://a.example/")
    assert not ours.is_list("https://a.example/1")
