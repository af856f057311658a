"""Lets ``scrapy list`` and ``scrapy crawl NAME`` see the source files as spiders."""

from __future__ import annotations

from typing import Any, Self

from crawler.sources import Catalog, Source, SourceError, UnknownSourceError
from crawler.spiders.site import SiteSpider

__all__ = ["SourceSpiderLoader", "spider_for"]


def spider_for(source: Source) -> type[SiteSpider]:
    """The spider class for one source."""
    return type("SiteSpider", (SiteSpider,), {"name": source.name, "source": source})


class SourceSpiderLoader:
    """A Scrapy spider loader over a catalog of sources."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    @classmethod
    def from_settings(cls, settings: Any) -> Self:
        """Read the folder that ``TAOSHA_SOURCES`` names, and the bundled sources."""
        return cls(Catalog.open(settings.get("TAOSHA_SOURCES") or None))

    def load(self, spider_name: str) -> type[SiteSpider]:
        """The spider called ``spider_name``. Raises ``KeyError`` as Scrapy wants it."""
        try:
            return spider_for(self._catalog.get(spider_name))
        except UnknownSourceError as error:
            raise KeyError(f"Spider not found: {spider_name}") from error
        except SourceError as error:
            raise KeyError(str(error)) from error

    def list(self) -> list[str]:
        """The names of all sources that can be read."""
        return sorted(self._catalog.sources)

    def find_by_request(self, request: Any) -> Any:
        """The names of the sources that cover the URL of ``request``."""
        return [name for name, source in self._catalog.sources.items() if source.covers(request.url)]
