"""Feeds that carry their articles: used when the pages fail, and only then."""

import html
import json
from datetime import UTC, datetime

import pytest

from cleaners.model import Reason
from crawler.discovery.entries import Entry
from crawler.discovery.feeds import read_feed
from crawler.items import Failed
from crawler.net.reasons import FetchReason
from crawler.spiders.feed_texts import FROM_FEED, FeedTexts, may_stand_in
from tests.crawler.crawling import LOOPBACK, Answer, Site, article, run

URL = "https://example.org/2026/1.html"
TEXT = "这家公司今年扩建了两座工厂，员工人数增加到三千人，全年的收入预计超过二十亿元。" * 8
BODY = f"<p>{TEXT}</p>"
RSS = (
    '<rss xmlns:c="http://purl.org/rss/1.0/modules/content/"><channel><item><title>标题</title>'
    f"<link>{URL}</link><description>短</description>"
    "<c:encoded><![CDATA[{}]]></c:encoded></item></channel></rss>"
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>标题</title>'
    f'<link href="{URL}"/><content type="{{}}">{{}}</content></entry></feed>'
)


@pytest.mark.parametrize(
    ("feed", "content"),
    [
        (RSS.format(BODY), BODY),
        (RSS.format("<p>短</p>"), None),
        (RSS.format("x" * 500_001), None),
        (ATOM.format("html", html.escape(BODY)), BODY),
        (ATOM.format("xhtml", f'<div xmlns="http://www.w3.org/1999/xhtml">{BODY}</div>'), BODY),
        (ATOM.format("text", f"{TEXT}\n1 &lt; 2"), f"{BODY}<p>1 &lt; 2</p>"),
        (json.dumps({"items": [{"url": URL, "title": "标题", "content_html": BODY}]}), BODY),
        (json.dumps({"items": [{"url": URL, "content_html": ["x"] * 300}]}), None),
    ],
)
def test_full_texts_are_read_from_every_kind_of_feed(feed, content):
    (entry,) = read_feed(feed.encode(), "https://example.org/feed")
    if content is None:
        assert entry.content is None
    else:
        assert content in (entry.content or "")


def test_memory_is_bounded_and_each_text_given_once():
    texts = FeedTexts(most_chars=500)
    texts.keep([Entry("u1", content="x" * 300), Entry("u2", content="x" * 300), Entry("u3")], "feed")
    assert texts.page("u1") is not None
    assert texts.page("u1") is None
    assert texts.page("u2") is None
    assert texts.page("u3") is None


def test_the_page_says_where_it_is_from_and_can_not_be_broken_out_of():
    texts = FeedTexts()
    texts.keep([Entry(URL, '</title><script>"', '2026-03-05"><b', None, BODY)], "https://example.org/feed")
    page = texts.page(URL)
    assert page is not None
    assert (page.origin, page.headers) == (URL, ((FROM_FEED, "https://example.org/feed"),))
    assert page.fetched_at is not None
    assert page.fetched_at.tzinfo is UTC
    assert page.fetched_at <= datetime.now(UTC)
    assert b"<script>" not in page.body
    assert b'"><b' not in page.body


def failed(reason=FetchReason.HTTP_ERROR, kind="article", status=403, gone=False):
    return Failed(URL, kind, reason, "why", gone=gone, status=status)


@pytest.mark.parametrize(
    "ended",
    [
        failed(),
        failed(FetchReason.TIMEOUT, status=None),
        failed(status=500),
        Reason.LOGIN_WALL,
        Reason.SCRIPT_SHELL,
    ],
)
def test_where_a_feed_may_stand_in(ended):
    assert may_stand_in(ended)


@pytest.mark.parametrize(
    "ended",
    [
        failed(status=404, gone=True), failed(status=429), failed(status=503), failed(FetchReason.ROBOTS),
        failed(FetchReason.ADDRESS), failed(FetchReason.DUPLICATE), failed(kind="feed"), Reason.LISTING,
        Reason.SOFT_404, None,
    ],
)  # fmt: skip
def test_where_it_may_not(ended):
    assert not may_stand_in(ended)


def test_a_crawl_takes_the_feed_where_the_page_fails(tmp_path):
    wall = Answer(
        "<html><title>登录</title><body><form><p>请登录后继续阅读</p></form></body></html>".encode()
    )
    date = "<pubDate>Thu, 05 Mar 2026 10:00:00 +0800</pubDate>"
    pages = {
        "/2026/1.html": Answer(b"no", 403),
        "/2026/2.html": wall,
        "/2026/3.html": article("页面自己的标题写得足够长了"),
        "/2026/4.html": Answer(b"gone", 410),
    }

    def answer(path):
        if path == "/feed":
            items = "".join(
                f"<item><title>标题{name[6]}写得足够长了</title><link>{site.url.rstrip('/')}{name}</link>"
                f"{date}<c:encoded><![CDATA[<p>第{name[6]}篇。</p>{BODY}]]></c:encoded></item>"
                for name in pages
            )
            ns = 'xmlns:c="http://purl.org/rss/1.0/modules/content/"'
            return Answer(f"<rss {ns}><channel>{items}</channel></rss>".encode(), content_type="text/xml")
        return pages.get(path)

    with Site(answer) as site:
        (tmp_path / "paper.toml").write_text(f'feeds = ["{site.url}feed"]\narticle = "/2026/"\n')
        done = run(
            "crawl", "paper", "--sources", str(tmp_path), "--store", str(tmp_path / "s.db"), "--json",
            "--delay", "0", "--allow-network", LOOPBACK, "-s", "RETRY_TIMES=0",
        )  # fmt: skip
    figures = done.json["sources"]["paper"]
    assert figures["new"] == 3, done.err
    assert figures["failed.http_error"] == 1
    rows = {row["origin"][-6]: row for row in run("export", "--store", str(tmp_path / "s.db")).lines}
    assert rows["1"]["title"] == "标题1写得足够长了"
    assert rows["1"]["published_at"].startswith("2026-03-05T10:00:00+08:00")
    assert TEXT in rows["1"]["text"]
    assert TEXT in rows["2"]["text"]
    assert rows["3"]["title"] == "页面自己的标题写得足够长了"
    assert "4" not in rows
