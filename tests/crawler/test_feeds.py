import gzip
import json

import pytest

from crawler.discovery.entries import Entry
from crawler.discovery.feeds import read_feed
from crawler.discovery.xml import XmlError

BASE = "https://example.org/feeds/all.xml"
RSS = """<rss version="2.0"><channel><title>x</title><link>https://example.org/</link>
<item><title> 甲
 乙 </title><link>/a/1.html?utm_source=rss</link><pubDate>Thu, 05 Mar 2026 09:18:00 +0800</pubDate></item>
<item><title>丙</title><guid isPermaLink="true">https://example.org/a/2.html</guid></item>
<item><title>不是链接</title><guid isPermaLink="false">https://example.org/a/3.html</guid></item>
<item><title>又是甲</title><link>https://example.org/a/1.html</link></item>
</channel></rss>"""
ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">
<entry><title type="html">甲</title><link rel="edit" href="/edit/1"/><link href="/a/1.html"/>
<published>2026-03-05T09:18:00+08:00</published></entry>
<entry><link rel="alternate" href="https://example.org/a/2.html"/><updated>2026-03-06</updated></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel/><item><title>甲</title>
<link>https://example.org/a/1.html</link><dc:date>2026-03-05</dc:date></item></rdf:RDF>"""
JSON = json.dumps(
    {
        "items": [
            {"url": "/a/1.html", "title": "甲", "date_published": "2026-03-05"},
            {"url": 7},
            "x",
            {"external_url": "https://example.org/a/2.html"},
        ]
    }
)


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        (RSS, [Entry("https://example.org/a/1.html", "甲 乙", "Thu, 05 Mar 2026 09:18:00 +0800"),
               Entry("https://example.org/a/2.html", "丙")]),
        (ATOM, [Entry("https://example.org/a/1.html", "甲", "2026-03-05T09:18:00+08:00"),
                Entry("https://example.org/a/2.html", None, "2026-03-06", "2026-03-06")]),
        (RDF, [Entry("https://example.org/a/1.html", "甲", "2026-03-05")]),
        (JSON, [Entry("https://example.org/a/1.html", "甲", "2026-03-05"), Entry("https://example.org/a/2.html")]),
    ],
    ids=["rss", "atom", "rdf", "json"],
)  # fmt: skip
def test_feeds_of_all_kinds(text, entries):
    assert read_feed(text.encode(), BASE) == entries
    assert read_feed(gzip.compress(text.encode()), BASE) == entries


@pytest.mark.parametrize(
    ("label", "codec"), [("gb2312", "gbk"), ("GBK", "gbk"), ("big5", "big5"), ("utf-8", "utf-8")]
)
def test_a_feed_in_an_old_encoding_keeps_all_its_entries(label, codec):
    rows = "".join(f"<item><title>電腦{n}</title><link>/a/{n}</link></item>" for n in range(3))
    body = f'<?xml version="1.0" encoding="{label}"?><rss><channel>{rows}</channel></rss>'.encode(codec)
    assert [entry.title for entry in read_feed(body, BASE)] == ["電腦0", "電腦1", "電腦2"]


def test_a_feed_that_is_cut_gives_what_came():
    assert [entry.url for entry in read_feed(RSS[:230].encode(), BASE)] == ["https://example.org/a/1.html"]


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "{"&a;" * 10}">' for n in range(9))
    + "]><rss><channel><item><title>&a8;</title></item></channel></rss>"
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><rss><item><title>&f;</title></item></rss>'


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (BOMB.encode(), "entities"),
        (OUTSIDE.encode(), "entities"),
        (b"<html><body>no feed</body></html>", "no feed"),
        (b"", "no element|not XML"),
        (b"\x00\xff\x00", "no element|not XML"),
        (b'{"items": 7}', "no list"),
        (b'{"items"', "no JSON"),
        (b"[" * 10, "no element|not XML"),
        (b"\x1f\x8bxxxx", "gzip"),
    ],
)
def test_what_is_no_feed_is_refused(body, why):
    with pytest.raises(XmlError, match=why):
        read_feed(body, BASE)


def test_a_gzip_bomb_is_refused_before_it_is_unpacked():
    with pytest.raises(XmlError, match="more than"):
        read_feed(gzip.compress(b"\0" * (65 << 20)), BASE)


def test_a_feed_of_comments_says_nothing_of_its_articles():
    comment = "<title>甲说</title><pubDate>Thu, 05 Mar 2026 09:18:00 +0800</pubDate>"
    text = f"""<rss><channel><item><link>/a/1.html#comment-7</link>{comment}</item>
    <item><link>/a/2.html#part-2</link><title>乙</title></item></channel></rss>"""
    found = read_feed(text.encode(), "https://example.org/comments/feed")
    assert found == [Entry("https://example.org/a/1.html"), Entry("https://example.org/a/2.html", "乙")]
