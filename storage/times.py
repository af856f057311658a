"""The border for times: ISO 8601 texts that sort, and keep the offset that a source stated."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

__all__ = ["now_utc", "parse_time", "stated_text", "utc_text"]


def _as_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # year 1 or 9999 next to the edge: the offset can not be applied
        return moment.replace(tzinfo=UTC)


def utc_text(moment: datetime | None, *, timespec: str = "seconds") -> str | None:
    """Give ``moment`` in UTC with a fixed width, so that texts sort as times do."""
    if moment is None:
        return None
    return _as_utc(moment).replace(tzinfo=None).isoformat(timespec=timespec) + "Z"


def stated_text(moment: datetime | None) -> str | None:
    """Give ``moment`` to the second with its own offset: ``2025-01-19T06:30:50+08:00``."""
    return None if moment is None else moment.isoformat(timespec="seconds")


def now_utc() -> str:
    """Give the present time in UTC to the millisecond."""
    text = utc_text(datetime.now(UTC), timespec="milliseconds")
    assert text is not None
    return text


def parse_time(text: str | None) -> datetime | None:
    """Read back what this module wrote; ``None`` stays ``None``."""
    return None if text is None else datetime.fromisoformat(text)


def day_after(day: str) -> str:
    """Give the day after an ISO day; raises ``ValueError`` for what is no day."""
    return (datetime.fromisoformat(day).date() + timedelta(days=1)).isoformat()
