import time

import pytest

from crawler.discovery.links import Link, PageLinks, read_links

URL = "https://example.org/news/"


def test_links_with_their_longest_text():
    page = """<a href="1.html"><img alt="图" src=x></a> <a href="1.html#top">工厂 扩建</a>
    <a href="javascript:void(0)">脚本</a> <a name=x>没有地址</a> <a href="/b?utm_source=x">乙</a>"""
    assert read_links(page, URL).links == (
        Link("https://example.org/news/1.html", "工厂 扩建"),
        Link("https://example.org/b", "乙"),
    )


def test_the_base_of_the_page_counts():
    page = '<base href="/other/"><a href="1.html">甲</a>'
    assert read_links(page, URL).links == (Link("https://example.org/other/1.html", "甲"),)


def test_declared_feeds():
    page = """<link rel="alternate" type="application/rss+xml" href="/rss">
    <link rel="ALTERNATE" type="application/feed+json" href="/feed.json">
    <link rel="alternate" hreflang="en" href="/en/"><link rel="stylesheet" type="text/css" href="/s.css">"""
    assert read_links(page, URL).feeds == ("https://example.org/rss", "https://example.org/feed.json")


@pytest.mark.parametrize(
    "page",
    [
        '<a href="?page=2">下一页</a>',
        '<a href="?page=2"> 下 一 頁 </a>',
        '<a href="?page=2">Next »</a>',
        '<a href="?page=2">下一頁 &gt;</a>',
        '<a href="?page=2">【加载更多...】</a>',
        '<a rel="next" href="?page=2">2</a>',
        '<head><link rel="next" href="?page=2"></head>',
    ],
)
def test_the_next_page_of_a_list(page):
    assert read_links(page, URL).next_pages == ("https://example.org/news/?page=2",)


@pytest.mark.parametrize(
    "page", ['<a href="/n/1">下一页的故事：一家工厂</a>', '<a href="">下一页</a>', '<a href="?p=1">2</a>']
)
def test_what_is_no_next_page(page):
    assert read_links(page, URL).next_pages == ()


def test_a_selector_for_the_next_page_wins():
    page = '<a href="?p=2">下一页</a><a class="more" href="?offset=20">更多</a>'
    assert read_links(page, URL, "a.more").next_pages == ("https://example.org/news/?offset=20",)
    assert read_links(page, URL, "a[[").next_pages == ()


@pytest.mark.parametrize(
    "page", ["", "\x00", "<", "no markup at all", "<!-- only a comment -->", "\ufffe<a href='\x00'>"]
)
def test_pages_without_links(page):
    assert read_links(page, URL) == PageLinks()


def test_a_page_of_very_many_or_very_deep_links_ends():
    assert len(read_links('<a href="/{}">x</a>' * 10, URL).links) == 1
    many = "".join(f'<a href="/{n}">x</a>' for n in range(6000))
    assert len(read_links(many, URL).links) == 5000
    assert len(read_links("<div>" * 5000 + '<a href="/x">x</a>', URL).links) <= 1


def test_a_tag_without_end_costs_no_time():
    page = f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>甲</p><a href=/n/1>乙</a>"
    began = time.process_time()
    assert [link.text for link in read_links(page, URL).links] == ["乙"]
    assert time.process_time() - began < 5
