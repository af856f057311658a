"""When a URL is due again: pure, from what is known of it.

An article changes most in its first hours, so the time between visits grows with its age, and
doubles with each visit that found nothing new. A list is looked at more often the more often it
brings something. What failed is tried again soon, then ever more rarely; what failed by what it is,
not at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

__all__ = ["Known", "next_visit"]

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_YOUNGEST, _OLDEST = _HOUR, 90 * _DAY
_AGE_SHARE = 0.5
_LIST_BASE, _LIST_MOST = _HOUR, 7 * _DAY
_REJECTED_BASE, _REJECTED_MOST = _DAY, 30 * _DAY
_FAILED_BASE, _FAILED_MOST = _HOUR, 7 * _DAY
_FREE_TRIES = 3
"""So many failures in a row are tried again by the very next run."""
_LASTING = frozenset(("too_large", "redirects", "scheme"))
"""Failures that lie in what the server answers, not in the moment: none of their tries is free."""
_GONE_BASE, _GONE_VISITS = 7 * _DAY, 3
_SKIPPED = {"robots": _DAY, "budget": _DAY, "robots_unreachable": timedelta(0)}
_SKIPPED_ELSE = 30 * _DAY


@dataclass(frozen=True, slots=True)
class Known:
    """How a visit ended, and the counters of the URL with this visit counted in.

    ``born`` is when the article was published, or when the URL was found.
    """

    kind: str
    state: str
    reason: str | None
    born: datetime
    tries: int
    streak: int


def next_visit(known: Known, now: datetime) -> datetime | None:
    """When to come back; None is never. Times are aware."""
    if known.state == "gone":
        return None if known.tries >= _GONE_VISITS else now + _GONE_BASE * (1 << min(known.tries, 8))
    if known.kind == "article" and known.reason == "duplicate":
        return None  # the article has another address
    if known.state == "skipped":
        return now + _SKIPPED.get(known.reason or "", _SKIPPED_ELSE)
    if known.state == "failed":
        late = known.tries - (0 if known.reason in _LASTING else _FREE_TRIES)
        return now if late <= 0 else now + min(_FAILED_MOST, _FAILED_BASE * (1 << min(late, 10)))
    return now + _settled_interval(known, now)


def _settled_interval(known: Known, now: datetime) -> timedelta:
    growth = 1 << min(known.streak, 10)
    if known.state == "rejected":
        return min(_REJECTED_MOST, _REJECTED_BASE * growth)
    if known.kind != "article":
        return min(_LIST_MOST, _LIST_BASE * growth)
    age = max(timedelta(0), now - known.born)
    return min(_OLDEST, max(_YOUNGEST, age * _AGE_SHARE) * growth)
