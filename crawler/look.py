"""A first look at a site: a small crawl into a store that is thrown away, and the source file it suggests."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crawler.crawl import CrawlOrder, crawl
from crawler.sources import Source
from crawler.sources.proposal import Proposal, article_pattern
from storage import open_store
from storage.failures import list_failures
from storage.filters import Where
from storage.listing import list_articles
from storage.named import named_articles
from storage.source_runs import list_states

__all__ = ["NothingFoundError", "propose"]

MAX_LISTINGS = 20
_READ = ("stored", "unchanged")


class NothingFoundError(Exception):
    """No article came through; ``failures`` say what stood in the way, one line each."""

    def __init__(self, failures: tuple[str, ...]) -> None:
        super().__init__("no article could be found and fetched")
        self.failures = failures


def propose(source: Source, name: str, pages: int, settings: Mapping[str, Any]) -> Proposal:
    """The file for ``source`` after ``pages`` articles.

    Once a process only, as any crawl. Raises :class:`NothingFoundError`, :class:`crawler.crawl.CrawlError`.
    """
    with tempfile.TemporaryDirectory(prefix="taosha-look-") as folder:
        path = Path(folder) / "look.db"
        crawl(CrawlOrder([source], str(path), pages, settings))
        with open_store(path, read_only=True) as store:
            proven = [one.origin for one in list_articles(store, Where(), None)]
            named = named_articles(store, source.name)
            lists = [one for one in list_states(store, source.name) if one.state in _READ]
            failures = [f"{one.origin}: {one.reason}: {one.detail}" for one in list_failures(store)]
    if not proven:
        raise NothingFoundError(tuple(failures))
    read = {kind: [one.url for one in lists if one.kind == kind] for kind in ("feed", "sitemap", "listing")}
    listings = read["listing"] if not (read["feed"] or read["sitemap"]) else []
    return Proposal(
        name,
        source.home or "",
        source.hosts,
        tuple(read["feed"]),
        tuple(read["sitemap"]),
        tuple(listings[:MAX_LISTINGS]),
        article_pattern(named, proven),
    )
