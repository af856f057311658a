"""`taosha health` and `failures`, and the hooks of a crawl, against a site that changes under us."""

import json
import sqlite3
import sys
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from typer.testing import CliRunner

from crawler.cli.app import app
from tests.crawler.crawling import LOOPBACK, Answer, Ran, Site, article, listing
from tests.crawler.crawling import run as run_process

SHELL = Answer(b"<html><body><div id=app></div><script src=/a.js></script></body></html>")


class Paper(Site):
    """A home page that links ``size`` articles; ``mode`` says how it answers."""

    def __init__(self, size=8):
        super().__init__(self.answer)
        self.first, self.size, self.mode = 0, size, "well"

    def answer(self, path):
        if path == "/":
            if self.mode == "empty":
                return listing({})
            names = range(self.first, self.first + self.size)
            return listing({f"/2026/{100000 + n}.html": f"第{n}篇报道的标题写得足够长了" for n in names})
        if not path.startswith("/2026/"):
            return None
        if self.mode == "refusing":
            return Answer(b"go away", 403)
        if self.mode == "broken" and path.endswith("3.html"):
            return Answer(b"", 500)
        return SHELL if self.mode == "redesigned" else article(f"标题{path[-11:-5]}写得足够长了")


def run(*arguments):
    """In this process: only a crawl needs one of its own."""
    done = CliRunner().invoke(app, arguments)
    return Ran(done.exit_code, done.stdout, done.stderr)


def crawl(site, store, *more):
    fast = ("--delay", "0", "--concurrency", "8", "-s", "RETRY_TIMES=0", "--allow-network", LOOPBACK)
    return run_process("crawl", site.url, "--store", str(store), "--json", *fast, *more)


@pytest.fixture
def site():
    with Paper() as paper:
        yield paper


def name_of(site):
    return site.url.removeprefix("http://").rstrip("/")


def test_a_source_that_is_well_and_then_redesigned(site, tmp_path):
    store = tmp_path / "s.db"
    assert crawl(site, store).code == 0
    well = run("health", "--store", str(store), "--json")
    (figures,) = well.json
    assert (well.code, figures["state"], figures["new"], figures["dated"]) == (0, "ok", 8, 8)
    assert figures["requested"] >= 10  # robots.txt, home page, sitemaps that may be there, articles
    site.first, site.mode = 8, "redesigned"
    again = crawl(site, store)
    assert (again.code, again.json["status"]) == (3, "partial")
    assert [finding["code"] for finding in again.json["findings"]] == ["redesign"]
    ill = run("health", "--store", str(store))
    assert ill.code == 3
    assert f"{name_of(site)}: redesign: 8 of 8 pages gave no article; usually 0%" in ill.err
    assert ill.out.split("\t")[1] == "redesign"
    history = run("health", name_of(site), "--store", str(store))
    assert [line.split("\t")[3] for line in history.out.splitlines()] == ["redesign", "ok"]


@pytest.mark.parametrize(("mode", "code"), [("refusing", "blocked"), ("empty", "feed_empty")])
def test_what_goes_wrong_is_told_apart(site, tmp_path, mode, code):
    store = tmp_path / "s.db"
    assert crawl(site, store).code == 0
    site.first, site.mode = 8, mode
    again = crawl(site, store)
    assert again.code == 3
    assert [finding["code"] for finding in again.json["findings"]] == [code]


def test_health_of_an_unknown_source_and_of_a_store_without_crawls(tmp_path):
    store = tmp_path / "s.db"
    page = tmp_path / "a.html"
    page.write_bytes(article("标题写得足够长了").body)
    run("clean", str(page), "--store", str(store))
    assert "no crawl has ended yet" in run("health", "--store", str(store)).err
    assert run("health", "nobody", "--store", str(store)).code == 2


def test_metrics_for_prometheus(site, tmp_path):
    store, file = tmp_path / "s.db", tmp_path / "taosha.prom"
    crawl(site, store)
    assert run("health", "--store", str(store), "--prometheus", str(file)).code == 0
    lines = file.read_text().splitlines()
    assert f'taosha_source_new{{source="{name_of(site)}"}} 8.0' in lines
    assert f'taosha_source_finding{{code="blocked",source="{name_of(site)}"}} 0.0' in lines


def test_failures_are_listed_and_tried_again_when_asked(site, tmp_path):
    store = tmp_path / "s.db"
    site.mode = "broken"
    assert crawl(site, store).code == 0
    (failure,) = run("failures", "list", "--store", str(store), "--json").json
    assert (failure["reason"], failure["detail"]) == ("http_error", "article: 500 Internal Server Error")
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("UPDATE frontier SET due_at = '2999-01-01T00:00:00.000Z' WHERE state = 'failed'")
    site.mode = "well"
    retried = run("failures", "retry", "--reason", "http_error", "--store", str(store), "--json")
    assert retried.json == {"due": 1, "not_crawled": 0}
    assert crawl(site, store).json["sources"][name_of(site)]["new"] == 1
    assert run("failures", "list", "--store", str(store), "--json").json == []


def test_failures_of_files_can_not_be_crawled(tmp_path):
    store, broken = tmp_path / "s.db", tmp_path / "b.zip"
    broken.write_bytes(b"PK\x03\x04 no archive")
    run("clean", str(broken), "--store", str(store))
    done = run("failures", "retry", "--store", str(store))
    assert "1 did not come from a crawl" in done.err


@pytest.mark.parametrize("arguments", [["--since", "soon"], ["--limit", "-1"]])
def test_what_failures_list_refuses(tmp_path, arguments):
    assert run("failures", "list", "--store", str(tmp_path / "s.db"), *arguments).code == 2


def test_a_hook_gets_the_result_and_can_not_harm_the_crawl(site, tmp_path):
    script = tmp_path / "hook.py"
    told = str(tmp_path / "told.json")
    script.write_text(f"import sys\nopen({told!r}, 'w').write(sys.stdin.read())\nsys.exit(9)")
    done = crawl(site, tmp_path / "s.db", "--hook", f"{sys.executable} {script}")
    assert done.code == 0
    assert "ended with 9" in done.err
    assert json.loads((tmp_path / "told.json").read_text()) == done.json


def test_a_webhook_gets_the_result_and_its_address_stays_secret(site, tmp_path):
    told = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(500)
            self.end_headers()

        def log_message(self, *_):
            """Quiet."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/secret-token"
        done = crawl(site, tmp_path / "s.db", "--webhook", url)
        thread.join(timeout=30)
    assert told == [done.json]
    assert done.code == 0
    assert "answered 500" in done.err
    assert "secret-token" not in done.err
