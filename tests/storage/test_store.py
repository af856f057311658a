"""Writing: each page once, each outcome once, in one transaction, whatever the text."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cleaners.model import (
    Article,
    Block,
    Candidate,
    Image,
    Meta,
    Note,
    Page,
    Precision,
    Reason,
    Rejected,
    Via,
)
from storage import Failure, Saved, Store, open_store
from storage.articles import article as load_article
from storage.articles import edits, removed
from storage.listing import find_articles, list_runs
from storage.models import Base
from storage.raw_pages import load_page, page_record, pending_pages
from tests.storage.build import CHINA, article, noted_article, page, put

Opened = tuple[Store, int]


def ask(store: Store, query: str) -> list[tuple[Any, ...]]:
    with store.reading() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def test_a_page_comes_back_as_it_was(opened: Opened) -> None:
    store, run = opened
    given_page = Page(
        url="https://example.org/final",
        body=b"\x00\xff" + "新闻".encode("gbk") * 500,
        content_type="text/html; charset=gbk",
        status=200,
        headers=(("Server", "x"), ("Set-Cookie", "a"), ("Set-Cookie", "b")),
        fetched_at=datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC),
        origin="https://example.org/asked",
        via=Via.CRAWL,
    )
    (ref,) = store.add_pages([(given_page, "site")], run)
    assert ref.new
    assert load_page(store, ref.id) == given_page
    with pytest.raises(KeyError):
        load_page(store, ref.id + 1)


@pytest.mark.parametrize("body", [b"", b"a", b"a" * 100_000])
def test_bodies_of_any_size_are_kept(opened: Opened, body: bytes) -> None:
    store, run = opened
    (ref,) = store.add_pages([(page(body=body), "s")], run)
    assert load_page(store, ref.id).body == body


def test_the_same_bytes_of_the_same_origin_are_one_page(opened: Opened) -> None:
    store, run = opened
    items = [
        (page("o:1", b"a"), "s"),
        (page("o:1", b"a"), "s"),
        (page("o:1", b"b"), "s"),
        (page("o:2", b"a"), "s"),
    ]
    first = store.add_pages(items, run)
    again = store.add_pages(items, run)
    assert [ref.new for ref in first] == [True, False, True, True]
    assert [ref.id for ref in first] == [ref.id for ref in again]
    assert not any(ref.new for ref in again)
    assert ask(store, "SELECT count(*) FROM bodies") == [(2,)]


def test_the_page_keeps_the_address_and_label_that_its_outcome_was_made_with(opened: Opened) -> None:
    store, run = opened
    first = Page("file:///a.html", b"x", None, origin="/a.html")
    corrected = Page("https://example.org/a", b"x", "text/html; charset=gbk", origin="/a.html")
    (ref,) = store.add_pages([(first, "files")], run)
    (again,) = store.add_pages([(corrected, "files")], run)
    assert (again.id, again.new) == (ref.id, False)
    assert load_page(store, ref.id) == corrected


def test_pages_wait_until_they_are_cleaned(opened: Opened) -> None:
    store, run = opened
    refs = store.add_pages([(page("o:1"), "s"), (page("o:2"), "s"), (page("o:3"), "s")], run)
    store.add_outcomes([(refs[1].id, article())], run)
    assert list(pending_pages(store)) == [(refs[0].id, "s"), (refs[2].id, "s")]


def test_an_article_is_stored_with_all_its_metadata(opened: Opened) -> None:
    store, run = opened
    meta: dict[str, Any] = {
        "authors": ("张三", "李四"),
        "editors": ("王五",),
        "source": "某报",
        "published_at": datetime(2025, 1, 19, 6, 30, 50, tzinfo=CHINA),
        "published_precision": Precision.SECOND,
        "images": (Image("https://example.org/a.jpg", "alt", None, 1),),
        "evidence": (Candidate("title", "标题 - 站", "title"),),
    }
    saved = put(store, run, article("第一段。", "第二段。", **meta), "https://example.org/1")
    assert saved.kind == "new"
    assert saved.article_id is not None
    found = load_article(store, saved.article_id)
    assert found is not None
    expected = {
        "title": "标题",
        "authors": ["张三", "李四"],
        "editors": ["王五"],
        "published_at": "2025-01-19T06:30:50+08:00",
        "published_utc": "2025-01-18T22:30:50Z",
        "published_precision": "second",
        "day": "2025-01-19",
        "text": "第一段。\n第二段。",
        "chars": 9,
        "host": "example.org",
        "subtitle": None,
        "revision": 1,
        "fingerprint": "cleaner-1",
    }
    assert {name: found.fields[name] for name in expected} == expected
    assert found.images == ({"url": "https://example.org/a.jpg", "alt": "alt", "caption": None, "block": 1},)
    assert found.candidates == ({"field": "title", "value": "标题 - 站", "place": "title"},)
    assert load_article(store, 99) is None


def test_notes_come_back_in_order_with_rule_and_text(opened: Opened) -> None:
    store, run = opened
    given_article = noted_article()
    number = put(store, run, given_article, "o:1").article_id
    assert number is not None
    assert [(r.position, r.tag, r.step, r.rule, r.text) for r in removed(store, number)] == [
        (0, "li", "extract", "extract.outside@1", "首頁 新聞"),
        (2, "p", "judge/credit", "credit.photo@2", "图/视觉中国"),
    ]
    made = edits(store, number)
    assert [(e.block, e.rule, e.offset, e.before, e.after, e.uncertain) for e in made] == [
        (None, "markup.slip@1", 40, "?/p>", "</p>", False),
        (1, "annotations.pinyin@1", 2, "(lián)", "", False),
        (1, "script.simplified@1", 1, "聯網", "联网", False),
        (1, "punctuation.widen@1", 3, ",", "，", True),
    ]
    assert [e.context for e in made] == [None] + ["互联网，很好"] * 3
    assert [r.rule for r in removed(store, number, "credit.photo")] == ["credit.photo@2"]
    assert [e.rule for e in edits(store, number, "markup.slip@1")] == ["markup.slip@1"]
    assert edits(store, number, "markup.slip@2") == []
    (text, counts) = ask(store, "SELECT text, removed_count || '/' || notes_count FROM articles")[0]
    assert (text, counts) == (given_article.text, "2/4")


def test_kept_blocks_say_where_they_stand_in_the_text(opened: Opened) -> None:
    store, run = opened
    put(store, run, noted_article(), "o:1")
    query = (
        "SELECT substr(a.text, CAST(b.start + 1 AS int), CAST(b.chars AS int)) "
        "FROM blocks b JOIN articles a ON a.id = b.article_id "
        "WHERE b.rule_id IS NULL ORDER BY b.position"
    )
    assert ask(store, query) == [("互联网，很好",), ("第二段。",)]


def snapshot(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    tables: tuple[str, ...] = ("articles", "blocks", "edits", "images", "candidates", "rejections")
    tables += ("pages", "bodies", "rules", "failures", "sources")
    volatile = {"last_seen_at", "checked_at", "last_run_id", "rejected_at", "run_id"}
    out = {}
    for name in tables:
        columns = [column for column in Base.metadata.tables[name].columns if column.name not in volatile]
        with store.reading() as connection:
            out[name] = [tuple(row) for row in connection.execute(select(*columns).order_by(columns[0]))]
    return out


def test_the_same_outcome_again_changes_nothing(opened: Opened) -> None:
    store, run = opened
    rejected = Rejected("u", Reason.TOO_SHORT, "short", "cleaner-1")
    first = [put(store, run, noted_article(), "o:1"), put(store, run, rejected, "o:2")]
    before = snapshot(store)
    again = [put(store, run, noted_article(), "o:1"), put(store, run, rejected, "o:2")]
    assert [saved.kind for saved in first] == ["new", "rejected"]
    assert [saved.kind for saved in again] == ["unchanged", "rejected"]
    assert snapshot(store) == before


def test_a_new_text_is_a_change_with_new_notes(opened: Opened) -> None:
    store, run = opened
    first = put(store, run, noted_article(), "o:1", b"old")
    second = put(store, run, article("新文。", title="新题"), "o:1", b"new")
    assert second == Saved("changed", first.article_id)
    assert ask(store, "SELECT title, text, revision FROM articles") == [("新题", "新文。", 2)]
    assert ask(store, "SELECT (SELECT count(*) FROM edits), (SELECT count(*) FROM blocks)") == [(0, 1)]


def test_a_new_cleaner_with_the_same_result_is_no_change_but_is_noted(opened: Opened) -> None:
    store, run = opened
    put(store, run, article("同。", fingerprint="cleaner-1"), "o:1")
    remade = Article(
        "https://example.org/1",
        Meta(title="标题"),
        (Block("菜单", dropped=Note("extract", "extract.outside@1", "菜单", "")), Block("同。")),
        "utf-8",
        "cleaner-2",
    )
    saved = put(store, run, remade, "o:1")
    assert saved.kind == "unchanged"
    assert ask(store, "SELECT fingerprint, revision, removed_count FROM articles") == [("cleaner-2", 1, 1)]
    assert ask(store, "SELECT text FROM v_removed") == [("菜单",)]


def test_a_rejection_after_an_article_keeps_the_article(opened: Opened) -> None:
    store, run = opened
    kept = put(store, run, article("留。"), "o:1", b"good")
    saved = put(store, run, Rejected("u", Reason.BLOCKED, "a captcha", "cleaner-1"), "o:1", b"bad")
    assert saved == Saved("rejected", kept.article_id)
    assert ask(store, "SELECT text FROM articles") == [("留。",)]
    assert ask(store, "SELECT origin, reason, detail FROM v_failures") == [("o:1", "blocked", "a captcha")]


def test_an_article_after_a_rejection_of_the_same_page_clears_it(opened: Opened) -> None:
    store, run = opened
    put(store, run, Rejected("u", Reason.NO_CONTENT, "nothing", "cleaner-1"), "o:1")
    assert put(store, run, article(), "o:1").kind == "new"
    assert ask(store, "SELECT count(*) FROM rejections") == [(0,)]
    assert ask(store, "SELECT outcome FROM pages") == [("article",)]


def test_cleaning_an_older_page_again_does_not_bring_its_text_back(opened: Opened) -> None:
    store, run = opened
    (old,) = store.add_pages([(page("o:1", b"old"), "s")], run)
    store.add_outcomes([(old.id, article("旧。"))], run)
    put(store, run, article("新。"), "o:1", b"new")
    (saved,) = store.add_outcomes([(old.id, article("旧。", fingerprint="cleaner-2"))], run)
    assert saved.kind == "unchanged"
    assert ask(store, "SELECT text FROM articles") == [("新。",)]


def test_an_edit_that_is_taken_back_is_a_change_again(opened: Opened) -> None:
    store, run = opened
    put(store, run, article("甲。"), "o:1", b"a")
    put(store, run, article("乙。"), "o:1", b"b")
    with store.writing() as connection:  # the clock has milliseconds: make the order certain
        connection.exec_driver_sql("UPDATE pages SET last_seen_at = '2000-01-01T00:00:00.000Z'")
    assert put(store, run, article("甲。"), "o:1", b"a").kind == "changed"
    assert ask(store, "SELECT text, revision FROM articles") == [("甲。", 3)]


def test_notes_that_do_not_fit_are_a_fault_of_that_page_alone(opened: Opened) -> None:
    store, run = opened
    broken = Article("u", Meta(), (Block("短", notes=(Note("repair/x", "x@1", "长", ""),)),), "utf-8", "f")
    refs = store.add_pages([(page("o:1"), "s"), (page("o:2"), "s")], run)
    kinds = [s.kind for s in store.add_outcomes([(refs[0].id, broken), (refs[1].id, article())], run)]
    assert kinds == ["rejected", "new"]
    assert ask(store, "SELECT reason FROM rejections") == [("fault",)]


def test_a_call_that_fails_stores_nothing(opened: Opened) -> None:
    store, run = opened
    (ref,) = store.add_pages([(page("o:1"), "s")], run)
    with pytest.raises(KeyError):
        store.add_outcomes([(ref.id, article()), (ref.id + 50, article())], run)
    assert ask(store, "SELECT count(*) FROM articles") == [(0,)]
    assert ask(store, "SELECT outcome FROM pages") == [("pending",)]


def test_failures_count_tries_and_end_when_the_page_arrives(opened: Opened) -> None:
    store, run = opened
    failure = Failure("site", "https://example.org/1", "timeout", "no answer in 30 s")
    store.add_failures([failure], run)
    store.add_failures([failure, failure], run)
    assert ask(store, "SELECT kind, source_name, reason, tries FROM v_failures") == [
        ("failed", "site", "timeout", 3)
    ]
    store.add_pages([(page("https://example.org/1"), "site")], run)
    assert ask(store, "SELECT * FROM v_failures") == []
    store.add_failures([failure], run)
    assert ask(store, "SELECT tries FROM v_failures") == [(4,)]


def test_runs_are_kept(opened: Opened) -> None:
    store, run = opened
    other = store.start_run("crawl", ["甲", "b"], {"taosha": "1", "scrapy": "2"})
    store.finish_run(other, "partial", {"new": 3})
    running = {r.id: r for r in list_runs(store)}
    assert (running[run].status, running[run].finished_at) == ("running", None)
    done = running[other]
    assert (done.command, done.status, done.sources, done.counts) == (
        "crawl",
        "partial",
        ("甲", "b"),
        {"new": 3},
    )
    assert done.versions == {"taosha": "1", "scrapy": "2"}
    assert done.finished_at is not None
    assert done.started_at <= done.finished_at


BAD = "a\x00b\ud800c\udfff"


def test_text_that_sqlite_can_not_hold_is_marked_and_keys_stay_apart(opened: Opened) -> None:
    store, run = opened
    paths = ["/tmp/\udc80.html", "/tmp/\udc81.html", "/tmp/\x00.html"]
    strange = Article(
        BAD,
        Meta(title=BAD, authors=(BAD,), canonical_url=BAD, images=(Image(BAD, BAD, BAD),)),
        (
            Block(BAD, notes=(Note("repair/x", "x@1", "\x00b", "\ud800", 1),)),
            Block(BAD, BAD, dropped=Note(BAD, BAD, BAD, "")),
        ),
        "utf-8",
        BAD,
    )
    numbers = [put(store, run, strange, path).article_id for path in paths]
    assert len(set(numbers)) == 3
    assert [find_articles(store, path) for path in paths] == [[n] for n in numbers]
    assert ask(store, "SELECT DISTINCT text, length(text), chars FROM articles") == [
        ("a\ufffd\ufffdc\ufffd", 5, 5)
    ]
    made = edits(store, numbers[0] or 0)
    assert (made[0].before, made[0].after) == ("\u2400b", "\ufffd")
    assert removed(store, numbers[0] or 0)[0].text == "a\u2400b\ufffdc\ufffd"
    put(store, run, Rejected(BAD, Reason.FAULT, BAD, BAD), "/tmp/\udc82.html")
    store.add_failures([Failure(BAD, BAD, BAD, BAD)], run)
    store.finish_run(store.start_run(BAD, [BAD], {BAD: BAD}), BAD, {BAD: 1})
    if store.file is not None:
        assert ask(store, "PRAGMA integrity_check") == [("ok",)]


any_text = st.text(st.characters(exclude_categories=()), max_size=30)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=any_text, title=st.none() | any_text, key=any_text, header=any_text)
def test_no_text_breaks_the_border(
    opened: Opened, text: str, title: str | None, key: str, header: str
) -> None:
    store, run = opened
    stored = page(
        key, text.encode("utf-8", "surrogatepass"), headers=((header, header),), content_type=header
    )
    (ref,) = store.add_pages([(stored, key)], run)
    (saved,) = store.add_outcomes([(ref.id, article(text, title=title))], run)
    assert saved.article_id is not None
    assert load_page(store, ref.id).body == stored.body
    found = load_article(store, saved.article_id)
    assert found is not None
    assert found.fields["chars"] == len(text)


def test_times_at_the_edge_of_the_calendar_are_stored(opened: Opened) -> None:
    store, run = opened
    for number, moment in enumerate((datetime(1, 1, 1, tzinfo=CHINA), datetime(9999, 12, 31, tzinfo=CHINA))):
        assert put(store, run, article(published_at=moment), f"o:{number}").kind == "new"
    assert ask(store, "SELECT published_at FROM articles ORDER BY id") == [
        ("0001-01-01T00:00:00+08:00",),
        ("9999-12-31T00:00:00+08:00",),
    ]


def test_threads_share_a_store(opened: Opened) -> None:
    store, run = opened
    problems: list[BaseException] = []

    def work(name: int) -> None:
        try:
            for number in range(15):
                put(store, run, article(f"线程 {name} 第 {number} 篇。"), f"o:{name}/{number}")
                load_article(store, 1)
        except BaseException as error:  # noqa: BLE001  # whatever it is, the test must see it
            problems.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert ask(store, "SELECT count(*) FROM articles") == [(60,)]


def test_two_stores_on_one_file_take_turns(tmp_path: Path) -> None:
    with open_store(tmp_path / "a.db") as one, open_store(tmp_path / "a.db") as two:
        runs = [store.start_run("clean", [], {}) for store in (one, two)]
        for number in range(10):
            put(one, runs[0], article("一。"), f"one:{number}")
            put(two, runs[1], article("二。"), f"two:{number}")
        assert (
            ask(one, "SELECT count(*) FROM articles") == ask(two, "SELECT count(*) FROM articles") == [(20,)]
        )


def test_references_are_checked(opened: Opened) -> None:
    store, run = opened
    put(store, run, noted_article(), "o:1")
    if store.file is not None:
        assert ask(store, "PRAGMA foreign_key_check") == []
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM pages")


def test_deleting_an_article_takes_its_notes_with_it(opened: Opened) -> None:
    store, run = opened
    put(store, run, noted_article(), "o:1")
    with store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM articles")
    assert ask(store, "SELECT (SELECT count(*) FROM edits) + (SELECT count(*) FROM blocks)") == [(0,)]


def test_a_page_knows_its_rejection(opened: Opened) -> None:
    store, run = opened
    put(store, run, Rejected("u", Reason.LISTING, "only links", "c"), "o:1", b"12345")
    found = page_record(store, 1)
    assert found is not None
    assert (found.outcome, found.reason, found.detail, found.size) == ("rejected", "listing", "only links", 5)
    assert page_record(store, 2) is None


def test_other_programs_read_the_file_while_it_is_open(opened_file: Opened) -> None:
    store, run = opened_file
    put(store, run, noted_article(), "o:1")
    connection = sqlite3.connect(store.path)
    assert connection.execute("SELECT title, text FROM v_articles").fetchall() == [
        ("互联网", "互联网，很好\n第二段。")
    ]
    connection.close()
