"""One crawl of hostile and broken sites: what is asked, what is recorded, and that it ends."""

import json
import threading
from dataclasses import dataclass

import pytest

from tests.crawler.crawling import Answer, Ran, Site, article, listing, run

CUT = Answer(b"<html><body>only a part of it", headers={"Content-Length": "5000"})


@dataclass
class Hostile:
    ran: Ran
    failures: dict[str, str]
    closed: list[str]
    secret: list[str]
    agents: set[str]

    def source(self, name):
        return self.ran.json["sources"][name]


def _faulty(answers, never):
    def respond(path):
        if path == "/hang":
            never.wait(20)
        return answers.get(path)

    return respond


def _answers(secret_url):
    paths = {
        "/a/10001.html": "一篇完全正常的文章，可以放心抓取",
        "/a/10002.html": "这篇文章已经被编辑部撤下来了",
        "/a/10003.html": "这篇文章的地址不停地跳转到自己",
        "/a/10004.html": "这篇文章的正文大得超过了限制",
        "/a/10005.html": "这篇文章只传来了一部分就断开",
        "/a/10006.html": "这篇文章跳转到另外一台主机上去",
        "/hang": "20260305 这个页面永远不会有回应",
    }
    big = article("大", "很长的文章。" * 60_000)
    return {
        "/": listing(paths),
        "/a/10001.html": article("一篇完全正常的文章，可以放心抓取"),
        "/a/10003.html": Answer(status=302, headers={"Location": "/a/10003.html"}),
        "/a/10004.html": big,
        "/a/10005.html": CUT,
        "/a/10006.html": Answer(status=302, headers={"Location": secret_url}),
    }


def _source(folder, name, **keys):
    lines = [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
    (folder / f"{name}.toml").write_text("\n".join([*lines, "[pace]", "delay = 0"]), encoding="utf-8")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sources")
    store = f"sqlite:///{folder / 'store.db'}"
    never = threading.Event()
    secret = Site(lambda path: article("内部"), host="127.0.0.2")
    closed = Site(lambda path: Answer(status=503) if path == "/robots.txt" else article("开门"))
    faulty = Site(_faulty(_answers(secret.url), never))
    with secret, closed, faulty:
        port = secret.server_port
        spellings = ("127.0.0.2", "0x7f000002", "2130706434", "127.2", "0177.0.0.2", "[::ffff:127.0.0.2]")
        _source(folder, "closed", home=closed.url, listings=[closed.url])
        _source(folder, "faulty", listings=[faulty.url], article=r"/a/\d+|/hang")
        _source(folder, "baits", feeds=[f"http://{host}:{port}/feed.xml" for host in spellings])
        ran = run(
            *("crawl", "closed", "faulty", "baits", "--sources", str(folder), "--store", store, "--json"),
            *("--allow-network", "127.0.0.1", "-s", "DOWNLOAD_TIMEOUT=1.5", "-s", "DOWNLOAD_MAXSIZE=200000"),
            *("-s", "RETRY_ENABLED=False", "-s", "REDIRECT_MAX_TIMES=4"),
        )
        never.set()
    from storage import open_store

    with open_store(store) as opened:
        failures = _failures(opened)
    return Hostile(ran, failures, closed.asked, secret.asked, faulty.agents)


def _failures(store):
    from sqlalchemy import text

    with store.reading() as connection:
        rows = connection.execute(text("select origin, reason from failures")).all()
    return {origin.partition("//")[2].partition("/")[2]: reason for origin, reason in rows}


def test_a_robots_txt_that_fails_closes_the_host(hostile):
    assert set(hostile.closed) == {"/robots.txt"}
    assert hostile.source("closed")["problems"][0]["reason"] == "robots_unreachable"


def test_no_address_that_is_not_allowed_is_asked_however_it_is_spelt(hostile):
    assert hostile.secret == []
    problems = hostile.source("baits")["problems"]
    assert [p["reason"] for p in problems] == ["address"] * 6


def test_each_failure_is_recorded_with_its_reason(hostile):
    expected = {
        "a/10002.html": "http_error",
        "a/10003.html": "redirects",
        "a/10004.html": "too_large",
        "a/10005.html": "truncated",
        "hang": "timeout",
    }
    assert {key: hostile.failures.get(key) for key in expected} == expected


def test_a_redirect_off_the_site_is_only_counted(hostile):
    assert hostile.source("faulty")["skipped.offsite"] == 1


def test_the_good_page_among_the_bad_is_stored(hostile):
    assert hostile.source("faulty")["new"] == 1


def test_sources_that_gave_nothing_make_the_run_partial(hostile):
    assert hostile.ran.code == 3
    assert set(hostile.ran.json["fell_short"]) == {"closed", "baits"}


def test_the_user_agent_says_who_asks(hostile):
    assert all(agent.startswith("taosha/") for agent in hostile.agents)


def test_a_name_that_leads_to_a_refused_address_is_refused_at_connect_time(tmp_path):
    with Site(lambda path: article("内部")) as inside:
        url = f"http://localhost:{inside.server_port}/"
        ran = run(
            *("crawl", url, "--store", str(tmp_path / "store.db"), "--json"),
            *("--delay", "0", "-s", "RETRY_ENABLED=False"),
        )
    assert ran.code == 5
    (figures,) = ran.json["sources"].values()
    assert [problem["reason"] for problem in figures["problems"]] == ["address"]
    assert "not a public address" in figures["problems"][0]["detail"]
    assert inside.asked == []
