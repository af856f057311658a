"""`taosha history`, `diff` and `backup`, from the outside."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crawler.cli.app import app
from crawler.cli.exits import ExitCode
from storage import open_store
from tests.storage.build import article, new_store, put

ORIGIN = "https://example.org/1"


@pytest.fixture
def changed(tmp_path: Path) -> str:
    """A store with one article of three revisions, and one of one."""
    store, run = new_store(tmp_path)
    with store:
        put(store, run, article("第一段没有变。", "第二段是旧的。", title="旧题"), ORIGIN, b"1")
        put(store, run, article("第一段没有变。", "第二段是新的。", title="新题"), ORIGIN, b"2")
        later = article(
            "第一段没有变。", "第二段是新的。", "又\x1b[31m一段。", title="新题", fingerprint="cleaner-2"
        )
        put(store, run, later, ORIGIN, b"2")
        put(store, run, article("没有变过。"), "https://example.org/2")
    return str(tmp_path / "store.db")


def taosha(*arguments: str, store: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, [*arguments, "--store", store])
    assert result.exit_code == code, result.output
    return result.stdout if code == 0 else result.output


def test_history_lists_what_made_each_revision(changed: str) -> None:
    found = json.loads(taosha("history", "1", "--json", store=changed))
    assert [(r["number"], r["cause"], r["fingerprint"]) for r in found] == [
        (1, "new", "cleaner-1"),
        (2, "source", "cleaner-1"),
        (3, "cleaner", "cleaner-2"),
    ]
    rows = [line.split("\t") for line in taosha("history", ORIGIN, store=changed).splitlines()]
    assert [(row[0], row[2], row[-1]) for row in rows] == [
        ("1", "new", ""),
        ("2", "source", "title, text, source_text"),
        ("3", "cleaner", "text, source_text"),
    ]


def test_diff_shows_the_last_change_without_terminal_commands(changed: str) -> None:
    lines = taosha("diff", "1", store=changed).splitlines()
    assert lines[0] == "1  新题"
    assert lines[1].startswith("revision 2: ")
    assert lines[2].startswith("revision 3: ")
    assert "cleaner cleaner-2" in lines[2]
    assert lines[3:] == ["text:", "  第一段没有变。", "  第二段是新的。", "+ 又[31m一段。"]


def test_diff_between_any_two(changed: str) -> None:
    lines = taosha("diff", "1", "--from", "1", "--to", "2", store=changed).splitlines()
    assert lines[3:] == [
        *("title:", "- 旧题", "+ 新题", "text:", "  第一段没有变。"),
        *("- 第二段是旧的。", "+ 第二段是新的。"),
    ]
    found = json.loads(taosha("diff", "1", "--from", "3", "--to", "1", "--json", store=changed))
    assert found["fields"] == {"title": ["新题", "旧题"]}
    assert (found["from"]["number"], found["to"]["number"]) == (3, 1)
    assert found["texts"]["text"][1] == {
        "same": False,
        "before": ["第二段是新的。", "又\x1b[31m一段。"],
        "after": ["第二段是旧的。"],
    }
    assert taosha("diff", "1", "--from", "2", "--to", "2", store=changed).splitlines()[-1] == "no difference"


def test_what_has_no_history_is_told(changed: str) -> None:
    assert "only: 1, 2, 3" in taosha("diff", "1", "--from", "9", store=changed, code=ExitCode.USAGE)
    assert "no article" in taosha("history", "9", store=changed, code=ExitCode.USAGE)


def test_backup_writes_a_store(changed: str, tmp_path: Path) -> None:
    target, bodies = tmp_path / "copy.db", tmp_path / "copy.bodies.db"
    taosha("backup", str(target), store=changed)
    assert "exists already" in taosha("backup", str(target), store=changed, code=ExitCode.USAGE)
    told = json.loads(taosha("backup", str(target), "--replace", "--json", store=changed))
    assert told == {"file": str(target), "bytes": target.stat().st_size + bodies.stat().st_size}
    folder = tmp_path / "folder"
    folder.mkdir()
    taosha("backup", str(folder), store=changed)
    (made,) = (path for path in folder.iterdir() if ".bodies" not in path.name)
    open_store(made, read_only=True).close()


def test_doctor_mends_a_store_when_asked(changed: str) -> None:
    connection = sqlite3.connect(changed)
    connection.execute("DELETE FROM articles_fts_docsize WHERE id = 1")
    connection.commit()
    connection.close()

    def states(*arguments: str, code: int = 0) -> dict[str, bool]:
        result = CliRunner().invoke(app, ["doctor", changed, "--json", *arguments])
        assert result.exit_code == code, result.output
        return {check["name"]: check["ok"] for check in json.loads(result.stdout)}

    assert not states(code=ExitCode.CONFIG)["search index"]
    assert all(states("--fix").values())
    assert all(states("--quick").values())


def test_an_article_that_never_changed_has_no_difference_and_that_is_no_error(changed: str) -> None:
    done = CliRunner().invoke(app, ["diff", "2", "--store", changed])
    assert (done.exit_code, done.stdout) == (0, "")
    assert "article 2 has not changed" in done.stderr
    found = json.loads(taosha("diff", "2", "--json", store=changed))
    assert (found["from"], found["to"]["number"], found["fields"]) == (None, 1, {})
    assert "no revision 2" in taosha("diff", "2", "--to", "2", store=changed, code=ExitCode.USAGE)


def test_a_page_leads_to_the_article_that_it_gave(changed: str) -> None:
    assert "新题" in taosha("diff", "p1", store=changed)
    assert taosha("history", "p1", store=changed) == taosha("history", "1", store=changed)
    assert "article 1: taosha show 1" in CliRunner().invoke(app, ["show", "p1", "--store", changed]).stderr
    assert "taosha show 1 --text" in taosha("show", "p1", "--text", store=changed, code=ExitCode.USAGE)
