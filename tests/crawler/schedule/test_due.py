"""When a source is due again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.schedule.due import next_crawl
from storage.source_runs import Finding, SourceRun

LAST = datetime(2026, 6, 30, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
WELL = SourceRun("daily", new=4)
BLOCKED = SourceRun("daily", findings=(Finding("blocked", "we are refused"),))
REDESIGNED = SourceRun("daily", new=4, findings=(Finding("redesign", "no dates"),))


def history(*runs, every=HOUR):
    """The crawls, the latest first."""
    return [replace(run, ended_at=(LAST - every * n).isoformat()) for n, run in enumerate(runs)]


@pytest.mark.parametrize(
    ("interval", "before", "waiting", "after"),
    [
        (HOUR, history(WELL), 0, HOUR),
        (6 * HOUR, history(*[WELL] * 5), 0, 6 * HOUR),
        (None, history(WELL), 0, HOUR),
        (None, history(*[WELL] * 5), 0, HOUR),  # four an hour
        (None, history(*[replace(WELL, new=1)] * 5), 0, 4 * HOUR),
        (None, history(*[replace(WELL, new=500)] * 5), 0, timedelta(minutes=15)),
        (None, history(*[replace(WELL, new=0)] * 5), 0, 12 * HOUR),
        (None, history(*[WELL] * 4, replace(WELL, new=900)), 0, HOUR),  # the first crawl brings the archive
        (6 * HOUR, history(WELL), 12, timedelta(minutes=5)),
        (HOUR, history(REDESIGNED), 0, HOUR),
        (HOUR, history(BLOCKED), 0, 2 * HOUR),
        (HOUR, history(BLOCKED, BLOCKED, BLOCKED, WELL), 0, 8 * HOUR),
        (HOUR, history(*[BLOCKED] * 9), 0, 24 * HOUR),
        (48 * HOUR, history(*[BLOCKED] * 9), 0, 48 * HOUR),
        (HOUR, history(BLOCKED), 12, 2 * HOUR),
        (HOUR, history(WELL, BLOCKED), 0, HOUR),
    ],
)
def test_a_source_is_due_by_its_interval_its_rhythm_and_its_health(interval, before, waiting, after):
    due = next_crawl("daily", interval, before, waiting)
    assert due.at == LAST + after
    assert due.why
    assert not due.now(LAST + after - timedelta(seconds=1))
    assert due.now(LAST + after)


def test_what_was_never_crawled_is_due_at_once():
    due = next_crawl("daily", 6 * HOUR, [], 0)
    assert due.at is None
    assert due.now(LAST)


def test_the_reason_is_said():
    assert next_crawl("daily", 6 * HOUR, history(WELL), 0).why == "every 6 h (its own interval)"
    assert next_crawl("daily", HOUR, history(BLOCKED), 0).why == "every 2 h (blocked)"
