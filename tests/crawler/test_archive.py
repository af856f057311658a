"""WARC files out of a store and into another one; with another program's reader between."""

import gzip
import json
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from cleaners.model import Page, Via
from crawler.archive.reading import read_archive
from crawler.archive.writing import ArchiveWriter
from crawler.cli.app import app
from crawler.dumps.entry import Unread
from storage import open_store
from storage.raw_pages import load_page, page_numbers
from tests.crawler.crawling import article
from tests.crawler.pages import html_bytes

pytest.importorskip("warcio")

MOMENT = datetime(2026, 3, 5, 8, 30, 1, tzinfo=UTC)
CRAWLED = Page(
    "https://a.example/2026/1.html?页=1",
    html_bytes("gbk"),
    content_type="text/html; charset=gbk",
    status=200,
    headers=(("content-type", "text/html; charset=gbk"), ("content-encoding", "gzip"), ("etag", '"1"')),
    fetched_at=MOMENT,
    origin="https://a.example/r/1",
    via=Via.CRAWL,
    request_headers=(("user-agent", "taosha/1"), ("accept", "text/html")),
)
PAGES = {
    "crawled": CRAWLED,
    "without a redirect": replace(CRAWLED, origin=CRAWLED.url),
    "an error page": replace(CRAWLED, status=404),
    "a status of no standard": replace(CRAWLED, status=799),
    "without headers": replace(CRAWLED, headers=(), request_headers=(), content_type=None),
    "a file": Page("file:///d/%E9%A1%B5.html", html_bytes(), fetched_at=MOMENT, origin="/d/页.html"),
    "a file without a date": Page("file:///d/1.html", html_bytes(), origin="/d/1.html"),
    "a body of nothing": replace(CRAWLED, body=b""),
    "a body that looks like a record": replace(CRAWLED, body=b"WARC/1.1\r\nWARC-Type: response\r\n\r\n\r\n"),
}


def written(path, *pages, source="daily"):
    with path.open("wb") as stream:
        writer = ArchiveWriter(stream, packed=path.name.endswith(".gz"), software="taosha")
        for page in pages:
            writer.write(page, source)
    return path


def read_back(path):
    return list(read_archive(path, 1 << 20))


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("file", ["a.warc", "a.warc.gz"])
def test_what_is_written_is_read_back(tmp_path, name, file):
    page = PAGES[name]
    ((found, source),) = read_back(written(tmp_path / file, page))
    assert found == page
    assert source == "daily"


def test_headers_can_not_break_out_of_their_line(tmp_path):
    evil = replace(CRAWLED, headers=(("x", "1\r\nWARC-Type: request"),), origin="https://a.example/\r\nx: 1")
    ((found, _),) = read_back(written(tmp_path / "a.warc", evil, source="a\r\nb: c"))
    assert found.headers[0] == ("x", "1  WARC-Type: request")


def test_the_same_pages_give_the_same_records(tmp_path):
    files = [written(tmp_path / name, *PAGES.values()) for name in ("a.warc", "b.warc")]
    ids = [re.findall(rb"Record-ID: (\S+)", file.read_bytes()) for file in files]
    assert ids[0][1:] == ids[1][1:]  # the first is the file's own


def test_other_readers_find_the_same(tmp_path):
    from warcio.archiveiterator import ArchiveIterator

    with written(tmp_path / "a.warc.gz", CRAWLED).open("rb") as file:
        records = [
            (r.rec_type, r.rec_headers.get_header("WARC-Target-URI"), r.content_stream().read())
            for r in ArchiveIterator(file, check_digests="raise")
        ]
    assert [kind for kind, _, _ in records] == ["warcinfo", "response", "request"]
    assert records[1][2] == CRAWLED.body


def test_a_file_that_breaks_off_gives_what_was_whole(tmp_path):
    whole = written(tmp_path / "a.warc.gz", CRAWLED, replace(CRAWLED, origin="https://a.example/2"))
    cut = tmp_path / "cut.warc.gz"
    cut.write_bytes(whole.read_bytes()[:-700])  # in the body of the second page
    first, second = read_back(cut)
    assert first[0] == CRAWLED
    assert isinstance(second, Unread)
    assert "breaks off" in second.detail


def test_records_of_others_belong_to_their_host(tmp_path):
    body = html_bytes()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    payload = head + body
    record = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <https://b.example/1>\r\n"
        "WARC-Date: 2025-01-19T06:30:50Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(payload)}\r\n\r\n"
    ).encode() + payload + b"\r\n\r\n"  # fmt: skip
    path = tmp_path / "b.warc.gz"
    path.write_bytes(gzip.compress(record))
    ((page, source),) = read_back(path)
    assert (source, page.origin, page.via) == ("b.example", "https://b.example/1", Via.ARCHIVE)
    assert ("Content-Length", str(len(body))) in page.headers


def taosha(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture
def store(tmp_path):
    """A store with one crawled page and one file."""
    path = tmp_path / "a.db"
    with open_store(path) as opened:
        run = opened.start_run("crawl", ["daily"], {})
        page = replace(CRAWLED, body=article("标题写得足够长了").body)
        opened.add_pages([(page, "daily"), (PAGES["a file"], "files")], run)
        opened.finish_run(run, "finished", {})
    return path


def pages_of(path):
    with open_store(path, read_only=True) as opened:
        return [(load_page(opened, number), source) for number, source in page_numbers(opened)]


def test_a_store_goes_through_an_archive_unharmed(store, tmp_path):
    file, other = tmp_path / "a.warc.gz", tmp_path / "b.db"
    assert taosha("archive", "export", file, "--store", store).exit_code == 0
    done = taosha("archive", "import", file, "--store", other, "--json")
    assert (done.exit_code, json.loads(done.stdout)["counts"]) == (0, {"new": 2})
    assert pages_of(other) == pages_of(store)
    again = taosha("archive", "import", file, "--store", other, "--json")
    assert json.loads(again.stdout)["counts"] == {"unchanged": 2}


def test_only_one_source_if_asked(store, tmp_path):
    file = tmp_path / "a.warc"
    done = taosha("archive", "export", file, "--store", store, "--source", "daily", "--json")
    assert json.loads(done.stdout)["pages"] == 1
    assert [page.url for page, _ in read_back(file)] == [CRAWLED.url]


def test_a_broken_archive_is_said_and_recorded(store, tmp_path):
    broken = tmp_path / "x.warc.gz"
    broken.write_bytes(b"no archive")
    done = taosha("archive", "import", broken, "--store", store)
    assert done.exit_code == 5
    assert "broken_archive" in done.stderr
    with closing(sqlite3.connect(store)) as connection:
        assert connection.execute("SELECT reason FROM failures").fetchall() == [("broken_archive",)]


def test_nothing_is_left_of_an_export_that_fails(tmp_path, store):
    target = tmp_path / "missing" / "a.warc"
    done = taosha("archive", "export", target, "--store", store)
    assert done.exit_code == 2
    assert "can not be written" in done.stderr


def test_a_file_that_is_no_archive_is_said_in_one_line(tmp_path, capfd):
    path = tmp_path / "a.warc"
    path.write_bytes("<p>一页</p>\n".encode() * 9)
    (found,) = read_back(path)
    assert (found.reason, found.detail) == ("broken_archive", "not a WARC file")
    assert capfd.readouterr() == ("", "")
