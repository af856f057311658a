"""Readers of local files: what is found in folders, and what a page says about where it is from."""

import gzip
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cleaners.model import Page, Via
from crawler.dumps.entry import Options, Unread
from crawler.dumps.files import read_file
from crawler.dumps.kinds import Kind, kind_of_name, looks_like_html
from crawler.dumps.walk import walk
from tests.crawler.pages import TEXT, html_bytes

HTML = html_bytes()


def write(folder: Path, **files: bytes) -> Path:
    for name, data in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def read_one(path: Path, options: Options | None = None) -> Page | Unread:
    (item,) = read_file(path, options or Options())
    return item


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.html", Kind.HTML),
        ("A.HTM", Kind.HTML),
        ("a.xhtml", Kind.HTML),
        ("a.shtml", Kind.HTML),
        ("a.txt", Kind.PLAIN),
        ("a.html.gz", Kind.GZIP),
        ("a.txt.gz", Kind.GZIP),
        ("a.zip", Kind.ZIP),
        ("a.tar", Kind.TAR),
        ("a.tar.gz", Kind.TAR),
        ("a.tgz", Kind.TAR),
        ("a.tar.xz", Kind.TAR),
        ("a.warc", Kind.WARC),
        ("a.warc.gz", Kind.WARC),
        ("a.css", None),
        ("a.sql.gz", None),
        ("a.gz", None),
        ("html", None),
        ("a", None),
    ],
)
def test_names_state_kinds(name, kind):
    assert kind_of_name(name) is kind


@pytest.mark.parametrize(
    ("start", "is_html"),
    [
        (b"<!doctype html><p>", True),
        (b"\xef\xbb\xbf  <HTML>", True),
        ("<html><body>".encode("utf-16"), True),
        (b"<?xml version='1.0'?><html xmlns='x'>", True),
        (b"#!/bin/sh\necho", False),
        (b"\x89PNG\r\n", False),
        (b"", False),
        ("一段话。".encode(), False),
    ],
)
def test_markup_is_recognised_by_its_start(start, is_html):
    assert looks_like_html(start) is is_html


def test_a_folder_gives_its_pages_sorted_and_passes_over_the_rest(tmp_path):
    write(
        tmp_path,
        b_html=HTML,
        a_htm=HTML,
        c_txt=b"x",
        sub__d_xhtml=HTML,
        style_css=b"p {}",
        a_json=b"{}",
        b_url=b"https://a.example/",
        image_png=b"\x89PNG",
    )
    write(tmp_path, bare=HTML, script=b"#!/bin/sh")
    (tmp_path / ".hidden.html").write_bytes(HTML)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "e.html").write_bytes(HTML)
    found = list(walk([tmp_path]))
    names = [str(f.path.relative_to(tmp_path)) for f in found]
    assert names == ["a.htm", "b.html", "bare", "c.txt", "sub/d.xhtml"]
    assert {f.source for f in found} == {tmp_path.name}


def test_links_that_lead_back_are_entered_once(tmp_path):
    write(tmp_path, sub__a_html=HTML)
    (tmp_path / "sub" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "twin").symlink_to(tmp_path / "sub", target_is_directory=True)
    assert len(list(walk([tmp_path]))) == 1


def test_a_file_given_by_name_is_read_whatever_it_is_called(tmp_path):
    write(tmp_path, page_php=HTML)
    (found,) = walk([tmp_path / "page.php"])
    assert found.source == tmp_path.name
    assert read_one(found.path).body == HTML


def test_a_folder_without_permission_is_reported(tmp_path, monkeypatch):
    write(tmp_path, locked__a_html=HTML, open__b_html=HTML)
    scan = os.scandir

    def refuse(path):
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)  # permissions themselves do not stop root
    first, second = sorted(walk([tmp_path]), key=lambda f: f.unread is None)
    assert first.unread == Unread(str(tmp_path / "locked"), "unreadable", "Permission denied")
    assert second.path == tmp_path / "open" / "b.html"


def test_a_page_without_a_sidecar_has_a_file_uri_and_states_nothing(tmp_path):
    path = write(tmp_path, a_html=HTML) / "a.html"
    page = read_one(path)
    assert page == Page(path.as_uri(), HTML, None, origin=str(path), via=Via.FILE)


@pytest.mark.parametrize("name", ["a.html.json", "a.json"])
def test_a_json_sidecar_says_where_a_page_is_from(tmp_path, name):
    path = write(tmp_path, a_html=HTML) / "a.html"
    fields = {
        "url": "https://news.example/1",
        "fetched_at": "2025-01-19T06:30:50+08:00",
        "content_type": "text/html; charset=gbk",
        "status": 200,
    }
    (tmp_path / name).write_text(json.dumps(fields))
    page = read_one(path)
    assert page.url == "https://news.example/1"
    assert page.fetched_at == datetime(2025, 1, 18, 22, 30, 50, tzinfo=UTC)
    assert (page.content_type, page.status) == ("text/html; charset=gbk", 200)
    assert page.origin == str(path)


@pytest.mark.parametrize(
    "text", ["https://news.example/1\n", "[InternetShortcut]\r\nURL=https://news.example/1\r\n"]
)
@pytest.mark.parametrize("name", ["a.html.url", "a.url"])
def test_a_url_sidecar_is_one_line_or_a_shortcut(tmp_path, name, text):
    path = write(tmp_path, a_html=HTML) / "a.html"
    (tmp_path / name).write_text(text)
    assert read_one(path).url == "https://news.example/1"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[]",
        '{"url": 5}',
        '{"url": "ftp://x/"}',
        '{"title": "other"}',
        "[" * 99999,
        '{"url": "javascript:x"}',
    ],
)
def test_a_sidecar_that_says_nothing_usable_is_passed_over(tmp_path, text):
    path = write(tmp_path, a_html=HTML) / "a.html"
    (tmp_path / "a.json").write_text(text)
    assert read_one(path).url == path.as_uri()


@pytest.mark.parametrize("moment", ["yesterday", "", None, 5, "0001-01-01T00:00:00+14:00"])
def test_a_sidecar_with_a_bad_time_still_gives_its_url(tmp_path, moment):
    path = write(tmp_path, a_html=HTML) / "a.html"
    (tmp_path / "a.json").write_text(json.dumps({"url": "https://a.example/", "fetched_at": moment}))
    page = read_one(path)
    assert (page.url, page.fetched_at) == ("https://a.example/", None)


def test_text_dumps_are_labelled_and_markup_called_txt_is_not(tmp_path):
    write(tmp_path, a_txt=TEXT.encode(), b_txt=HTML)
    assert read_one(tmp_path / "a.txt").content_type == "text/plain"
    assert read_one(tmp_path / "b.txt").content_type is None


def test_gzip_files_are_opened_and_take_the_kind_of_their_inner_name(tmp_path):
    write(tmp_path, a_html_gz=gzip.compress(HTML), b_txt_gz=gzip.compress(TEXT.encode()))
    assert read_one(tmp_path / "a.html.gz").body == HTML
    assert read_one(tmp_path / "b.txt.gz").content_type == "text/plain"


@pytest.mark.parametrize(
    ("options", "label"),
    [
        (Options(), None),
        (Options(encoding="gbk"), "text/html; charset=gbk"),
        (Options(plain=True), "text/plain"),
        (Options(plain=True, encoding="big5"), "text/plain; charset=big5"),
    ],
)
def test_options_decide_the_label(tmp_path, options, label):
    path = write(tmp_path, a_html=HTML) / "a.html"
    assert read_one(path, options).content_type == label


def test_of_a_huge_file_only_what_shows_its_size_is_read(tmp_path):
    write(tmp_path, a_html=b"x" * 5000, b_html_gz=gzip.compress(b"x" * 5000))
    for name in ("a.html", "b.html.gz"):
        assert len(read_one(tmp_path / name, Options(limit=100)).body) == 101


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.html.gz", b"no gzip"), ("b.html.gz", gzip.compress(HTML)[:-20]), ("c.html.gz", b"\x1f\x8b\x08")],
)
def test_broken_gzip_is_unread_with_a_reason(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    item = read_one(tmp_path / name)
    assert isinstance(item, Unread)
    assert item.reason == "unreadable"
    assert item.detail


def test_what_is_no_file_is_never_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.html")
    assert read_one(tmp_path / "pipe.html").reason == "not_a_file"
    (tmp_path / "dangling.html").symlink_to(tmp_path / "nowhere")
    assert read_one(tmp_path / "dangling.html").reason == "unreadable"


def test_a_name_that_is_no_text_can_still_be_read(tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xd6\xd0.html"))
    path.write_bytes(HTML)
    assert read_one(path).body == HTML
