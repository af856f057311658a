"""`taosha clean` as a person or a script meets it: what is printed where, and how it ends."""

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from crawler.cli.app import app
from crawler.workers import Pool
from tests.crawler.pages import PARAGRAPHS, TEXT, html, html_bytes

HTML = html_bytes()
FAULTY = "tests.crawler.faulty:clean"


@pytest.fixture
def taosha(tmp_path, monkeypatch):
    monkeypatch.delenv("TAOSHA_STORE", raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*arguments, stdin=b""):
        return CliRunner().invoke(app, [str(a) for a in arguments], input=stdin)

    return run


@pytest.fixture
def pages(tmp_path):
    folder = tmp_path / "daily"
    folder.mkdir()
    (folder / "a.html").write_bytes(HTML)
    (folder / "b.txt").write_text(TEXT, encoding="utf-8")
    return folder


def rows(query, path="taosha.db"):
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_a_folder_goes_into_the_default_store(taosha, pages):
    result = taosha("clean", pages, "--workers", 0)
    assert result.exit_code == 0, result.stderr
    assert result.stdout == ""
    assert "new" in result.stderr
    assert rows("select count(*) from articles") == [(2,)]
    assert rows("select name from sources") == [("daily",)]
    assert rows("select command, status from runs") == [("clean", "finished")]


def test_json_gives_one_object_with_the_counts(taosha, pages):
    (pages / "c.html").write_bytes(b"")
    found = json.loads(taosha("clean", pages, "--workers", 0, "--json").stdout)
    assert found["counts"] == {"new": 2, "changed": 0, "unchanged": 0, "rejected": 1, "unread": 0}
    assert found["reasons"] == {"empty": 1}
    assert found["problems"][0]["origin"] == str(pages / "c.html")


def test_a_second_run_adds_nothing(taosha, pages):
    taosha("clean", pages, "--workers", 0)
    found = json.loads(taosha("clean", pages, "--workers", 0, "--json").stdout)
    assert found["counts"]["unchanged"] == 2
    assert rows("select count(*) from articles") == [(2,)]


def test_the_source_may_be_named(taosha, pages):
    assert taosha("clean", pages, "--workers", 0, "--source", "archive-2024").exit_code == 0
    assert rows("select name from sources") == [("archive-2024",)]


def test_encoding_overrides_what_the_page_declares(taosha, tmp_path):
    page = tmp_path / "a.html"
    page.write_bytes(html(head="<meta charset='utf-8'>").encode("gb18030"))
    assert taosha("clean", page, "--workers", 0, "--encoding", "gb18030").exit_code == 0
    ((text,),) = rows("select text from articles")
    assert PARAGRAPHS[0] in text


def test_the_filter_prints_the_text_and_touches_no_store(taosha, tmp_path, monkeypatch):
    monkeypatch.setenv("TAOSHA_STORE", "sqlite:///other.db")
    result = taosha("clean", "-", stdin=HTML)
    assert result.exit_code == 0
    assert PARAGRAPHS[1] in result.stdout.splitlines()
    assert list(tmp_path.iterdir()) == []


def test_the_filter_with_json_gives_what_an_export_gives(taosha):
    result = taosha("clean", "-", "--json", "--url", "https://a.example/1", stdin=HTML)
    article = json.loads(result.stdout)
    assert (article["url"], article["title"]) == ("https://a.example/1", "图书馆重新开放")
    assert {"text", "source_text", "removed", "notes_count", "encoding", "cluster"} <= article.keys()


def test_the_filter_reads_plain_text(taosha):
    result = taosha("clean", "-", "--plain", stdin=TEXT.encode("gbk"))
    assert result.stdout.strip().splitlines() == list(PARAGRAPHS)


def test_the_filter_stores_only_when_told_to(taosha):
    assert taosha("clean", "-", "--store", "sqlite:///kept.db", stdin=HTML).exit_code == 0
    assert rows("select via from pages", "kept.db") == [("stdin",)]


def test_the_filter_says_why_there_is_no_article(taosha):
    result = taosha("clean", "-", stdin=b"\x89PNG\r\n\x1a\n" + bytes(100))
    assert (result.exit_code, result.stdout) == (5, "")
    assert "not_html" in result.stderr
    rejected = json.loads(taosha("clean", "-", "--json", stdin=b"").stdout)
    assert rejected["rejected"]["reason"] == "empty"


def test_the_filter_ends_a_page_that_is_stuck(taosha, monkeypatch):
    monkeypatch.setattr(
        "crawler.cli.filter.Pool", lambda size, limits: Pool(size, replace(limits, seconds=0.2), FAULTY)
    )
    result = taosha("clean", "-", stdin=b"hang")
    assert (result.exit_code, result.stdout) == (5, "")
    assert "timeout" in result.stderr


def test_stdin_can_not_be_mixed_with_paths(taosha, pages):
    assert taosha("clean", "-", pages).exit_code == 2


def test_an_address_is_for_stdin_only(taosha, pages):
    assert taosha("clean", pages, "--url", "https://a.example/").exit_code == 2


def test_what_a_page_says_can_not_command_the_terminal(taosha, tmp_path):
    evil = tmp_path / "a\x1b[2J.html"
    evil.write_bytes(b"")
    result = taosha("clean", evil, "--workers", 0)
    assert "\x1b" not in result.stderr
    assert "empty" in result.stderr


def test_help_loads_none_of_the_heavy_libraries():
    code = "import sys; from crawler.cli.app import app; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"scrapy", "twisted", "sqlalchemy", "alembic", "lxml", "trafilatura", "bs4", "opencc", "ftfy"}
    assert heavy.isdisjoint(loaded.stdout.split())


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_run_in_order_and_the_next_one_goes_on(tmp_path, number, code):
    folder = tmp_path / "many"
    folder.mkdir()
    for i in range(30):
        (folder / f"{i:03}.html").write_bytes(html_bytes(title=f"图书馆重新开放之{i}"))
    command = [sys.executable, "-m", "crawler.cli", "clean", str(folder), "--workers", "1", "--json"]
    environment = {
        **os.environ,
        "TAOSHA_STORE": f"sqlite:///{tmp_path}/a.db",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        _wait_for_a_page(tmp_path / "a.db", process)
        process.send_signal(number)
        summary = json.loads(process.communicate(timeout=60)[0])
    assert (process.returncode, summary["stopped_by"]) == (code, number)
    done = summary["counts"]["new"]
    assert rows("select count(*) from articles", tmp_path / "a.db") == [(done,)]
    assert rows("select status from runs", tmp_path / "a.db") == [("stopped",)]
    assert done < 30
    again = subprocess.run(command, capture_output=True, env=environment, check=True, timeout=120)
    counts = json.loads(again.stdout)["counts"]
    assert counts["new"] + counts["unchanged"] == 30
    assert counts["unchanged"] == done


def _wait_for_a_page(path, process):
    """Poll the store until the run has begun: its worker still starts then, and all pages are to come."""
    patience = time.monotonic() + 60
    while time.monotonic() < patience and process.poll() is None:
        try:
            if path.exists() and rows("select count(*) from pages", path)[0][0]:
                return
        except sqlite3.OperationalError:
            continue
    pytest.fail("the run did nothing in a minute")


def test_a_pipe_gets_no_progress_bar(taosha, pages):
    result = taosha("clean", pages, "--workers", 0)
    assert "cleaning" not in result.stderr
    assert "\r" not in result.stderr


def test_a_closed_stdin_is_an_empty_page(taosha, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO()))
    assert taosha("clean", "-").exit_code == 5
