"""Cleaning again what is stored: only what is due, resumable, a change with cause and history."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cleaners.model import Article, Page, Reason, Rejected, Rules, Via
from cleaners.pipeline import clean, current_fingerprint
from crawler.cli.app import app
from crawler.reclean import Order, Recleaned, RuleChange, due_pages, reclean, try_reclean
from storage import Store
from storage.filters import Where
from storage.history import revisions, states
from storage.raw_pages import stored_pages
from tests.storage.build import article, new_store, noted_article

TEXTS = {
    1: "<html><body><h1>标题一</h1><p>这是第一篇文章的正文，足够长，可以留下来。</p></body></html>",
    2: "<html><body><h1>标题二</h1><p>这是第二篇文章的正文，也足够长，可以留下来。</p></body></html>",
    3: "<html><body><h1>标题三</h1><p>这是第三篇文章的正文，同样足够长，可以留下来。</p></body></html>",
}


def raw(number: int, via: Via = Via.FILE) -> Page:
    origin = f"https://example.org/{number}"
    return Page(origin, TEXTS[number].encode(), "text/html; charset=utf-8", origin=origin, via=via)


def order(**fields: object) -> Order:
    return Order(fields.pop("rules_of", lambda name: None), workers=0, **fields)  # type: ignore[arg-type]


@dataclass
class NoStop:
    """Stands in for the signals; stops after so many questions."""

    left: int = 1_000_000
    signal: int | None = None

    @property
    def requested(self) -> bool:
        self.left -= 1
        if self.left < 0:
            self.signal = 15
        return self.signal is not None


@pytest.fixture
def stored(tmp_path: Path):
    """Three pages that an older cleaner judged: a changed article, a rejection, one left pending."""
    store, run = new_store(tmp_path)
    refs = store.add_pages([(raw(1), "a"), (raw(2), "a"), (raw(3), "b")], run)
    old = noted_article("cleaner-0")
    store.add_outcomes(
        [(refs[0].id, old), (refs[1].id, Rejected("u", Reason.TOO_SHORT, "short", "cleaner-0"))], run
    )
    with store:
        yield store


def test_what_is_due_is_cleaned_and_a_change_is_a_revision_of_the_cleaner(stored: Store) -> None:
    told: list[int] = []
    report = reclean(stored, order(), NoStop(), told.append)  # type: ignore[arg-type]
    assert dict(report.counts) == {"changed": 1, "new": 2}
    assert told[-1] == 3
    first, second = revisions(stored, 1)
    assert (first.fingerprint, second.cause, second.run_id) == ("cleaner-0", "cleaner", report.run_id)
    assert second.fingerprint == current_fingerprint()
    assert states(stored, 1)[1]["text"] == "互联网，很好\n第二段。"
    assert report.rules["credit.photo@2"] == RuleChange(1, 1, 0)
    assert list(due_pages(stored, order())) == []
    again = reclean(stored, order(), NoStop())  # type: ignore[arg-type]
    assert not again.counts


def test_a_stopped_job_goes_on_where_it_was(stored: Store) -> None:
    stopped = reclean(stored, order(), NoStop(left=3))  # type: ignore[arg-type]
    assert stopped.stopped_by == 15
    done = stopped.counts.total()
    assert done < 3
    assert len(list(due_pages(stored, order()))) == 3 - done
    assert reclean(stored, order(), NoStop()).counts.total() == 3 - done  # type: ignore[arg-type]
    with stored.reading() as connection:
        status = connection.exec_driver_sql("SELECT status FROM runs WHERE command = 'reclean' ORDER BY id")
        assert list(status.scalars()) == ["stopped", "finished"]


def test_cleaning_again_leaves_the_page_as_it_was_seen(stored: Store) -> None:
    query = "SELECT id, last_seen_at, last_run_id FROM pages ORDER BY id"
    with stored.reading() as connection:
        before = connection.exec_driver_sql(query).all()
    reclean(stored, order(everything=True), NoStop())  # type: ignore[arg-type]
    with stored.reading() as connection:
        assert connection.exec_driver_sql(query).all() == before


def test_a_trial_says_the_same_and_stores_nothing(stored: Store) -> None:
    def content() -> list[object]:
        with stored.reading() as connection:
            names = ("articles", "blocks", "edits", "pages", "rejections", "revisions", "runs")
            return [connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in names]

    before = content()
    report = Recleaned()
    found = list(try_reclean(stored, order(), NoStop(), report))  # type: ignore[arg-type]
    assert content() == before
    assert [trial.kind for _, trial in found] == ["changed", "new", "new"]
    real = reclean(stored, order(), NoStop())  # type: ignore[arg-type]
    assert (report.counts, report.rules) == (real.counts, real.rules)
    assert found[0][1].after == states(stored, 1)[2]
    assert found[0][1].before == states(stored, 1)[1]


def test_only_the_latest_page_of_an_origin_is_taken_and_pending_ones(tmp_path: Path) -> None:
    store, run = new_store(tmp_path)
    with store:
        for body in (b"1", b"2"):
            (ref,) = store.add_pages([(Page("o", body, origin="o"), "a")], run)
            store.add_outcomes([(ref.id, article("正文。"))], run)
        assert [page.id for page in stored_pages(store)] == [2]
        store.add_pages([(Page("o", b"3", origin="o"), "a"), (Page("o", b"4", origin="o"), "a")], run)
        assert [(page.id, page.pending) for page in stored_pages(store)] == [(3, True), (4, True)]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Where(), [1, 2, 3]),
        (Where(source="a"), [1, 2]),
        (Where(source="b"), [3]),
        (Where(rule="credit.photo"), [1]),
        (Where(rule="annotations.pinyin@1"), [1]),
        (Where(rule="annotations.pinyin@2"), []),
        (Where(rule="annotations"), []),
        (Where(sql="text LIKE '%很好%' -- a remark"), [1]),
        (Where(sql="chars > 1000 OR title = ':x'"), []),
        (Where(since="2025"), []),
    ],
)
def test_a_selection_picks_pages(stored: Store, where: Where, expected: list[int]) -> None:
    assert [page.id for page in due_pages(stored, order(where=where))] == expected


def test_site_rules_count_for_crawled_pages_only(tmp_path: Path) -> None:
    rules = Rules(name="a", zone="Asia/Tokyo")
    store, run = new_store(tmp_path)
    with store:
        refs = store.add_pages([(raw(1, Via.CRAWL), "a"), (raw(2), "a")], run)
        outcomes = [clean(raw(1, Via.CRAWL), rules), clean(raw(2))]
        assert all(isinstance(outcome, Article) for outcome in outcomes)
        store.add_outcomes([(ref.id, outcome) for ref, outcome in zip(refs, outcomes, strict=True)], run)
        assert list(due_pages(store, order(rules_of={"a": rules}.get))) == []
        assert [page.id for page in due_pages(store, order())] == [1]


def test_an_article_whose_page_gives_none_any_more_is_kept_and_counted(tmp_path: Path) -> None:
    store, run = new_store(tmp_path)
    with store:
        (ref,) = store.add_pages([(Page("o", b" ", origin="o"), "a")], run)
        store.add_outcomes([(ref.id, article("旧的正文。", fingerprint="cleaner-0"))], run)
        report = reclean(store, order(), NoStop())  # type: ignore[arg-type]
        assert (report.counts["rejected"], report.reasons, report.lost) == (1, {"empty": 1}, 1)
        assert states(store, 1)[1]["text"] == "旧的正文。"


def test_the_command_shows_first_and_stores_then(stored: Store) -> None:
    def taosha(*arguments: str, code: int = 0) -> list[dict[str, object]]:
        options = ["--store", str(stored.path), "--workers", "0", "--json"]
        result = CliRunner().invoke(app, ["reclean", *options, *arguments])
        assert result.exit_code == code, result.output
        return [json.loads(line) for line in result.stdout.splitlines()]

    diff, dry = taosha("--dry-run", "--diff")
    assert (diff["id"], dry["run"]) == (1, None)
    assert diff["fields"]["title"] == ["互联网", "标题一"]  # type: ignore[index]
    diff_again, real = taosha("--diff")
    assert diff_again == diff
    assert real["counts"] == dry["counts"] == {"new": 2, "changed": 1, "unchanged": 0, "rejected": 0}
    assert real["rules"] == dry["rules"]
    (nothing,) = taosha()
    assert nothing["counts"] == {"new": 0, "changed": 0, "unchanged": 0, "rejected": 0}
    (everything,) = taosha("--all", "--source", "b")
    assert everything["counts"]["unchanged"] == 1  # type: ignore[index]


def test_a_condition_that_is_none_is_explained(stored: Store) -> None:
    for condition in ("nosuch = 1", "1) OR (", "chars >", "?"):
        arguments = ["reclean", "--store", str(stored.path), "--where", condition]
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 2, (condition, result.output)
        assert "is no condition" in result.output


def test_the_summary_is_readable(stored: Store) -> None:
    arguments = ["reclean", "--store", str(stored.path), "--workers", "0", "--diff", "--dry-run"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0
    assert "- 互联网" in result.stdout
    assert "+ 标题一" in result.stdout
    assert "nothing was stored" in result.stderr
    assert "credit.photo@2" in result.stderr
