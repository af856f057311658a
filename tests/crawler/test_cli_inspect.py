"""`list`, `show`, `why`, `search`, `stats`, `runs` and `export` as a person or a script meets them."""

import csv
import io
import json
import os
import pty
import sqlite3
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cleaners.model import Precision, Reason, Rejected
from crawler.cli.app import app
from storage import Failure
from storage.schema import SCHEMA_VERSION
from tests.storage.build import CHINA, article, new_store, noted_article, put

ROOT = Path(__file__).parents[2]
COMMANDS = (("list",), ("show", "1"), ("why", "1"), ("search", "融资"), ("stats",), ("runs",), ("export",))


@pytest.fixture
def store(tmp_path):
    """The path of a store with two articles, a rejected page and a finished run."""
    opened, run = new_store(tmp_path)
    with opened:
        put(opened, run, noted_article(), "https://example.org/1.html", "原文".encode("gbk"))
        dated = article(
            "公司完成融资。",
            title="[bold]融资[/bold] :smile: \x1b[31m消息\x9b31m\u202e",
            authors=("张三", "李四"),
            published_at=datetime(2025, 1, 19, tzinfo=CHINA),
            published_precision=Precision.DAY,
        )
        put(opened, run, dated, "/data/a/2.html")
        put(opened, run, Rejected("u", Reason.TOO_SHORT, "only 3 characters", "c"), "/data/a/3.html")
        opened.finish_run(run, "ok", {"new": 2, "rejected": 1, "failed": 0})
    return tmp_path / "store.db"


@pytest.fixture
def taosha(store, monkeypatch):
    monkeypatch.setenv("TAOSHA_STORE", str(store))

    def run(*arguments, code=0):
        result = CliRunner().invoke(app, [str(a) for a in arguments])
        assert result.exit_code == code, result.output
        return result

    return run


def test_list_is_a_table_that_a_pipe_can_read(taosha):
    lines = [line.split("\t") for line in taosha("list").stdout.splitlines()]
    assert lines == [
        ["2", "files", "2025-01-19", "[bold]融资[/bold] :smile: [31m消息31m", "7", "article"],
        ["1", "files", "", "互联网", "11", "article"],
    ]


def test_list_filters_and_limits(taosha):
    assert len(taosha("list", "--since", "2025").stdout.splitlines()) == 1
    assert "nothing to list" in taosha("list", "--since", "2031").stderr
    limited = taosha("list", "--limit", 1)
    assert len(limited.stdout.splitlines()) == 1
    assert "more than 1" in limited.stderr
    assert taosha("list", "--limit", 2).stderr == ""


@pytest.mark.parametrize("outcome", ["rejected", "too_short"])
def test_list_of_what_gave_no_article(taosha, outcome):
    (line,) = taosha("list", "--outcome", outcome).stdout.splitlines()
    assert line.split("\t") == ["p3", "files", "", "/data/a/3.html: only 3 characters", "", "too_short"]
    assert len(taosha("list", "--outcome", "all").stdout.splitlines()) == 3


@pytest.mark.parametrize("reference", ["2", "/data/a/2.html", "2.html"])
def test_show_accepts_number_origin_and_file_name(taosha, reference):
    shown = taosha("show", reference).stdout
    assert "authors: 张三、李四" in shown
    assert shown.endswith("\n\n公司完成融资。\n")


def test_show_prints_one_part_alone(taosha):
    assert taosha("show", "1", "--text").stdout == "互联网，很好\n第二段。\n"
    assert taosha("show", "1", "--source-text").stdout == "互聯網,很好\n第二段。\n"
    assert taosha("show", "1", "--raw").stdout_bytes == "原文".encode("gbk")
    assert taosha("show", "p3", "--raw").stdout_bytes == b"x"


def test_show_of_a_page_without_article_gives_the_reason(taosha):
    shown = taosha("show", "p3").stdout
    assert "reason: too_short" in shown
    assert "detail: only 3 characters" in shown
    assert "too_short" in taosha("show", "p3", "--text", code=2).stderr


def test_what_is_not_there_or_not_clear_is_said(taosha):
    for command in ("show", "why"):
        result = taosha(command, "99", code=2)
        assert "no article '99'" in result.stderr
        assert result.stdout == ""


def test_an_ambiguous_name_lists_the_numbers(taosha, store):
    from storage import open_store

    with open_store(store) as opened:
        put(opened, 1, article(), "/data/b/2.html")
    assert "2, 3" in taosha("show", "2.html", code=2).stderr


def test_why_groups_by_rule_with_counts_and_text(taosha):
    told = taosha("why", "1").stdout
    assert "Removed: 2 blocks, 11 characters" in told
    assert "extract.outside@1  (extract)  1 block, 5 characters" in told
    assert "       0  首頁 新聞" in told
    assert "Changed: 4 places" in told
    assert "[(lián)] -> (nothing)" in told
    assert "[,] -> [，]  (not sure)" in told


def test_why_shows_the_page_in_its_order(taosha):
    assert taosha("why", "1", "--page").stdout.splitlines() == [
        "- 首頁 新聞  (extract.outside@1)",
        "  互[-聯(lián)網-]{+联网+}[-,-]{+，+}很好",
        "- 图/视觉中国  (credit.photo@2)",
        "  第二段。",
    ]


def test_why_of_one_rule(taosha):
    told = taosha("why", "1", "--rule", "credit.photo").stdout
    assert "图/视觉中国" in told
    assert "首頁" not in told
    assert "did nothing" in taosha("why", "1", "--rule", "no.rule", code=2).stderr


def test_why_shows_a_few_and_all_on_demand(taosha, store):
    from cleaners.model import Article, Block, Meta, Note
    from storage import open_store

    menu = tuple(
        Block(f"菜单{n}", dropped=Note("extract", "extract.outside@1", f"菜单{n}", "")) for n in range(9)
    )
    with open_store(store) as opened:
        put(opened, 1, Article("u", Meta(title="长"), menu, "utf-8", "f"), "o:long")
    few, everything = taosha("why", "3").stdout, taosha("why", "3", "--all").stdout
    assert "and 4 more (--all)" in few
    assert few.count("菜单") == 5
    assert everything.count("菜单") == 9


def test_search_finds_and_marks(taosha):
    (line,) = taosha("search", "融資").stdout.splitlines()
    assert line.split("\t")[0] == "2"
    assert "公司完成«融资»。" in line
    assert "nothing found" in taosha("search", "火星").stderr
    assert taosha("search", "公司", "-融资").stdout == ""
    assert len(taosha("search", "公司", "OR", "互联网").stdout.splitlines()) == 2


def test_search_explains_what_it_does_not_understand(taosha):
    result = taosha("search", "(融资", code=2)
    assert "a parenthesis is not closed (at character 1)" in result.stderr
    assert "Traceback" not in result.output


def test_stats_and_runs_count(taosha):
    told = taosha("stats").stdout
    assert "files\t2\t1\t0\t0" in told
    assert "extract.outside@1\t1\t1\t5" in told
    assert "new 2, rejected 1" in taosha("runs").stdout


JSON = [
    (("list",), list),
    (("list", "--outcome", "all"), list),
    (("show", "1"), dict),
    (("show", "p3"), dict),
    (("why", "1"), dict),
    (("why", "p3"), dict),
    (("search", "融资"), list),
    (("search", "火星"), list),
    (("stats",), dict),
    (("runs",), list),
]


@pytest.mark.parametrize(("arguments", "kind"), JSON, ids=[" ".join(case[0]) for case in JSON])
def test_json_is_one_value_on_stdout(taosha, arguments, kind):
    assert isinstance(json.loads(taosha(*arguments, "--json").stdout), kind)


def test_json_of_why_has_every_change(taosha):
    told = json.loads(taosha("why", "1", "--json").stdout)
    assert [r["rule"] for r in told["removed"]] == ["extract.outside@1", "credit.photo@2"]
    assert [(e["before"], e["after"]) for e in told["edits"]][1] == ("(lián)", "")


def test_json_of_search_says_where_the_matches_are(taosha):
    (hit,) = json.loads(taosha("search", "融资", "--json").stdout)
    assert [hit["snippet"][a:b] for a, b in hit["matches"]] == ["融资"]


def test_export_writes_every_article(taosha, tmp_path):
    records = [json.loads(line) for line in taosha("export").stdout.splitlines()]
    assert [r["origin"] for r in records] == ["https://example.org/1.html", "/data/a/2.html"]
    assert records[0]["removed"][0]["rule"] == "extract.outside@1"
    target = tmp_path / "out.csv"
    result = taosha("export", "--format", "csv", "--excel", "--output", target, "--since", "2025")
    assert result.stdout == ""
    assert "1 article exported" in result.stderr
    (row,) = csv.DictReader(io.StringIO(target.read_text("utf-8-sig"), newline=""))
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    assert json.loads(row["authors"]) == ["张三", "李四"]


def test_export_to_a_place_that_is_not_there(taosha, tmp_path):
    assert "can not be written" in taosha("export", "-o", tmp_path / "none" / "x.jsonl", code=2).stderr
    assert "--excel" in taosha("export", "--excel", code=2).stderr


def test_json_keeps_what_it_escapes(taosha):
    assert json.loads(taosha("list", "--json").stdout)[0]["title"].endswith("消息\x9b31m\u202e")


BAD_DAYS = [
    ("list", "--since", "yesterday"),
    ("search", "x", "--until", "1/2/2025"),
    ("export", "--since", "25"),
]


@pytest.mark.parametrize("arguments", BAD_DAYS, ids=[case[0] for case in BAD_DAYS])
def test_a_bad_day_is_explained(taosha, arguments):
    assert "is no day, month or year" in taosha(*arguments, code=2).stderr


def missing(path):
    path.unlink()


def foreign(path):
    path.write_bytes(b"\x89PNG\r\n" * 100)


def newer(path):
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()


STORES = [(missing, 2, "no store"), (foreign, 4, "not a store"), (newer, 8, "newer version")]


@pytest.mark.parametrize("command", COMMANDS, ids=[case[0] for case in COMMANDS])
@pytest.mark.parametrize(("spoil", "code", "message"), STORES, ids=["missing", "foreign", "newer"])
def test_a_store_that_can_not_be_used_is_named_and_left_alone(taosha, store, command, spoil, code, message):
    spoil(store)
    before = store.read_bytes() if store.exists() else None
    result = taosha(*command, code=code)
    assert message in result.stderr
    assert result.stdout == ""
    assert (store.read_bytes() if store.exists() else None) == before


@pytest.mark.parametrize("command", COMMANDS, ids=[case[0] for case in COMMANDS])
def test_help_explains(command):
    shown = CliRunner().invoke(app, [command[0], "--help"]).stdout
    assert "--store" in shown
    if command[0] not in ("stats", "runs"):
        assert "Examples:" in shown


def on_a_terminal(*arguments, store):
    """What a person sees: the program runs with a terminal of 60 columns as its stdout."""
    main, end = pty.openpty()
    environment = os.environ | {"TAOSHA_STORE": str(store), "COLUMNS": "60", "TERM": "xterm", "NO_COLOR": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler.cli", *arguments], cwd=ROOT, env=environment, stdout=end
    )
    os.close(end)
    seen = b""
    while True:
        try:
            part = os.read(main, 4096)
        except OSError:  # the other end is closed: how Linux ends a terminal
            break
        if not part:
            break
        seen += part
    os.close(main)
    assert process.wait() == 0
    return seen.decode()


def test_page_text_can_not_command_a_terminal(store):
    seen = "".join(
        on_a_terminal(*arguments, store=store) for arguments in (("list",), ("show", "2"), ("list", "--json"))
    )
    assert not set("\x9b\u202e") & set(seen)
    assert "\x1b[31m" not in seen
    assert "[31m消息" in seen
    assert ":smile:" in seen
    assert "[bold]融资[/bold]" in seen


def test_a_table_on_a_narrow_screen_cuts_nothing(tmp_path):
    address = "https://example.org/" + "path/" * 30 + "end.html"
    opened, run = new_store(tmp_path)
    with opened:
        opened.add_failures([Failure("daily", address, "timeout", "took too long")], run)
        opened.finish_run(run, "finished", {"new": 3, "rejected": 1, "rejected.too_short": 1})
    seen = on_a_terminal("failures", "list", store=tmp_path / "store.db")
    shown = "".join(line.split("│")[2].strip() for line in seen.splitlines() if line.count("│") > 3)
    assert address in shown
    runs = on_a_terminal("runs", store=tmp_path / "store.db")
    assert "too_short" not in runs
