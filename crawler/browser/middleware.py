"""Sends the pages of a source to the browser; feeds, sitemaps and robots.txt need none."""

from __future__ import annotations

from http.cookiejar import Cookie
from typing import Any, Self

from crawler.browser.setup import request_meta
from crawler.net.cookies import read_cookies
from crawler.net.reasons import FetchReason, NotAskedError

__all__ = ["BrowserMiddleware"]

_RENDERED = frozenset({"home", "listing", "article"})
_CONDITIONAL = ("If-None-Match", "If-Modified-Since")


class BrowserMiddleware:
    """For spiders with a ``source``; requests say by ``want`` in their meta what they are for."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self._agent = crawler.settings["USER_AGENT"]
        path = crawler.spidercls.source.cookies
        self._cookies = [] if path is None else [_for_browser(cookie) for cookie in read_cookies(path)]

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Build from a crawler."""
        return cls(crawler)

    def process_request(self, request: Any) -> None:
        """Mark what is to be rendered; a rendered page is never "not modified", so nothing asks for that."""
        want = request.meta.get("want")
        if want is not None and want.kind in _RENDERED and not request.meta.get("playwright"):
            request.meta.update(request_meta(self._agent, self._cookies))
            for name in (*_CONDITIONAL, "Cookie"):  # the browser has its own jar
                request.headers.pop(name, None)

    def process_response(self, request: Any, response: Any) -> Any:
        """Refuse a page that the browser was led away to: its redirects pass none of our checks."""
        if "playwright" in response.flags and not request.meta.get("allow_offsite"):
            source = self._crawler.spider.source
            if not source.covers(response.url):
                raise NotAskedError(FetchReason.OFFSITE, f"leads to {response.url[:200]}")
        return response


def _for_browser(cookie: Cookie) -> dict[str, Any]:
    return {
        "name": cookie.name,
        "value": cookie.value or "",
        "domain": cookie.domain,
        "path": cookie.path,
        "secure": cookie.secure,
        "expires": -1 if cookie.expires is None else cookie.expires,
        "httpOnly": False,
        "sameSite": "Lax",
    }
