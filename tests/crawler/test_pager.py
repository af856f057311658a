"""Pagers that name their pages by numbers alone."""

import pytest

from crawler.discovery.links import read_links
from crawler.discovery.pager import numbered_pages

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
