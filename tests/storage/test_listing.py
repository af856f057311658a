"""Lists, and finding one article by what a person types."""

from __future__ import annotations

from datetime import datetime

import pytest

from cleaners.model import Reason, Rejected
from storage import Failure, Store
from storage.filters import Where
from storage.listing import find_articles, find_pages, list_articles, list_pages
from storage.stats import stats
from tests.storage.build import CHINA, article, noted_article, page, put

Opened = tuple[Store, int]


def test_the_newest_come_first_and_those_without_date_last(opened: Opened) -> None:
    store, run = opened
    for origin, day in (("o:1", 2), ("o:2", None), ("o:3", 9), ("o:4", 5)):
        moment = None if day is None else datetime(2025, 1, day, tzinfo=CHINA)
        put(store, run, article(published_at=moment), origin)
    assert [row.origin for row in list_articles(store, Where())] == ["o:3", "o:4", "o:1", "o:2"]
    assert [row.origin for row in list_articles(store, Where(), 2)] == ["o:3", "o:4"]
    assert [row.origin for row in list_articles(store, Where(since="2025-01-05"))] == ["o:3", "o:4"]


def test_moments_sort_across_offsets(opened: Opened) -> None:
    store, run = opened
    put(store, run, article(published_at=datetime(2025, 1, 1, 7, tzinfo=CHINA)), "o:east")
    put(store, run, article(published_at=datetime.fromisoformat("2025-01-01T00:00:00+00:00")), "o:utc")
    assert [row.origin for row in list_articles(store, Where())] == ["o:utc", "o:east"]


def test_pages_without_an_article_are_listed_with_their_reason(opened: Opened) -> None:
    store, run = opened
    put(store, run, article(), "o:good")
    put(store, run, Rejected("u", Reason.TOO_SHORT, "short", "c"), "o:short")
    put(store, run, Rejected("u", Reason.LISTING, "links", "c"), "o:list")
    store.add_pages([(page("o:new"), "other")], run)
    assert [(r.origin, r.outcome) for r in list_pages(store)] == [
        ("o:list", "listing"),
        ("o:short", "too_short"),
    ]
    assert [r.origin for r in list_pages(store, outcome="too_short")] == ["o:short"]
    assert [r.origin for r in list_pages(store, outcome="pending")] == ["o:new"]
    assert [r.origin for r in list_pages(store, outcome="all")] == ["o:new", "o:list", "o:short"]
    assert [r.origin for r in list_pages(store, outcome="all", source="other")] == ["o:new"]
    assert [r.origin for r in list_pages(store, limit=1)] == ["o:list"]


@pytest.fixture
def named(opened: Opened) -> Store:
    store, run = opened
    put(store, run, article(canonical_url="https://example.org/canon"), "/data/a/001.html")
    put(store, run, article(), "/data/b/001.html")
    put(store, run, article(), "/data/b/1%_.html")
    put(store, run, Rejected("u", Reason.EMPTY, "empty", "c"), "/data/empty.html")
    return store


REFERENCES = [
    ("1", [1]),
    ("99", []),
    ("/data/b/001.html", [2]),
    ("https://example.org/canon", [1]),
    ("001.html", [1, 2]),
    ("a/001.html", [1]),
    ("1%_.html", [3]),
    ("%", []),
    ("01.html", []),
    ("9" * 40, []),
    ("²", []),
]


@pytest.mark.parametrize(("reference", "expected"), REFERENCES)
def test_an_article_is_found_by_what_names_it(named: Store, reference: str, expected: list[int]) -> None:
    assert find_articles(named, reference) == expected


def test_a_page_is_found_by_number_or_origin(named: Store) -> None:
    assert (
        find_pages(named, "p4")
        == find_pages(named, "empty.html")
        == find_pages(named, "/data/empty.html")
        == [4]
    )
    assert find_pages(named, "p") == find_pages(named, "p99") == find_pages(named, "4") == []


def test_statistics_count_everything(opened: Opened) -> None:
    store, run = opened
    put(store, run, noted_article(), "o:1", b"12345")
    put(store, run, noted_article(), "o:2", b"12345")
    put(store, run, Rejected("u", Reason.EMPTY, "empty", "c"), "o:3", b"")
    store.add_failures([Failure("site", "o:4", "timeout", "late")], run)
    found = stats(store)
    assert found.outcomes == (("files", "article", 2), ("files", "rejected", 1), ("site", "failed", 1))
    assert found.reasons == (("empty", 1),)
    assert found.removing_rules == (("credit.photo@2", 2, 2, 12), ("extract.outside@1", 2, 2, 10))
    assert {name: count for name, count, _ in found.changing_rules} == {
        "annotations.pinyin@1": 2,
        "markup.slip@1": 2,
        "punctuation.widen@1": 2,
        "script.simplified@1": 2,
    }
    assert found.totals == {
        "articles": 2,
        "pages": 3,
        "bodies": 2,
        "rejections": 1,
        "runs": 1,
        "revisions": 0,
        "removed_blocks": 4,
        "edits": 8,
    }
    assert found.sizes["raw_bytes"] == 5
    assert found.sizes["article_chars"] == 22
    assert found.sizes["store_bytes"] > 0
