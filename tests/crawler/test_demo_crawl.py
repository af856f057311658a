"""The bundled demo site, crawled over HTTP by the program itself, against what its builder knows."""

import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from storage import open_store
from storage.export_records import export_records
from tests.crawler.crawling import LOOPBACK, Ran, demo_site, run

ENCODINGS = {"gbk": {"gb18030", "gbk"}, "big5": {"big5", "big5hkscs", "cp950"}, "utf-8": {"utf-8"}}


@dataclass
class Demo:
    names: list[str]
    first: Ran
    second: Ran
    rows: list[dict]
    rows_after: list[dict]
    truth: list[dict]
    access: list[str]

    def article(self, record):
        return next(row for row in self.rows if row["origin"] == record["url"])


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Demo:
    state = tmp_path_factory.mktemp("demo")
    store = f"sqlite:///{state / 'store.db'}"

    def crawl(names):
        folder = str(state / "sources")
        return run(
            "crawl", *names, "--sources", folder, "--allow-network", LOOPBACK, "--store", store, "--json"
        )

    def export():
        with open_store(store, read_only=True) as opened:
            return list(export_records(opened))

    with demo_site(state) as names:
        first = crawl(names)
        rows = export()
        second = crawl(names)
    return Demo(
        names,
        first,
        second,
        rows,
        export(),
        json.loads(Path(state / "truth.json").read_text(encoding="utf-8")),
        Path(state / "access.log").read_text(encoding="utf-8").splitlines(),
    )


def test_all_articles_of_all_publishers_arrive(demo):
    assert demo.first.code == 0, demo.first.err
    assert len(demo.truth) == 30
    assert {t["publisher"] for t in demo.truth} == set(demo.names)
    assert {t["url"] for t in demo.truth} <= {row["origin"] for row in demo.rows}


def test_titles_and_times_are_those_that_the_pages_state(demo):
    wrong = [
        (t["url"], t[key], demo.article(t)[key])
        for t in demo.truth
        for key in ("title", "published_at")
        if demo.article(t)[key] != t[key]
    ]
    assert wrong == []


def test_sources_are_those_that_the_pages_state(demo):
    wrong = [
        (t["url"], t["source"])
        for t in demo.truth
        if t["source"] and demo.article(t)["source"] != t["source"]
    ]
    assert wrong == []


def test_encodings_are_read_whatever_header_and_page_say(demo):
    wrong = [
        (t["url"], demo.article(t)["encoding"])
        for t in demo.truth
        if demo.article(t)["encoding"].lower() not in ENCODINGS[t["encoding"]]
    ]
    assert wrong == []


def test_undamaged_texts_arrive_whole_and_alone(demo):
    for record in demo.truth:
        if record["damage"] or record["noise"]:
            continue
        expected = record["text"].split("\n")
        got = demo.article(record)["text"].split("\n")
        assert [line for line in expected if line not in got] == [], record["url"]
        allowed = {*expected, record["caption"]}
        assert [line for line in got if line not in allowed] == [], record["url"]


def test_traditional_pages_keep_their_script_in_the_source_text(demo):
    record = next(t for t in demo.truth if t["url"].endswith("id=301"))
    row = demo.article(record)
    assert "碼頭" in row["source_text"]
    assert "码头" in row["text"]
    assert row["script"] == "zh-Hant"


@pytest.mark.parametrize("kind", ["app", "disclaimer", "headlines_links", "headlines_text", "intro"])
def test_copied_articles_lose_what_the_copy_site_added(demo, kind):
    noisy = [t for t in demo.truth if kind in t["noise"]]
    assert len(noisy) >= 2
    left = []
    for record in noisy:
        lines = demo.article(record)["source_text"].split("\n")
        left += [(record["url"], line) for line in record["noise"][kind] if line in lines]
    assert left == []


def test_annotations_of_the_copy_site_are_gone(demo):
    annotated = [t for t in demo.truth if t["damage"]]
    assert {t["damage"] for t in annotated} == {"characters", "bytes"}
    for record in annotated:
        row = demo.article(record)
        tones = [c for c in unicodedata.normalize("NFD", row["text"]) if c in "\u0301\u0300\u0304\u030c"]
        assert tones == [], record["url"]
        got = row["text"].split("\n")
        missing = [line for line in record["text"].split("\n") if line not in got]
        assert len(missing) <= (1 if record["damage"] == "bytes" else 0), (record["url"], missing)


def test_nothing_forbidden_or_ignored_was_asked(demo):
    paths = [line.split()[2] for line in demo.access]
    assert any("/robots.txt" in path for path in paths)
    assert [p for p in paths if p.startswith(("/internal/", "/vip/", "/calendar/", "/admin/"))] == []
    skipped = demo.first.json["sources"]
    assert skipped["liuyi"]["skipped.robots"] == 1
    assert skipped["gangwan"]["skipped.robots"] == 1


def test_articles_are_asked_once_and_lists_once_a_run(demo):
    lines = [line for line in demo.access if "/robots.txt" not in line]
    articles = {urlsplit(t["url"]).path for t in demo.truth}
    often = [line for line in set(lines) if lines.count(line) > (1 if line.split()[2] in articles else 2)]
    assert {line.split()[2] for line in often} <= {urlsplit(t["url"]).path for t in demo.truth[8:16]}
    assert len(often) <= 1, "only the target of the redirect is met twice"


def test_what_is_no_article_is_no_article(demo):
    liuyi = demo.first.json["sources"]["liuyi"]
    assert liuyi["rejected.empty"] == 1
    assert liuyi["rejected"] == 3, "the empty page, the picture, the soft 404"
    assert liuyi["failed.http_error"] == 1
    assert liuyi["skipped.duplicate"] == 1
    assert len(demo.rows) == len(demo.truth)


def test_a_second_crawl_adds_nothing_twice(demo):
    assert demo.second.code == 0, demo.second.err
    assert {name: figures["new"] for name, figures in demo.second.json["sources"].items()} == dict.fromkeys(
        demo.names, 0
    )
    assert len(demo.rows_after) == len(demo.rows)


def test_the_run_is_in_the_summary(demo):
    summary = demo.first.json
    assert summary["status"] == "finished"
    assert summary["fell_short"] == []
    assert all(not figures["problems"] for figures in summary["sources"].values())
