import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cleaners.model import Rules
from crawler.sources import (
    Catalog,
    Listing,
    Pace,
    Source,
    SourceError,
    UnknownSourceError,
    parse_source,
    source_from_url,
)
from crawler.sources.catalog import BUNDLED, user_folder

FULL = """
name = "daily"
title = "测试日报"
hosts = ["Example.org", "static.example.net:8080"]
home = "https://example.org/"
discover = true
feeds = ["https://example.org/rss"]
sitemaps = ["https://example.org/sitemap.xml"]
listings = ["https://example.org/news/"]
article = '/\\d+\\.html$'
ignore = ['/video/', '\\?print=']
interval = "6h"
language = "zh"
zone = "Asia/Shanghai"
encoding = "gb18030"

[listing]
next = "a.next"
pages = 3

[pace]
delay = 2
concurrency = 1

[clean]
body = [".article"]
drop_phrases = ["点击下载"]
disabled = ["chrome.share"]
"""


def test_everything_that_a_source_may_say():
    assert parse_source(FULL, Path("daily.toml")) == Source(
        name="daily",
        title="测试日报",
        hosts=("example.org", "static.example.net:8080"),
        home="https://example.org/",
        discover=True,
        feeds=("https://example.org/rss",),
        sitemaps=("https://example.org/sitemap.xml",),
        listings=("https://example.org/news/",),
        article=re.compile(r"/\d+\.html$"),
        ignore=(re.compile("/video/"), re.compile(r"\?print=")),
        interval=timedelta(hours=6),
        language="zh",
        listing=Listing("a.next", 3),
        pace=Pace(2.0, 1),
        rules=Rules(
            name="daily",
            body=(".article",),
            drop_phrases=("点击下载",),
            zone="Asia/Shanghai",
            encoding="gb18030",
            disabled=frozenset({"chrome.share"}),
        ),
        path=Path("daily.toml"),
    )


def test_a_home_page_is_enough():
    source = parse_source('home = "https://www.example.org/"', Path("example.toml"))
    assert (source.name, source.discover, source.hosts) == ("example", True, ("example.org",))


def test_with_starting_points_nothing_else_is_discovered():
    source = parse_source(
        'home = "https://example.org/"\nfeeds = ["https://feeds.example.net/x"]', Path("x.toml")
    )
    assert not source.discover
    assert source.hosts == ("feeds.example.net", "example.org")


HOME = 'home = "https://example.org/"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hosts = []", "x.toml: home: give a home page"),
        (HOME + "colour = 'red'", "x.toml:2: colour: unknown key"),
        (HOME + "\n[pace]\ndelay = 1\nspeed = 2", "x.toml:5: pace.speed: unknown key"),
        (HOME + "[pace]\ndelay = '1'", "x.toml:3: pace.delay: must be a number"),
        (HOME + "[pace]\ndelay = -1", "x.toml:3: pace.delay: must be a number"),
        (HOME + "[pace]\nconcurrency = 0", "x.toml:3: pace.concurrency: must be a whole number"),
        (HOME + "[pace]\nconcurrency = true", "x.toml:3: pace.concurrency: must be a whole number"),
        ("pace = 3\n" + HOME, "x.toml:1: pace: must be a table"),
        (HOME + "[[listing]]\npages = 2", "x.toml:2: listing: must be a table"),
        (HOME + "feeds = 'https://example.org/rss'", "x.toml:2: feeds: must be a list"),
        (HOME + "feeds = ['ftp://example.org/rss']", "x.toml:2: feeds: must be an http or https URL"),
        ("home = 7", "x.toml:1: home: must be a text"),
        (HOME + "article = '('", "x.toml:2: article: is no regular expression"),
        (HOME + "ignore = ['[']", "x.toml:2: ignore: is no regular expression"),
        (HOME + "interval = '6 weeks'", "x.toml:2: interval: must be a time"),
        (HOME + "zone = 'Asia/Nowhere'", "x.toml:2: zone: is no IANA time zone"),
        (HOME + "zone = '../../etc/passwd'", "x.toml:2: zone: is no IANA time zone"),
        (HOME + "encoding = 'gb-something'", "x.toml:2: encoding: is no known encoding"),
        (HOME + "encoding = 'hex'", "x.toml:2: encoding: is no known encoding"),
        (HOME + "hosts = ['https://example.org/']", "x.toml:2: hosts: must be a host name"),
        (HOME + "discover = 'yes'", "x.toml:2: discover: must be true or false"),
        (HOME + "name = 'Two Words'", "x.toml:2: name: must be lower-case"),
        (HOME + "[clean]\nbody = '.a'", "x.toml:3: clean.body: must be a list"),
        (HOME + "[clean]\nselector = ['.a']", "x.toml:3: clean.selector: unknown key"),
        (HOME + "[clean]\nbody = ['a[[']", "x.toml:3: clean.body: is no CSS selector"),
        (HOME + "[listing]\nnext = '>'", "x.toml:3: listing.next: is no CSS selector"),
        (HOME + "[[layout]]\nbody = ['.a']", "x.toml:2: layout.until: missing"),
        (HOME + "[[layout]]\nuntil = '2024-06-30'", "x.toml:3: layout.until: must be a day"),
        (HOME + "[[layout]]\nuntil = 2024-06-30T10:00:00", "x.toml:3: layout.until: must be a day"),
        (HOME + "layout = 3", "x.toml:2: layout: must be tables"),
        (HOME + "[[layout]]\nuntil = 2024-06-30\ncolour = 1", "x.toml:4: layout.colour: unknown key"),
        (
            HOME
            + "[[layout]]\nuntil = 2024-06-30\nbody = ['.a']\n[[layout]]\nuntil = 2023-06-30\nbody = '.b'",
            "x.toml:7: layout.body: must be a list",
        ),
        (HOME + "home = 'https://example.org/'", "x.toml: is no TOML"),
        ("home = ", "x.toml: is no TOML"),
    ],
)
def test_what_is_wrong_names_file_line_and_key(text, message):
    with pytest.raises(SourceError, match=re.escape(message)):
        parse_source(text, Path("x.toml"))


LAYOUTS = """
home = "https://example.org/"
zone = "Asia/Shanghai"

[clean]
body = ["div.new"]

[[layout]]
until = 2024-06-30
body = ["div.old"]

[[layout]]
until = 2019-12-31
body = ["td.ancient"]
disabled = ["chrome.share"]
"""


@pytest.mark.parametrize(
    ("fetched", "body"),
    [
        ("2019-12-31T23:59:59+00:00", "td.ancient"),
        ("2020-01-01T00:00:00+00:00", "div.old"),
        ("2024-06-30T12:00:00+00:00", "div.old"),
        ("2024-07-01T00:00:00+00:00", "div.new"),
        (None, "div.new"),
    ],
)
def test_layouts_are_chosen_by_the_day_of_the_fetch(fetched, body):
    rules = parse_source(LAYOUTS, Path("x.toml")).rules
    chosen = rules.at(datetime.fromisoformat(fetched) if fetched else None)
    assert (chosen.body, chosen.zone, chosen.name) == ((body,), "Asia/Shanghai", "x")


SCOPE = Source(name="x", hosts=("example.org", "127.0.0.1:8080", "xn--fiq228c.example"))


@pytest.mark.parametrize(
    ("url", "covered"),
    [
        ("https://example.org/a", True),
        ("http://www.example.org/a", True),
        ("https://a.b.example.org./", True),
        ("https://example.org:443/", True),
        ("https://example.org:8443/", False),
        ("https://badexample.org/", False),
        ("https://example.org.evil.net/", False),
        ("https://example.org@evil.net/", False),
        ("http://127.0.0.1:8080/a", True),
        ("http://127.0.0.1/a", False),
        ("http://1.127.0.0.1:8080/a", False),
        ("ftp://example.org/", False),
        ("https:///a", False),
        ("https://example.org:99999/", False),
    ],
)
def test_which_urls_a_source_covers(url, covered):
    assert SCOPE.covers(url) is covered


@pytest.mark.parametrize(
    ("url", "name", "inside", "outside"),
    [
        ("https://www.example.org", "example.org", "https://example.org/a", "https://example.net/a"),
        ("http://127.0.0.1:8731/", "127.0.0.1:8731", "http://127.0.0.1:8731/a", "http://127.0.0.1:8732/a"),
        ("http://[::1]:8731/", "[::1]:8731", "http://[::1]:8731/a", "http://[::1]/a"),
        ("http://[::1]/x", "[::1]", "http://[::1]/a", "http://[::2]/a"),
    ],
)
def test_a_bare_home_page_is_a_source(url, name, inside, outside):
    source = source_from_url(url)
    assert (source.name, source.discover) == (name, True)
    assert source.covers(inside)
    assert not source.covers(outside)


@pytest.mark.parametrize(
    ("home", "url", "inside"),
    [
        ("https://example.org/", "https://www.example.org/", True),
        ("https://m.example.org/", "https://news.example.org/x", True),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8001/", True),
        ("http://127.0.0.1:8000/", "http://127.5.0.1:8000/", False),
        ("https://example.org/", "https://example.net/", False),
        ("https://example.org/", "https://consent.example.net/", False),
        ("https://example.org/", "http://10.0.0.1/", False),
    ],
)
def test_a_home_page_may_move_within_its_site(home, url, inside):
    moved = source_from_url(home).moved_to(url)
    assert moved.covers(url) is inside
    assert moved.covers(home)


@pytest.mark.parametrize(
    "url", ["ftp://example.org/", "https://", "example.org", "file:///etc/passwd", "http://["]
)
def test_what_is_no_home_page(url):
    with pytest.raises(ValueError, match=r"URL|netloc"):
        source_from_url(url)


def test_a_catalog_keeps_the_good_and_tells_of_the_broken(tmp_path):
    (tmp_path / "good.toml").write_text(HOME, encoding="utf-8")
    (tmp_path / "broken.toml").write_text("home = 1", encoding="utf-8")
    (tmp_path / "twin.toml").write_text(HOME + "name = 'good'", encoding="utf-8")
    (tmp_path / "latin.toml").write_bytes(b"title = '\xff'")
    catalog = Catalog.open(tmp_path)
    assert catalog.get("good").path == tmp_path / "good.toml"
    assert sorted(error.path.name for error in catalog.broken) == ["broken.toml", "latin.toml", "twin.toml"]
    with pytest.raises(SourceError, match="home: must be a text"):
        catalog.get("broken")
    with pytest.raises(UnknownSourceError):
        catalog.get("nobody")


def test_a_source_of_the_user_replaces_a_bundled_one(tmp_path):
    name = next(iter(sorted(BUNDLED.glob("*.toml")))).stem
    (tmp_path / f"{name}.toml").write_text(HOME, encoding="utf-8")
    assert Catalog.open(tmp_path).get(name).path == tmp_path / f"{name}.toml"


def test_bundled_sources_are_valid():
    catalog = Catalog.open()
    assert catalog.broken == []
    assert catalog.sources


def test_a_folder_that_was_named_must_exist(tmp_path, monkeypatch):
    with pytest.raises(SourceError, match="is no folder"):
        Catalog.open(tmp_path / "missing")
    monkeypatch.setenv("TAOSHA_SOURCES", str(tmp_path))
    assert user_folder() == tmp_path
    monkeypatch.delenv("TAOSHA_SOURCES")
    monkeypatch.chdir(tmp_path)
    assert user_folder() is None
