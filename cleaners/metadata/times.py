"""The time of publication among all that a page states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cleaners.metadata import dates
from cleaners.metadata.dates import Stamp
from cleaners.metadata.folding import fold
from cleaners.model import Candidate, Page, Precision, Rules

__all__ = ["Moment", "choose", "zone_of"]

CHINA = "Asia/Shanghai"
FINE = (Precision.MINUTE, Precision.SECOND)
# Which place is believed first when days differ
TRUST = ("rules", "json-ld", "meta", "itemprop", "byline", "script", "time", "class", "url")
MACHINE = frozenset(("json-ld", "meta", "itemprop", "script", "time"))


@dataclass(frozen=True, slots=True)
class Moment:
    """A resolved time: aware where its zone is known, else naive is never returned."""

    when: datetime
    precision: Precision
    raw: str
    zone_source: str
    candidate: Candidate
    ago: bool = False


def zone_of(rules: Rules, chinese: bool) -> tuple[ZoneInfo | None, str]:
    """The zone of naive times and why: the site's rules, or Shanghai for Chinese pages."""
    if rules.zone:
        try:
            return ZoneInfo(rules.zone), "rules"
        except (ZoneInfoNotFoundError, ValueError):
            pass
    return (ZoneInfo(CHINA), "assumed") if chinese else (ZoneInfo("UTC"), "assumed")


def _group(origin: str) -> str:
    if origin in TRUST:
        return origin
    if origin in ("line", "byline-end"):
        return "byline"
    return "meta" if ":" in origin or origin.startswith("meta") else "class"


def _read(candidate: Candidate, now: datetime | None, near: datetime | None = None) -> Stamp | None:
    """The time in a candidate. ``now`` is when the page was read; a print without a year is of the
    year before ``near``, a full time that the page states, since pages are read years later."""
    folded = fold(candidate.value)
    if candidate.origin in ("byline", "class", "time") and len(folded) > 200:
        return None
    stamp = dates.best(folded, now or near)
    if stamp and stamp.relative and near and not dates.is_ago(stamp):
        return dates.best(folded, near)
    return stamp


def choose(
    found: Sequence[Candidate],
    page: Page,
    rules: Rules,
    chinese: bool,
    floor: date | None,
    also: Sequence[Candidate] = (),
) -> Moment | None:
    """The best supported time: by trust in its place, refined by a finer print of the same day.

    ``floor`` is the day in the page's address: an earlier time is refused, as is one more
    than a day after ``page.fetched_at``.
    """
    zone, why = zone_of(rules, chinese)
    now = page.fetched_at.astimezone(zone) if page.fetched_at else None
    near = _latest((*found, *also), zone, now)
    moments = []
    for candidate in found:
        stamp = _read(candidate, now, near)
        if not stamp or (stamp.relative and now is None and dates.is_ago(stamp)):
            continue  # "yesterday" means nothing without the time of fetching
        moment = _moment(candidate, stamp, zone, why)
        if now and moment.when > now + timedelta(days=1):
            continue
        if floor and moment.when.astimezone(zone).date() < floor - timedelta(days=1):
            continue
        moments.append(moment)
    if not moments:
        return None
    # "yesterday" was true when a page was rendered, and pages are kept for years
    moments.sort(key=lambda m: (m.ago, TRUST.index(_group(m.candidate.origin))))
    return _as_shown(_refined(moments[0], moments[1:]), moments, zone)


def _as_shown(chosen: Moment, moments: Sequence[Moment], zone: tzinfo | None) -> Moment:
    """A time that a machine states in UTC, on the clock on which the page prints it for people."""
    if chosen.zone_source != "stated" or chosen.when.utcoffset():
        return chosen
    local = chosen.when.astimezone(zone)
    shown = (m for m in moments if _is_printed(m) and m.zone_source != "stated" and m.precision in FINE)
    return replace(chosen, when=local) if any(_clock(m) == _clock_of(local) for m in shown) else chosen


def _moment(candidate: Candidate, stamp: Stamp, zone: tzinfo | None, why: str) -> Moment:
    when = stamp.when
    aware = when.tzinfo is not None
    if dates.EPOCH.match(stamp.raw):  # seconds know no zone
        when, aware = when.astimezone(zone), False
    elif not aware:
        when = when.replace(tzinfo=zone)
    raw = candidate.value if len(candidate.value) < 60 else stamp.raw
    return Moment(when, stamp.precision, raw, "stated" if aware else why, candidate, dates.is_ago(stamp))


def _latest(found: Sequence[Candidate], zone: tzinfo | None, now: datetime | None) -> datetime | None:
    """The latest full time that the page states, not later than ``now``."""
    full = [s.when for c in found if (s := _read(c, None))]
    aware = (w if w.tzinfo else w.replace(tzinfo=zone) for w in full)
    return max((w for w in aware if now is None or w <= now + timedelta(days=1)), default=None)


def _clock(moment: Moment) -> datetime:
    return _clock_of(moment.when)


def _clock_of(when: datetime) -> datetime:
    return when.replace(second=0, tzinfo=None)


def _prints(moment: Moment, first: Moment) -> bool:
    """Is it a print for people that says what ``first`` says to the minute?"""
    shown = _group(moment.candidate.origin) in ("byline", "class") and moment.precision in FINE
    return shown and moment.zone_source != "stated" and _clock(moment) == _clock(first)


def _is_printed(moment: Moment) -> bool:
    return _group(moment.candidate.origin) in ("byline", "class")


def _refined(first: Moment, others: Sequence[Moment]) -> Moment:
    """A day stamped by a machine often has its clock printed for people."""
    midnight = first.when.hour == first.when.minute == first.when.second == 0
    if first.precision in FINE and not midnight and any(_prints(o, first) for o in others):
        return first
    for other in others:
        if other.precision in FINE and other.when.date() == first.when.date():
            same_minute = other.when.replace(second=0) == first.when.replace(second=0) or (
                # a print without zone reads the same on the clock of the stated zone
                other.zone_source != "stated" and _clock(other) == _clock(first)
            )
            printed = _is_printed(other) and not _is_printed(first) and first.zone_source != "rules"
            if first.precision not in FINE or midnight or (printed and not same_minute):
                return other
    return first
