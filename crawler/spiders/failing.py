"""What a spider hands on for a URL that gave nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from scrapy.spidermiddlewares.httperror import HttpError

from crawler.items import Failed
from crawler.net.backoff import BUSY, retry_after
from crawler.net.reasons import FetchReason
from storage.visits import Visit

__all__ = ["failed_item"]

GONE = frozenset({404, 410})


def failed_item(meta: Any, reason: FetchReason, detail: str, error: Any = None) -> Failed:
    """The record for the request with ``meta``; ``error`` is the exception, if it was one."""
    want = meta["want"]
    response = error.response if isinstance(error, HttpError) else None
    pause = None
    if response is not None and response.status in BUSY:
        pause = retry_after(response, datetime.now(UTC))
    return Failed(
        want.url,
        want.kind,
        reason,
        detail,
        Visit(meta["lease"].id),
        gone=reason is FetchReason.GONE or (response is not None and response.status in GONE),
        silent=want.guessed,
        not_before=None if pause is None else datetime.now(UTC) + timedelta(seconds=pause),
        status=None if response is None else response.status,
    )
