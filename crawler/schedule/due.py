"""When a source is to be crawled again: pure, from what it says of itself and from its last crawls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from storage.source_runs import SourceRun

__all__ = ["Due", "next_crawl"]

_FIRST = timedelta(hours=1)
"""For a source that says nothing of its interval, as long as too little is known of it."""
_LEAST, _MOST = timedelta(minutes=15), timedelta(hours=12)
_WANTED = 4
"""So many new articles a crawl are worth its requests, and leave none of them waiting for long."""
_KNOWN_AFTER = 3
_LOOKED_AT = 20
_AGAIN = timedelta(minutes=5)
"""What was left over is not taken up sooner, so that a crawl that fails at once does not spin."""
_ILL = frozenset({"unreachable", "blocked"})
_ILL_MOST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """When ``source`` is due (aware; None: at once, it was never crawled), and why then."""

    source: str
    at: datetime | None
    why: str

    def now(self, moment: datetime) -> bool:
        """Whether it is due at ``moment`` (aware)."""
        return self.at is None or self.at <= moment


def next_crawl(source: str, interval: timedelta | None, history: Sequence[SourceRun], waiting: int) -> Due:
    """When ``source`` is due; ``history`` has its crawls, the latest first; ``waiting`` URLs are left over.

    Its own ``interval`` counts, if it states one. Otherwise the time between crawls is what brought
    about four new articles so far. A source that is unreachable or blocks us is asked ever more rarely,
    up to once a day.
    """
    if not history:
        return Due(source, None, "never crawled")
    last = datetime.fromisoformat(history[0].ended_at)
    ill = len(list(takewhile(lambda run: _codes(run) & _ILL, history)))
    if waiting and not ill:
        return Due(source, last + _AGAIN, f"{waiting} URLs are left over from the last crawl")
    span, why = (interval, "its own interval") if interval else _learned(history)
    if ill:
        longer = min(_ILL_MOST, span * (1 << min(ill, 8)))
        often = f" {ill} times in a row" if ill > 1 else ""
        span, why = max(span, longer), ", ".join(sorted(_codes(history[0]))) + often
    return Due(source, last + span, f"every {_said(span)} ({why})")


def _learned(history: Sequence[SourceRun]) -> tuple[timedelta, str]:
    known = [run for run in history if run.complete][:_LOOKED_AT]
    if len(known) < _KNOWN_AFTER:
        return _FIRST, "nothing is known of its rhythm yet"
    first, last = (datetime.fromisoformat(run.ended_at) for run in (known[-1], known[0]))
    # What the oldest of them brought had gathered before our time.
    new = sum(run.new for run in known[:-1])
    if not new:
        return _MOST, "it brought nothing new of late"
    span = min(_MOST, max(_LEAST, (last - first) / new * _WANTED))
    return span, f"{new} new articles in {_said(last - first)}"


def _codes(run: SourceRun) -> set[str]:
    return {finding.code for finding in run.findings}


def _said(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes / 60:.0f} h" if minutes < 72 * 60 else f"{minutes / 1440:.0f} days"
