"""WARC files, written by hand as the standard (ISO 28500) lays them out."""

import gzip
from datetime import UTC, datetime

import pytest

from cleaners.model import Page
from crawler.archive.writing import ArchiveWriter
from crawler.dumps import archives
from crawler.dumps.entry import Options
from crawler.dumps.files import read_file
from tests.crawler.pages import html_bytes

pytest.importorskip("warcio")

HTML = html_bytes("gbk")


def record(kind, url, payload, number=1):
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2025-01-19T06:30:50Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{number}>\r\nContent-Type: application/http; msgtype={kind}\r\n"
        f"Content-Length: {len(payload)}\r\n\r\n"
    )
    return head.encode() + payload + b"\r\n\r\n"


def answer(status, content_type, body):
    return f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nServer: x\r\n\r\n".encode() + body


RECORDS = (
    record("request", "https://a.example/1", b"GET /1 HTTP/1.1\r\nHost: a.example\r\n\r\n", 1),
    record("response", "https://a.example/1", answer("200 OK", "text/html; charset=gbk", HTML), 2),
    record("response", "https://a.example/i.png", answer("200 OK", "image/png", b"\x89PNG"), 3),
    record("response", "https://a.example/2", answer("302 Found", "text/html", b""), 4),
    record("response", "https://a.example/3", answer("404 Not Found", "text/html", b"<html>gone"), 5),
)


def test_the_html_answers_come_out_with_what_the_record_knows(tmp_path):
    path = tmp_path / "a.warc"
    path.write_bytes(b"".join(RECORDS))
    good, gone = read_file(path, Options())
    assert (good.url, good.body, good.status) == ("https://a.example/1", HTML, 200)
    assert good.content_type == "text/html; charset=gbk"
    assert good.fetched_at == datetime(2025, 1, 19, 6, 30, 50, tzinfo=UTC)
    assert good.origin == f"{path}!<urn:uuid:2>"
    assert ("Server", "x") in good.headers
    assert gone.status == 404


def test_packed_warcs_are_read_and_bodies_limited(tmp_path):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join(gzip.compress(r) for r in RECORDS))
    good, _ = read_file(path, Options(limit=20))
    assert good.body == HTML[:21]


def test_a_file_that_is_no_warc_is_unread(tmp_path):
    path = tmp_path / "a.warc"
    path.write_bytes(b"this is no warc at all\n" * 10)
    (item,) = read_file(path, Options())
    assert item.reason == "broken_archive"


def test_a_bomb_is_left_where_it_shows(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "FREE_BYTES", 1 << 20)
    page = answer("200 OK", "text/html", bytes(1 << 18))
    path = tmp_path / "a.warc.gz"
    path.write_bytes(
        b"".join(gzip.compress(record("response", f"https://a.example/{n}", page, n)) for n in range(400))
    )
    items = list(read_file(path, Options(limit=1 << 18)))
    assert 1 < len(items) < 400
    assert items[-1].reason == "archive_bomb"


def test_files_in_an_archive_of_our_own_are_pages(tmp_path):
    pages = [
        Page("file:///d/1.html", HTML, origin="/d/1.html"),
        Page("file:///d/2.txt", "正文。".encode(), "text/plain", origin="/d/2.txt"),
    ]
    path = tmp_path / "own.warc"
    with path.open("wb") as stream:
        writer = ArchiveWriter(stream, packed=False, software="taosha")
        for page in pages:
            writer.write(page, "files")
    found = list(read_file(path, Options()))
    assert [(page.url, page.body, page.content_type) for page in found] == [
        (page.url, page.body, page.content_type) for page in pages
    ]
    assert {(page.status, page.fetched_at, page.headers) for page in found} == {(None, None, ())}


def test_resources_of_other_programs_are_pages_if_they_are_html(tmp_path):
    head = (
        "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: {}\r\nWARC-Date: 2025-01-19T06:30:50Z\r\n"
        "WARC-Record-ID: <urn:uuid:{}>\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n"
    )
    kinds = {"https://a.example/1": "text/html; charset=gbk", "metadata://log": "text/plain"}
    path = tmp_path / "a.warc"
    path.write_bytes(
        b"".join(
            head.format(url, url, kind, len(HTML)).encode() + HTML + b"\r\n\r\n"
            for url, kind in kinds.items()
        )
    )
    (found,) = read_file(path, Options())
    assert (found.url, found.body, found.content_type) == (
        "https://a.example/1",
        HTML,
        "text/html; charset=gbk",
    )
