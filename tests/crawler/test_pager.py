"""Pagers that name their pages by numbers alone."""

import pytest

from crawler.discovery.links import read_links
from crawler.discovery.pager import numbered_pages, page_after

BASE = "https://news.example"


def links(pattern, numbers):
    return [(BASE + pattern.format(n=n), str(n)) for n in numbers]


@pytest.mark.parametrize(
    ("here", "pattern", "numbers"),
    [
        ("/yw/", "/yw/index_{n}.html", (2, 3, 4)),
        ("/yw/index.html", "/yw/index_{n}.html", (2, 3)),
        ("/yw/index_3.html", "/yw/index_{n}.html", (1, 2, 4, 5)),
        ("/node/node_2.htm", "/node/node_2_{n}.htm", (2, 3)),
        ("/list", "/list?page={n}", (2, 3)),
        ("/list?cat=7&page=4", "/list?page={n}&cat=7", (2, 3, 5, 6)),
        ("/category/local", "/category/local/page/{n}", (2, 3)),
        ("/category/local/page/2/", "/category/local/page/{n}/", (3, 4)),
        ("/forum-12-1.html", "/forum-12-{n}.html", (2, 3)),
    ],
)
def test_numbers_lead_on(here, pattern, numbers):
    found = links(pattern, numbers)
    assert numbered_pages(found, BASE + here) == [url for url, _ in found]


def test_counting_may_begin_at_nought():
    found = [(f"{BASE}/gz/index_{n - 1}.shtml", f"[{n}]") for n in (2, 3)]
    assert numbered_pages(found, f"{BASE}/gz/") == [url for url, _ in found]


@pytest.mark.parametrize(
    ("here", "found"),
    [
        ("/rili/2026/03/", [(f"{BASE}/rili/2026/03/{n:02}.html", str(n)) for n in range(1, 29)]),
        ("/rili/2026/03/", [(f"{BASE}/rili/2026/03/{n:02}.html", str(n)) for n in (5, 6, 19)]),
        ("/yw/", [(f"{BASE}/2026/03/05/{n}.html", str(n)) for n in (1001, 1002)]),
        ("/yw/", [(f"{BASE}/sport/index_{n}.html", str(n)) for n in (2, 3)]),
        ("/yw/", [(f"{BASE}/yw/index_{n}.html", "下一篇") for n in (2, 3)]),
        ("/yw/", [(f"{BASE}/yw/index_9.html", "2")]),
        ("/yw/", [("https://other.example/yw/index_2.html", "2")]),
    ],
    ids=[
        "days of a month",
        "some days",
        "articles",
        "another list",
        "words",
        "another number",
        "another host",
    ],
)
def test_other_numbers_do_not(here, found):
    assert numbered_pages(found, BASE + here) == []


def test_a_link_that_says_next_is_believed_before_numbers():
    page = "<a href='index_2.html'>2</a><a href='index_3.html'>3</a>"
    numbered = read_links(page, f"{BASE}/yw/").next_pages
    assert numbered == (f"{BASE}/yw/index_2.html", f"{BASE}/yw/index_3.html")
    said = read_links(page + "<a href='index_2.html'>下一页</a>", f"{BASE}/yw/").next_pages
    assert said == (f"{BASE}/yw/index_2.html",)


@pytest.mark.parametrize(
    ("here", "found"),
    [
        ("/flash", [("/flash?p=2", "再看一些")]),
        ("/l/1.html", [("/l/2.html", "")]),
        ("/en/?offset=10", [("/en/?offset=20", "Earlier")]),
        ("/yw/index.html", [("/yw/index_2.html", "往后"), ("/yw/index_9.html", "末页")]),
    ],
)
def test_a_link_may_lead_on_by_its_address_alone(here, found):
    links = [(BASE + path, text) for path, text in found]
    assert page_after([(BASE + "/2026/03/1.html", "一条新闻"), *links], BASE + here) == [links[0][0]]


@pytest.mark.parametrize(
    ("here", "found"),
    [
        ("/list?page=3", [("/list?page=2", "往前")]),
        ("/list", [("/list?cat=4", "科技"), ("/list?cat=7", "财经")]),
        ("/p/4.html", [("/p/5.html", "一家工厂的十年，和它的下一个十年")]),
        ("/rili/2026/03/", [("/rili/2026/03/07.html", "惊蛰")]),
        ("/list", [("/other?page=2", "更多")]),
    ],
    ids=["back", "several filters", "a headline", "a day", "another list"],
)
def test_other_addresses_do_not_lead_on(here, found):
    assert page_after([(BASE + path, text) for path, text in found], BASE + here) == []
