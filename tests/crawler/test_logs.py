"""Log lines: as text or JSON, and never with a secret."""

import json
import os
import pty
import subprocess

import pytest

from crawler.cli.logs import scrubbed
from tests.crawler.crawling import LOOPBACK, Site, article, command, environment, listing


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("GET https://user:pa%40ss@example.org/a", "GET https://***@example.org/a"),
        ("postgresql+psycopg://me:word@db/news", "postgresql+psycopg://***@db/news"),
        ("http://h/a?access_token=abc.def&page=2", "http://h/a?access_token=***&page=2"),
        ("http://h/a?api_key=abc", "http://h/a?api_key=***"),
        ("Authorization: Bearer abc.def", "Authorization: ***"),
        ("{'Cookie': 'session=1; b=2'}", "{'Cookie': ***"),
        ("Set-Cookie: a=1; HttpOnly", "Set-Cookie: ***"),
    ],
)
def test_secrets_are_left_out(said, kept):
    assert scrubbed(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "GET https://example.org/a@b.html",
        "https://example.org/?to=me@example.org",
        "mail me@example.org",
        "https://example.org/?monkey=1&keys=2",
        "the cookies file is empty",
        "/tokens=3 were found",
        "站点 https://example.org/：作者@张三",
    ],
)
def test_what_is_no_secret_stays(said):
    assert scrubbed(said) == said


@pytest.fixture
def paper():
    pages = {f"/2026/{100000 + n}.html": article(f"第{n}篇报道的标题写得足够长了") for n in range(3)}
    front = listing({path: f"{path}的标题写得足够长了" for path in pages})
    with Site(lambda path: front if path == "/" else pages.get(path)) as site:
        yield site


def arguments(site, tmp_path):
    return command(
        "crawl", site.url, "--store", str(tmp_path / "s.db"), "--delay", "0", "--allow-network", LOOPBACK
    )


def test_lines_of_json_begin_with_the_versions(paper, tmp_path):
    done = subprocess.run(
        [*arguments(paper, tmp_path), "--log-format", "json"],
        capture_output=True, text=True, check=True, env=environment(), timeout=120,
    )  # fmt: skip
    lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    assert {"time", "level", "logger", "message"} <= set(lines[0])
    assert lines[0]["level"] == "info"
    for name in ("python ", "scrapy ", "trafilatura ", "sqlalchemy "):
        assert name in lines[0]["message"]


def test_a_terminal_gets_a_table_and_no_log_lines(paper, tmp_path):
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        arguments(paper, tmp_path), stderr=theirs, stdout=subprocess.DEVNULL,
        env=environment(TERM="xterm", COLUMNS="120"),
    )  # fmt: skip
    os.close(theirs)
    seen = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the child has closed its end
            break
        if not part:
            break
        seen += part
    os.close(ours)
    assert child.wait(60) == 0, seen.decode()
    shown = seen.decode()
    assert "pages/min" in shown
    assert "waiting" in shown
    assert " INFO " not in shown
