"""A crawl learns what a site repeats, and cleans its first pages again before it ends."""

from __future__ import annotations

from pathlib import Path

from tests.crawler.crawling import LOOPBACK, Answer, Site, listing, run
from tests.crawler.newsroom import rows
from tests.crawler.sites_of_pages import page, paragraphs, title

LINE = "青禾新媒体矩阵由本台融合传播部倾力打造"


def test_the_first_pages_of_a_crawl_lose_what_the_later_ones_repeat(tmp_path: Path) -> None:
    pages = {
        f"/2026/{7000 + number}.html": Answer(page(title(number), [*paragraphs(number), LINE]).encode())
        for number in range(6)
    }
    pages["/"] = listing({path: title(number) for number, path in enumerate(pages)})
    store = tmp_path / "s.db"
    with Site(pages.get) as site:
        ran = run(
            *("crawl", site.url, "--store", str(store), "--json", "--allow-network", LOOPBACK, "--delay", "0")
        )
        host = site.url[7:-1]
    assert ran.code == 0, ran.err
    assert ran.json["sources"][host]["new"] == 6
    assert rows(store, f"SELECT count(*) FROM articles WHERE text LIKE '%{LINE}%'") == [(0,)]
    removed = "SELECT count(*) FROM v_removed WHERE rule = 'learned.recurring@1' AND evidence LIKE '% of 6 %'"
    assert rows(store, removed) == [(6,)]
    assert rows(store, "SELECT name, articles FROM sites") == [(host, 6)]
