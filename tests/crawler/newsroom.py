"""A publisher on loopback that can be edited while it runs: home page, sections, feed, sitemap."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.crawler.crawling import LOOPBACK, Answer, Site, article, listing

START = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)


class Newsroom(Site):
    """``texts`` are the articles by path, ``changed`` when each was written or edited.

    ``maps`` and ``tags`` say whether there is a sitemap with times and whether pages have an ETag.
    """

    def __init__(self, size: int, *, maps: bool = True, tags: bool = False) -> None:
        super().__init__(self.answer)
        self.texts: dict[str, str] = {}
        self.changed: dict[str, datetime] = {}
        self.maps, self.tags = maps, tags
        self.clock = START
        for _ in range(size):
            self.add()

    def add(self) -> str:
        path = f"/2026/{100000 + len(self.texts)}.html"
        self.write(path, f"第{len(self.texts)}篇报道的标题写得足够长了")
        return path

    def write(self, path: str, text: str) -> None:
        self.clock += timedelta(minutes=1)
        self.texts[path] = text
        self.changed[path] = self.clock

    def answer(self, path: str) -> Answer | None:
        if path == "/":
            return self._list(list(self.texts)[-10:])
        if path.startswith("/tech/"):
            return self._list(list(self.texts))
        if path == "/sitemap.xml" and self.maps:
            return self._sitemap()
        if path not in self.texts:
            return None
        found = article(self.texts[path])
        tag = '"' + hashlib.sha256(found.body).hexdigest()[:16] + '"'
        return replace(found, headers={"ETag": tag}) if self.tags else found

    def _list(self, paths: list[str]) -> Answer:
        return listing({path: self.texts[path] for path in reversed(paths)} | {"/tech/": "科技"})

    def _sitemap(self) -> Answer:
        base = self.url.rstrip("/")
        items = "".join(
            f"<url><loc>{base}{path}</loc><lastmod>{when.isoformat()}</lastmod></url>"
            for path, when in self.changed.items()
        )
        body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{items}</urlset>'
        return Answer(body.encode(), content_type="application/xml")

    def asked_articles(self) -> list[str]:
        return [path for path in self.asked if path in self.texts]

    def forget(self) -> None:
        self.asked.clear()
        self.bodies.clear()


def crawl_arguments(site: Site, store: object) -> list[str]:
    return [
        *("crawl", site.url, "--store", str(store), "--json", "--allow-network", LOOPBACK),
        *("--delay", "0", "--concurrency", "4"),
    ]


def rows(store: object, query: str) -> list[tuple]:
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()
