"""The description of one source, as its spider uses it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cleaners.model import Rules

__all__ = ["Expect", "Listing", "Pace", "Source", "source_from_url"]

DEFAULT_PORTS = {"http": 80, "https": 443}
ADDRESS = re.compile(r"[\d.]+|\[?[0-9a-f]*:[0-9a-f:.]*\]?")


@dataclass(frozen=True, slots=True)
class Pace:
    """How hard a source may be asked: ``delay`` in seconds between requests, ``concurrency`` at once."""

    delay: float | None = None
    concurrency: int | None = None


@dataclass(frozen=True, slots=True)
class Expect:
    """What the user knows of a source, whatever its history says: a crawl that falls short is a finding.

    ``articles``: at least so many are named by its lists in a crawl; ``fields``: nearly all its articles
    state these (``title``, ``date``, ``people``); ``chars``: they have at least so many on average.
    """

    articles: int | None = None
    fields: tuple[str, ...] = ()
    chars: int | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """How listing pages continue: ``next_page`` is a CSS selector, ``pages`` how many follow each start."""

    next_page: str | None = None
    pages: int = 5


@dataclass(frozen=True, slots=True)
class Source:
    """One publisher (or one part of it).

    ``hosts`` are names with all their subdomains; with a port (``name:8080``) only that port
    of exactly that host. ``discover`` asks the spider to find feeds, sitemaps and listing
    pages from ``home`` by itself. ``article`` and ``ignore`` are searched in the whole URL;
    without ``article`` the spider judges by the shape of URLs. ``interval`` is how often a
    scheduled crawl is due. ``browser``: its pages are empty until their scripts have run.
    ``cookies`` is a Netscape cookie file.
    """

    name: str
    title: str | None = None
    hosts: tuple[str, ...] = ()
    home: str | None = None
    discover: bool = False
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    listing: Listing = Listing()
    article: re.Pattern[str] | None = None
    ignore: tuple[re.Pattern[str], ...] = ()
    pace: Pace = Pace()
    interval: timedelta | None = None
    language: str | None = None
    browser: bool = False
    cookies: Path | None = None
    expect: Expect = Expect()
    rules: Rules = field(default_factory=Rules)
    path: Path | None = None

    def covers(self, url: str) -> bool:
        """Whether ``url`` is HTTP(S) and on one of the hosts of this source."""
        parts = urlsplit(url)
        if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
            return False
        try:
            port = parts.port or DEFAULT_PORTS[parts.scheme]
        except ValueError:
            return False
        host = parts.hostname.rstrip(".")
        return any(_matches(entry, host, port, parts.scheme) for entry in self.hosts)

    def moved_to(self, url: str) -> Source:
        """This source, also covering the host of ``url``, where its home page has moved to.

        Only within one site (``example.org`` to ``news.example.org``, or another port of the
        host): a home page that leads to someone else's host does not make it ours.
        """
        parts = urlsplit(url)
        old = urlsplit(self.home or "").hostname or ""
        new = parts.hostname or ""
        same = old == new or (not ADDRESS.fullmatch(new) and _site(old) == _site(new))
        if self.covers(url) or not same:
            return self
        return replace(self, hosts=(*self.hosts, parts.netloc.rpartition("@")[2].lower()))

    def ignores(self, url: str) -> bool:
        """Whether the source says never to fetch ``url``."""
        return any(pattern.search(url) for pattern in self.ignore)


def _site(host: str) -> str:
    return ".".join(host.rstrip(".").rsplit(".", 2)[-2:])


def _matches(entry: str, host: str, port: int, scheme: str) -> bool:
    name, _, own_port = entry.rpartition(":") if re.search(r":\d+$", entry) else (entry, "", "")
    name = name.strip("[]")
    if own_port:
        return host == name and port == int(own_port)
    return port == DEFAULT_PORTS[scheme] and (host == name or host.endswith("." + name))


def source_from_url(url: str) -> Source:
    """The source for a bare home page: its spider finds the rest by itself.

    ``http://www.name/`` also covers ``http://name/``. Raises ``ValueError`` when ``url``
    is no HTTP(S) URL with a host.
    """
    parts = urlsplit(url)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"not an http or https URL: {url}")
    host = parts.hostname.removeprefix("www.")
    default = parts.port in (None, DEFAULT_PORTS[parts.scheme])
    netloc = f"[{host}]" if ":" in host else host
    entry = netloc if default else parts.netloc.rpartition("@")[2].lower()
    name = netloc if default else f"{netloc}:{parts.port}"
    home = url if parts.path else url + "/"
    return Source(name=name, hosts=(entry,), home=home, discover=True)
