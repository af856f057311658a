"""The times in feeds and sitemaps: RFC 822, ISO 8601 and the shorter forms of W3C dates."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

__all__ = ["stated_time"]

_SHORT = re.compile(r"(\d{4})(?:-(\d{2}))?")


def stated_time(text: str | None) -> datetime | None:
    """The moment that ``text`` states, aware; without an offset it is taken for UTC. None when it is none.

    Good for telling later from earlier in what one publisher writes, not for showing to people.
    """
    text = (text or "").strip()[:100]
    if short := _SHORT.fullmatch(text):
        text = f"{short[1]}-{short[2] or '01'}-01"
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return moment.astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None
