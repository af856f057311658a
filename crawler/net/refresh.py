"""Follows ``<meta http-equiv=refresh>`` as Scrapy does, but reads only pages that have one."""

from __future__ import annotations

from typing import Any

from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware

__all__ = ["RefreshMiddleware", "may_refresh"]

_HEAD = 4 * 4096
"""Scrapy looks at 4,096 characters; none takes more bytes in an encoding of web pages."""


def may_refresh(body: bytes) -> bool:
    """Whether it is worth to decode a page to look for a refresh; NUL bytes speak for UTF-16."""
    head = body[:_HEAD].lower()
    return b"\0" in head or (b"http-equiv" in head and (b"refresh" in head or b"&#" in head))


class RefreshMiddleware(MetaRefreshMiddleware):
    """Stands in the place of Scrapy's ``MetaRefreshMiddleware``, which decodes every page."""

    def process_response(self, request: Any, response: Any, spider: Any = None) -> Any:
        """Redirect where the page says so."""
        return super().process_response(request, response) if may_refresh(response.body) else response
