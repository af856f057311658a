"""A crawl follows an article over its pages, stores it once and nothing of it a second time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crawler.crawling import LOOPBACK, Answer, Site, listing, run
from tests.crawler.newsroom import rows
from tests.crawler.sites_of_pages import paragraphs, title
from tests.crawler.test_dumps_parts import part

NAMES = ("20260305-1001", "20260305-1002")


def told(text: str, name: str) -> str:
    """The same with a person of its own in each article, so that they are not one."""
    return text.replace("老周", "老周" if name == NAMES[0] else "老吴")


def answers(missing: str = "") -> dict[str, Answer]:
    pages = {}
    for name in NAMES:
        for number in (1, 2, 3):
            suffix = f"_{number}" if number > 1 else ""
            pages[f"/news/{name}{suffix}.html"] = Answer(told(part(number, 3, name), name).encode())
    pages.pop(missing, None)
    # The list names a later page, too.
    links = {f"/news/{name}.html": title(1) for name in NAMES} | {f"/news/{NAMES[1]}_2.html": title(2)}
    pages["/"] = listing(links)
    return pages


def crawl(site: Site, store: Path, *more: str) -> dict[str, int]:
    ran = run(
        *("crawl", site.url, "--store", str(store), "--json", "--allow-network", LOOPBACK, "--delay", "0"),
        *more,
    )
    assert ran.code == 0, ran.err
    figures: dict[str, int] = ran.json["sources"][site.url[7:-1]]
    return figures


@pytest.mark.parametrize("reverse", [False, True])
def test_articles_come_whole_and_once(tmp_path: Path, reverse: bool) -> None:
    store = tmp_path / "s.db"
    pages = answers()
    with Site(pages.get) as site:
        assert crawl(site, store)["new"] == 2
        for name in NAMES:
            assert site.asked.count(f"/news/{name}_3.html") == 1
        site.asked.clear()
        crawl(site, store)
        assert not [path for path in site.asked if "_" in path and path.endswith(".html")]
    whole = "\n".join(line for number in (1, 2, 3) for line in paragraphs(number))
    found = rows(store, "SELECT url, text FROM articles ORDER BY url")
    assert [(url.rpartition("/")[2], text) for url, text in found] == [
        (f"{n}.html", told(whole, n)) for n in NAMES
    ]
    assert rows(store, "SELECT count(*) FROM pages WHERE outcome = 'part'") == [(4,)]


def test_a_page_that_does_not_come_is_said_to_be_missing(tmp_path: Path) -> None:
    store = tmp_path / "s.db"
    pages = answers(missing=f"/news/{NAMES[0]}_2.html")
    with Site(pages.get) as site:
        assert crawl(site, store)["new"] == 2
    assert rows(store, "SELECT rule, evidence FROM v_flags") == [
        ("pages.missing@1", "page 2: empty: The page has no content.")
    ]


def test_following_can_be_switched_off(tmp_path: Path) -> None:
    store = tmp_path / "s.db"
    with Site(answers().get) as site:
        crawl(site, store, "-s", "TAOSHA_MAX_PARTS=1")
    first = "\n".join(paragraphs(1))
    assert set(rows(store, "SELECT text FROM articles")) == {(told(first, name),) for name in NAMES}
