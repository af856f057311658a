"""Tells pages that are whole, though the server announced more bytes, from those that were cut off.

Needs ``download_fail_on_dataloss: False`` in a request's meta (else Scrapy refuses both).
"""

from __future__ import annotations

import re
from typing import Any

from scrapy.exceptions import ResponseDataLossError

__all__ = ["WholeMiddleware", "cut_off"]

_ENDS = re.compile(rb"</(?:html|rss|feed|rdf:rdf|urlset|sitemapindex)\s*>\s*\Z", re.IGNORECASE)
_TAIL = 500


def cut_off(response: Any) -> bool:
    """Whether fewer bytes came than were announced, and the document does not end as documents do."""
    return "dataloss" in response.flags and _ENDS.search(response.body[-_TAIL:]) is None


class WholeMiddleware:
    """Refuses pages that were cut off, once nobody has tried again."""

    def process_response(self, request: Any, response: Any) -> Any:
        """Let through what is whole."""
        if cut_off(response):
            raise ResponseDataLossError("the connection ended before the page did")
        return response
