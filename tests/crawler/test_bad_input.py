"""Bad input: a clear message, the documented exit code, nothing half-written, nothing else lost."""

import errno
import json
import sqlite3
import zlib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crawler.cli.app import app
from crawler.limits import Limits
from tests.crawler.pages import PARAGRAPHS, html, html_bytes

GOOD = html_bytes()
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + zlib.compress(bytes(range(256)) * 50)
ENCODINGS = ("utf-8", "gb18030", "gbk", "gb2312", "big5", "utf-16", "iso-8859-1", "windows-1252", "shift_jis")
NAVIGATION = "".join(f"<li><a href='/{i}'>栏目{i}</a></li>" for i in range(40))


@pytest.fixture
def clean(tmp_path, monkeypatch):
    monkeypatch.delenv("TAOSHA_STORE", raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        return CliRunner().invoke(app, ["clean", *map(str, arguments), "--workers", "0", "--json"])

    return run


def rows(query, path="taosha.db"):
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


REJECTED = {
    "empty.html": (b"", "empty"),
    "blank.html": (b" \r\n\t " * 100, "empty"),
    "picture.html": (PNG, "not_html"),
    "archive.html": (b"PK\x03\x04" + bytes(range(256)) * 20, "not_html"),
    "huge.html": (html().encode() + b" " * (30 << 20), "too_large"),
    "menu.html": (f"<html><body><ul>{NAVIGATION}</ul></body></html>".encode(), None),
    "markup-only.html": (b"<html><head><title>x</title></head><body><div></div></body></html>", None),
}


@pytest.mark.parametrize("name", REJECTED)
def test_a_page_that_is_no_article_has_a_reason_and_the_next_one_goes_in(clean, tmp_path, name):
    body, reason = REJECTED[name]
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / name).write_bytes(body)
    (folder / "zz-good.html").write_bytes(GOOD)
    result = clean(folder)
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert (found["counts"]["new"], found["counts"]["rejected"]) == (1, 1)
    (problem,) = found["problems"]
    assert problem["origin"] == str(folder / name)
    assert problem["detail"]
    assert problem["reason"] == reason or (reason is None and problem["reason"] != "fault")
    assert rows("select count(*) from pages") == [(2,)]


def test_of_a_huge_page_the_start_is_kept(clean, tmp_path):
    (tmp_path / "huge.html").write_bytes(html().encode() + b" " * (30 << 20))
    clean(tmp_path / "huge.html")
    assert rows("select size from bodies") == [(Limits().body_bytes + 1,)]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_invalid_bytes_in_every_encoding_end_in_an_outcome(clean, tmp_path, encoding):
    """Bytes that the declared encoding does not have, strewn over a page that is otherwise right."""
    body = bytearray(html(head=f"<meta charset='{encoding}'>").encode(encoding, "replace"))
    for spot in range(200, len(body), 97):
        body[spot : spot + 1] = b"\xff\xfe\x80\x00"[spot % 4 : spot % 4 + 1]
    (tmp_path / "a.html").write_bytes(bytes(body))
    result = clean(tmp_path / "a.html", "--source", "s")
    found = json.loads(result.stdout)
    assert result.exit_code == 0, result.stderr
    assert sum(found["counts"].values()) == 1
    assert "fault" not in found["reasons"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5", "utf-16"])
def test_random_bytes_that_claim_an_encoding_are_no_fault(clean, tmp_path, encoding):
    noise = zlib.compress(bytes(i * i % 251 for i in range(20000)), 1)
    (tmp_path / "a.html").write_bytes(f"<html><meta charset={encoding}><p>".encode() + noise)
    found = json.loads(clean(tmp_path / "a.html").stdout)
    assert "fault" not in found["reasons"]


def test_a_missing_path_stops_before_anything_is_written(clean, tmp_path):
    (tmp_path / "good.html").write_bytes(GOOD)
    result = clean("good.html", "nowhere.html")
    assert result.exit_code == 2
    assert "nowhere.html" in result.stderr
    assert not (tmp_path / "taosha.db").exists()


def test_a_folder_without_pages_is_said_and_makes_no_store(clean, tmp_path):
    (tmp_path / "style.css").write_text("p {}")
    result = clean(tmp_path)
    assert result.exit_code == 5
    assert not (tmp_path / "taosha.db").exists()


def test_an_unreadable_file_is_reported_and_recorded_and_the_rest_goes_in(clean, tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.html.gz").write_bytes(b"no gzip at all")
    (folder / "b.html").write_bytes(GOOD)
    result = clean(folder)
    assert result.exit_code == 3
    found = json.loads(result.stdout)
    assert (found["counts"]["new"], found["counts"]["unread"]) == (1, 1)
    assert rows("select origin, reason from failures") == [(str(folder / "a.html.gz"), "unreadable")]


def test_a_file_without_permission_costs_only_itself(clean, tmp_path, monkeypatch):
    closed = tmp_path / "closed.html"
    closed.write_bytes(GOOD)
    (tmp_path / "good.html").write_bytes(GOOD)
    # Stands in for the permission, which does not bind the root user.
    monkeypatch.setattr("os.access", lambda path, *_, **__: Path(path) != closed)
    opened = Path.open

    def refuse(path, *arguments, **options):
        if path == closed:
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)
    result = clean(closed, tmp_path / "good.html")
    assert result.exit_code == 3, result.stderr
    found = json.loads(result.stdout)
    assert (found["counts"]["new"], found["counts"]["unread"]) == (1, 1)
    assert found["problems"][0] == {
        "origin": str(closed),
        "reason": "unreadable",
        "detail": "Permission denied",
    }


def test_nothing_readable_at_all_has_its_own_code(clean, tmp_path):
    (tmp_path / "a.zip").write_bytes(b"no zip")
    assert clean(tmp_path / "a.zip").exit_code == 5


@pytest.mark.parametrize("content", [b"this is a diary, not a database\n" * 100, PNG])
def test_a_store_that_is_no_database_is_left_alone(clean, tmp_path, content):
    (tmp_path / "good.html").write_bytes(GOOD)
    (tmp_path / "diary.txt").write_bytes(content)
    result = clean("good.html", "--store", "sqlite:///diary.txt")
    assert result.exit_code == 4
    assert "diary.txt" in result.stderr
    assert (tmp_path / "diary.txt").read_bytes() == content


def test_a_database_of_another_program_is_left_alone(clean, tmp_path):
    (tmp_path / "good.html").write_bytes(GOOD)
    connection = sqlite3.connect(tmp_path / "other.db")
    connection.execute("create table recipes (name)")
    connection.commit()
    connection.close()
    before = (tmp_path / "other.db").read_bytes()
    assert clean("good.html", "--store", "sqlite:///other.db").exit_code == 4
    assert (tmp_path / "other.db").read_bytes() == before


def test_a_store_of_a_newer_version_is_left_alone(clean, tmp_path):
    (tmp_path / "good.html").write_bytes(GOOD)
    assert clean("good.html").exit_code == 0
    _pretend_newer(tmp_path / "taosha.db")
    before = rows("select count(*) from pages"), rows("select count(*) from runs")
    (tmp_path / "more.html").write_bytes(html_bytes(title="另一篇"))
    result = clean("more.html")
    assert result.exit_code == 8
    assert "newer" in result.stderr
    assert (rows("select count(*) from pages"), rows("select count(*) from runs")) == before


def _pretend_newer(path):
    connection = sqlite3.connect(path)
    tables = {name for (name,) in connection.execute("select name from sqlite_master")}
    if "alembic_version" in tables:
        connection.execute("update alembic_version set version_num = '9999'")
    version = connection.execute("pragma user_version").fetchone()[0]
    connection.execute(f"pragma user_version = {version + 1}")
    connection.commit()
    connection.close()


@pytest.mark.parametrize("url", ["mysql://localhost/x", "sqlite:///", "sqlite://:memory:"])
def test_a_store_url_that_names_no_file_is_a_usage_error(clean, tmp_path, url):
    (tmp_path / "good.html").write_bytes(GOOD)
    assert clean("good.html", "--store", url).exit_code == 2


def test_a_store_in_a_folder_that_does_not_exist_is_said(clean, tmp_path):
    (tmp_path / "good.html").write_bytes(GOOD)
    result = clean("good.html", "--store", "sqlite:///no/such/folder/a.db")
    assert result.exit_code == 4
    assert "folder" in result.stderr


@pytest.mark.parametrize("name", ["klingon-8", "rot13", "hex", ""])
def test_an_encoding_that_is_none_is_a_usage_error(clean, tmp_path, name):
    (tmp_path / "good.html").write_bytes(GOOD)
    result = clean("good.html", "--encoding", name)
    assert result.exit_code == 2
    assert not (tmp_path / "taosha.db").exists()


def test_a_damaged_page_keeps_the_words_around_the_damage(clean, tmp_path):
    body = html_bytes().replace(PARAGRAPHS[1].encode(), PARAGRAPHS[1].encode() + b"\xff\xfe")
    (tmp_path / "a.html").write_bytes(body)
    assert clean(tmp_path / "a.html").exit_code == 0
    ((text,),) = rows("select text from articles")
    assert PARAGRAPHS[0] in text
    assert PARAGRAPHS[2] in text
