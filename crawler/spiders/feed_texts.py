"""Articles that a feed carries in full: what there is of them when their pages fail."""

from __future__ import annotations

import html
from collections.abc import Iterable
from datetime import UTC, datetime

from cleaners.model import Page, Reason, Via
from crawler.discovery.entries import Entry
from crawler.items import Failed
from crawler.net.backoff import BUSY
from crawler.net.reasons import FetchReason

__all__ = ["FROM_FEED", "FeedTexts", "may_stand_in"]

FROM_FEED = "x-taosha-from-feed"
"""The header of a page that was made of a feed's entry; its value is the feed's address."""
_MOST_CHARS = 8_000_000
_IN_VAIN = frozenset(
    {FetchReason.HTTP_ERROR, FetchReason.TIMEOUT, FetchReason.CONNECTION, FetchReason.TRUNCATED}
)
_INSTEAD_OF = frozenset(
    {Reason.BLOCKED, Reason.LOGIN_WALL, Reason.SCRIPT_SHELL, Reason.NO_CONTENT, Reason.TOO_SHORT}
)


def may_stand_in(ended: Failed | Reason | None) -> bool:
    """Whether the feed's text may take the place of a page that failed, or was rejected, in this way.

    Not for what is gone, nor for a server that asks us to come back later, nor for our own decisions.
    """
    if isinstance(ended, Failed):
        fair = ended.kind == "article" and ended.reason in _IN_VAIN
        return fair and not ended.gone and ended.status not in BUSY
    return ended in _INSTEAD_OF


class FeedTexts:
    """The full texts that the feeds of one run brought, in bounded memory; the first ones stay."""

    def __init__(self, most_chars: int = _MOST_CHARS) -> None:
        self._left = most_chars
        self._entries: dict[str, tuple[Entry, str]] = {}

    def keep(self, entries: Iterable[Entry], feed: str) -> None:
        """Keep the entries of ``feed`` that carry their article."""
        for entry in entries:
            size = len(entry.content or "")
            if size and size <= self._left and entry.url not in self._entries:
                self._left -= size
                self._entries[entry.url] = (entry, feed)

    def page(self, url: str) -> Page | None:
        """The article at ``url`` as a page of its own, for the cleaners to judge; each is given once."""
        found = self._entries.pop(url, None)
        if found is None:
            return None
        entry, feed = found
        self._left += len(entry.content or "")
        return Page(
            url=url,
            body=_page(entry).encode("utf-8", "replace"),
            content_type="text/html; charset=utf-8",
            headers=((FROM_FEED, feed),),
            fetched_at=datetime.now(UTC),
            origin=url,
            via=Via.CRAWL,
        )


def _page(entry: Entry) -> str:
    title = html.escape(entry.title or "")
    facts = {"article:published_time": entry.published, "article:modified_time": entry.modified}
    metas = "".join(
        f'<meta property="{name}" content="{html.escape(value)}">' for name, value in facts.items() if value
    )
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{metas}</head>'
        f"<body><article><h1>{title}</h1>{entry.content}</article></body></html>"
    )
