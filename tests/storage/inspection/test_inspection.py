"""The inspector's questions to the store: counts, blocks, samples, failures, pages of an origin."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cleaners.model import Reason, Rejected
from storage import Failure, Store
from storage.filters import Where
from storage.inspection.explained import explain
from storage.inspection.failures import failures
from storage.inspection.fetches import fetches
from storage.inspection.files import readable_beside_writers
from storage.inspection.overview import daily, days_ago, languages, source_health, totals
from storage.inspection.rules import rule_use, samples
from storage.listing import list_articles
from tests.storage.build import CHINA, article, noted_article, put

Opened = tuple[Store, int]
DAY = datetime(2025, 1, 19, 23, 30, tzinfo=CHINA)


def test_an_empty_store_has_nothing_to_show(opened: Opened) -> None:
    store, _ = opened
    assert totals(store).articles == 0
    assert daily(store, 30, date(2025, 1, 31)).counts == ()
    assert daily(store, 30, date(2025, 1, 31)).first == date(2025, 1, 2)
    assert source_health(store) == rule_use(store) == languages(store) == []
    assert explain(store, 1).blocks == ()
    assert samples(store, "x.y") == ([], [])
    assert failures(store).lines == ()


def test_totals_and_days(opened: Opened) -> None:
    store, run = opened
    put(store, run, article("甲。", published_at=DAY, language="zh"), "a")
    put(store, run, article("乙。", published_at=DAY, language="zh"), "b", b"2")
    put(store, run, article("丙。", published_at=DAY.replace(year=2024), language="en"), "c", b"3")
    put(store, run, article("丁。", published_at=DAY.replace(year=2099)), "d", b"4")
    put(store, run, article("戊。"), "e", b"5")
    put(store, run, Rejected("u", Reason.EMPTY, "nothing", "c"), "f", b"6")
    store.add_failures([Failure("files", "g", "timeout", "slow"), Failure("files", "a", "timeout", "x")], run)
    found = totals(store)
    assert (found.articles, found.undated, found.rejected, found.pending, found.failing) == (5, 1, 1, 0, 2)
    assert found.reasons == (("empty", 1),)
    shown = daily(store, 30, date(2025, 6, 1))
    assert (shown.first, shown.last) == (date(2024, 12, 21), date(2025, 1, 19))
    assert shown.counts == (("2025-01-19", "files", 2),)
    assert len(daily(store, 400, date(2025, 6, 1)).counts) == 2
    assert languages(store) == ["zh", "en"]


def test_source_health(opened: Opened) -> None:
    store, run = opened
    put(store, run, article("甲。", published_at=DAY), "a")
    put(store, run, Rejected("u", Reason.EMPTY, "nothing", "c"), "b", b"2")
    put(store, run, Rejected("u", Reason.EMPTY, "nothing", "c"), "c", b"3")
    store.add_pages([], run)
    store.finish_run(run, "partial", {})
    (health,) = source_health(store)
    assert (health.source, health.articles, health.rejected, health.pending, health.failing) == (
        "files",
        1,
        2,
        0,
        0,
    )
    assert health.article_share == pytest.approx(1 / 3, abs=0.001)
    assert health.newest_published == "2025-01-19T15:30:00Z"
    assert (health.last_run_id, health.last_run_status) == (run, "partial")


def test_every_block_is_explained(opened: Opened) -> None:
    store, run = opened
    saved = put(store, run, noted_article(), "a")
    assert saved.article_id is not None
    found = explain(store, saved.article_id)
    assert [(b.position, b.rule, b.removed) for b in found.blocks if b.rule] == [
        (0, "extract.outside@1", "首頁 新聞"),
        (2, "credit.photo@2", "图/视觉中国"),
    ]
    first, second = (b for b in found.blocks if b.rule is None)
    assert first.changed
    assert not second.changed
    assert "".join(p.before for p in first.pieces) == "互聯(lián)網,很好"
    assert "".join(p.after for p in first.pieces) == "互联网，很好"
    assert [p.before for p in first.pieces if p.edits] == ["聯(lián)網", ","]
    assert [(e.rule, e.before) for e in found.markup] == [("markup.slip@1", "?/p>")]


def test_changes_that_do_not_fit_are_listed_and_nothing_is_invented(opened: Opened) -> None:
    store, run = opened
    put(store, run, noted_article(), "a")
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE edits SET changes = replace(changes, '，', '！')")
    block = explain(store, 1).blocks[1]
    assert not block.placed
    assert [(p.before, p.after) for p in block.pieces] == [("互联网，很好", "互联网，很好")]
    assert len(block.edits) == 3


def test_rules_are_counted_over_what_is_chosen(opened: Opened) -> None:
    store, run = opened
    put(store, run, noted_article(), "a")
    put(store, run, noted_article(), "b", b"2")
    used = {use.rule: use for use in rule_use(store)}
    assert (used["extract.outside@1"].blocks, used["extract.outside@1"].articles) == (2, 2)
    assert used["extract.outside@1"].chars == 10
    assert (used["annotations.pinyin@1"].changes, used["annotations.pinyin@1"].blocks) == (2, 0)
    assert [use.blocks for use in rule_use(store)][:2] == [2, 2]
    assert rule_use(store, Where(source="nobody")) == []
    assert rule_use(store, stored_since=days_ago(-1)) == []
    assert rule_use(store, Where(source="files"), days_ago(1)) == rule_use(store)


def test_samples_are_spread_and_repeatable(opened: Opened) -> None:
    store, run = opened
    for number in range(30):
        put(store, run, noted_article(), f"a{number}", b"%d" % number)
    removed, changed = samples(store, "extract.outside", 10)
    assert len({sample.article_id for sample in removed}) == 10
    assert changed == []
    assert removed == samples(store, "extract.outside@1", 10)[0]
    others = {sample.article_id for sample in samples(store, "extract.outside", 10, seed=1)[0]}
    assert others != {sample.article_id for sample in removed}
    assert [len(part) for part in samples(store, "extract.outside", 50)] == [30, 0]
    assert samples(store, "extract.out") == ([], [])
    assert samples(store, "extract.outside", source="nobody") == ([], [])
    (change, *_) = samples(store, "punctuation.widen", 3)[1]
    assert (change.left, change.before, change.after, change.right) == ("互联网", ",", "，", "很好")
    assert change.uncertain


def test_failures_are_filtered_and_counted(opened: Opened) -> None:
    store, run = opened
    for number in range(5):
        put(
            store,
            run,
            Rejected("u", Reason.SOFT_404, f"says 100% {number}", "c"),
            f"a{number}",
            b"%d" % number,
        )
    store.add_failures([Failure("other", "https://x.example/1", "timeout", "slow")], run)
    found = failures(store, limit=4)
    assert (len(found.lines), found.more) == (4, True)
    assert found.reasons == (("rejected", "soft_404", 5), ("failed", "timeout", 1))
    assert found.sources == ("files", "other")
    assert len(failures(store, limit=4, skip=4).lines) == 2
    assert [line.kind for line in failures(store, reason="timeout").lines] == ["failed"]
    assert [line.origin for line in failures(store, source="other").lines] == ["https://x.example/1"]
    assert len(failures(store, words="100%").lines) == 5
    assert len(failures(store, words="X.EXAMPLE").lines) == 1
    assert failures(store, words="1_0").lines == ()


def test_all_pages_of_an_origin_are_told(opened: Opened) -> None:
    store, run = opened
    put(store, run, article("甲。"), "a", b"first")
    put(store, run, Rejected("u", Reason.SOFT_404, "gone", "c"), "a", b"second one")
    assert [(f.page_id, f.size, f.outcome, f.reason) for f in fetches(store, "a")] == [
        (2, 10, "rejected", "soft_404"),
        (1, 5, "article", None),
    ]
    assert fetches(store, "b") == []


@pytest.mark.parametrize(
    ("outcome", "origins"),
    [("article", ["b"]), ("rejected", ["a"]), ("soft_404", ["a"]), ("pending", []), ("empty", [])],
)
def test_articles_by_what_their_latest_page_gave(opened: Opened, outcome: str, origins: list[str]) -> None:
    store, run = opened
    put(store, run, article("甲。"), "a", b"1")
    put(store, run, Rejected("u", Reason.SOFT_404, "gone", "c"), "a", b"2")
    put(store, run, Rejected("u", Reason.EMPTY, "nothing", "c"), "b", b"3")
    put(store, run, article("乙。"), "b", b"4")
    assert [row.origin for row in list_articles(store, Where(outcome=outcome))] == origins


@pytest.mark.parametrize(
    ("language", "count"), [("zh", 2), ("en", 1), ("en-GB", 1), ("zh-Hant", 1), ("z", 0), ("e", 0)]
)
def test_articles_by_language(opened: Opened, language: str, count: int) -> None:
    store, run = opened
    put(store, run, article("甲。", language="zh", script="zh-Hant"), "a", b"1")
    put(store, run, article("乙。", language="zh"), "b", b"2")
    put(store, run, article("c", language="en-GB"), "c", b"3")
    assert len(list_articles(store, Where(language=language))) == count


def test_a_file_that_nobody_could_write_is_told(opened_file: Opened, tmp_path: Path) -> None:
    store, _ = opened_file
    assert readable_beside_writers(store.path)
    assert not readable_beside_writers(tmp_path / "nothing.db")


def test_days_ago_sorts_with_the_times_of_the_store() -> None:
    assert days_ago(1) < datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S") < days_ago(-1)
