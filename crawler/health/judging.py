"""Judges one crawl of a source against the crawls before it: pure, from the figures alone.

A source is its own yardstick: a site that never states authors is well without them, one that
stated them on every page and now on none has changed its layout. What can be told without a
history (nobody answers, everybody is refused) is told on the first crawl already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from statistics import median

from crawler.sources import Expect
from storage.source_runs import Finding, SourceRun

__all__ = ["CODES", "HISTORY", "judge"]

CODES = {
    "unreachable": "Nothing that was asked for could be fetched.",
    "blocked": "The site refuses us, or shows verification and login pages in place of articles.",
    "feed_empty": "Feeds, sitemaps and lists can be read, but name no article any more.",
    "redesign": "Pages arrive, but the articles in them are not found as before.",
    "dates_odd": "Most new articles state the very same time.",
    "quiet": "Nothing new has come for much longer than usual.",
    "unmet": "What the source file expects does not hold.",
}
"""The findings, by their stable codes."""

HISTORY = 20
"""So many earlier crawls are looked at."""
_LEAST = 5
"""From so few pages on a share means something."""
_MOST_OFTEN, _RARELY = 0.5, 0.2
_FIELDS = {"titled": "title", "dated": "date", "authored": "author"}
_EXPECTED = {"title": "titled", "date": "dated", "people": "authored"}
_SHRUNK = 1 / 3
_QUIET_TIMES, _QUIET_LEAST = 5, timedelta(days=3)


@dataclass(frozen=True, slots=True)
class _Case:
    """A crawl and the complete ones before it, the latest first; ``ended`` is the time of this one."""

    now: SourceRun
    before: Sequence[SourceRun]
    ended: datetime

    def usually(self, share: Callable[[SourceRun], float | None]) -> float | None:
        """The median over the history of a share; None where the history says nothing of it."""
        known = [value for run in self.before if (value := share(run)) is not None]
        return median(known) if known else None


def judge(
    now: SourceRun, history: Sequence[SourceRun], ended: datetime, expect: Expect | None = None
) -> tuple[Finding, ...]:
    """What is wrong with ``now``; ``history`` has the crawls before, the latest first.

    A crawl that was cut short (by a signal, a limit) says nothing, and is no yardstick. ``ended`` is aware.
    ``expect`` is what the source file promises.
    """
    if not now.complete:
        return ()
    before = [run for run in history if run.complete][:HISTORY]
    case = _Case(now, before, ended)
    found = [finding for check in (_unreachable, _blocked) if (finding := check(case))]
    if found:  # whoever lets us in to nothing can not be judged further
        return tuple(found[:1]) if found[0].code == "blocked" else tuple(found[-1:])
    checks = (_feed_empty, _redesign, _dates_odd, _quiet)
    found = [finding for check in checks if (finding := check(case))]
    return (*found, *_unmet(now, expect or Expect()))


def _unmet(now: SourceRun, expect: Expect) -> Iterator[Finding]:
    if expect.articles is not None and now.named < expect.articles:
        yield Finding("unmet", f"the lists name {now.named} articles; expected are {expect.articles}")
    for field in expect.fields:
        share = _covered(now, _EXPECTED[field])
        if share is not None and share < 1 - _RARELY:
            yield Finding("unmet", f"{share:.0%} of the articles state their {field}")
    length = _length(now)
    if expect.chars is not None and length is not None and length < expect.chars:
        yield Finding("unmet", f"articles have {length:.0f} characters; expected are {expect.chars}")


def _unreachable(case: _Case) -> Finding | None:
    now = case.now
    if now.lists or now.fetched or not (now.failed or now.skipped):
        return None
    return Finding("unreachable", f"none of {now.failed + now.skipped} URLs could be fetched{_why(now)}")


def _blocked(case: _Case) -> Finding | None:
    now, share = case.now, _refused(case.now)
    usual = case.usually(_refused) or 0.0
    if share is None or share < _MOST_OFTEN or usual >= _MOST_OFTEN:
        return None
    return Finding("blocked", f"{now.refused} of {_answered(now)} answers refuse us{_usually(usual, case)}")


def _feed_empty(case: _Case) -> Finding | None:
    usual = case.usually(lambda run: float(run.named) if run.lists else None)
    if not case.now.lists or case.now.named or not usual:
        return None
    return Finding("feed_empty", f"{case.now.lists} lists name no article; usually {usual:.0f}")


def _redesign(case: _Case) -> Finding | None:
    now, usual = case.now, case.usually(_empty)
    share = _empty(now)
    if share is not None and usual is not None and share >= _MOST_OFTEN and usual <= _RARELY:
        return Finding(
            "redesign", f"{now.rejected} of {now.fetched} pages gave no article{_usually(usual, case)}"
        )
    for name, word in _FIELDS.items():
        share, usual = _covered(now, name), case.usually(partial(_covered, name=name))
        if share is not None and usual is not None and share <= _RARELY and usual >= 1 - _RARELY:
            stored = now.new + now.changed
            return Finding(
                "redesign",
                f"{getattr(now, name)} of {stored} articles state their {word}{_usually(usual, case)}",
            )
    length, usual = _length(now), case.usually(_length)
    if length is not None and usual is not None and length < usual * _SHRUNK:
        return Finding("redesign", f"articles have {length:.0f} characters; usually {usual:.0f}")
    return None


def _dates_odd(case: _Case) -> Finding | None:
    now, share, usual = case.now, _alike(case.now), case.usually(_alike)
    if share is None or usual is None or share < _MOST_OFTEN or usual > _RARELY:
        return None
    return Finding("dates_odd", f"{now.same_time} of {now.new} new articles state the same minute")


def _quiet(case: _Case) -> Finding | None:
    """Nothing new since long, measured by the gaps between the crawls that brought something new."""
    if case.now.new:
        return None
    times = [datetime.fromisoformat(run.ended_at) for run in case.before if run.new]
    gaps = [later - earlier for later, earlier in pairwise(times)]
    if len(gaps) < 2:
        return None
    usual, since = max(gaps), case.ended - times[0]
    if since < max(_QUIET_LEAST, usual * _QUIET_TIMES):
        return None
    return Finding("quiet", f"nothing new for {_span(since)}; so far never longer than {_span(usual)}")


def _answered(run: SourceRun) -> int:
    return run.fetched + run.lists + run.failed


def _refused(run: SourceRun) -> float | None:
    return run.refused / _answered(run) if _answered(run) >= _LEAST or run.refused else None


def _empty(run: SourceRun) -> float | None:
    return run.rejected / run.fetched if run.fetched >= _LEAST else None


def _covered(run: SourceRun, name: str) -> float | None:
    stored = run.new + run.changed
    return getattr(run, name) / stored if stored >= _LEAST else None


def _length(run: SourceRun) -> float | None:
    stored = run.new + run.changed
    return run.chars / stored if stored >= _LEAST else None


def _alike(run: SourceRun) -> float | None:
    return run.same_time / run.new if run.new >= _LEAST else None


def _why(run: SourceRun) -> str:
    reasons = {key.partition(".")[2]: n for key, n in run.reasons.items() if key.startswith("failed.")}
    return f" ({', '.join(f'{reason} {n}' for reason, n in sorted(reasons.items()))})" if reasons else ""


def _usually(share: float, case: _Case) -> str:
    return f"; usually {share:.0%}" if case.before else ""


def _span(time: timedelta) -> str:
    hours = time.total_seconds() / 3600
    return f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.0f} hours"
