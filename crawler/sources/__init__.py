"""Sources: what a publisher's TOML file says about where its articles are and how to fetch them."""

from crawler.sources.catalog import BUNDLED, Catalog, UnknownSourceError
from crawler.sources.loading import SourceError, load_source, parse_source
from crawler.sources.model import Expect, Listing, Pace, Source, source_from_url

__all__ = [
    "BUNDLED",
    "Catalog",
    "Expect",
    "Listing",
    "Pace",
    "Source",
    "SourceError",
    "UnknownSourceError",
    "load_source",
    "parse_source",
    "source_from_url",
]
