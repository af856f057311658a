"""Follows ``<meta http-equiv=refresh>`` as Scrapy does, but reads only pages that have one."""

from __future__ import annotations

import re
from typing import Any

from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware

__all__ = ["RefreshMiddleware", "may_refresh"]

_HEAD = 4 * 4096
"""Scrapy looks at 4,096 characters; none takes more bytes in an encoding of web pages."""
_NAME = re.compile(rb"http-equiv", re.IGNORECASE)
_VALUE = re.compile(rb"refresh|&#", re.IGNORECASE)


def may_refresh(body: bytes) -> bool:
    """Whether it is worth to decode a page to look for a refresh; NUL bytes speak for UTF-16."""
    head = body[:_HEAD]
    return b"\0" in head or (_NAME.search(head) is not None and _VALUE.search(head) is not None)


class RefreshMiddleware(MetaRefreshMiddleware):
    """Stands in the place of Scrapy's ``MetaRefreshMiddleware``, which decodes every page."""

    def process_response(self, request: Any, response: Any, spider: Any = None) -> Any:
        """Redirect where the page says so."""
        return super().process_response(request, response) if may_refresh(response.body) else response
