from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storage.revisit import Known, next_visit

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def wait(kind: str, state: str, *, age: timedelta = timedelta(0), **counters: int) -> timedelta | None:
    reason = "robots" if state == "skipped" else None
    counted = {"tries": 0, "streak": 0} | counters
    due = next_visit(Known(kind, state, reason, NOW - age, **counted), NOW)
    return None if due is None else due - NOW


@pytest.mark.parametrize(
    ("age", "streak", "expected"),
    [
        (timedelta(0), 0, HOUR),
        (4 * HOUR, 0, 2 * HOUR),
        (4 * HOUR, 1, 4 * HOUR),
        (-3 * DAY, 0, HOUR),  # dated in the future
        (10 * DAY, 0, 5 * DAY),
        (10 * DAY, 3, 40 * DAY),
        (4000 * DAY, 9, 90 * DAY),
    ],
)
def test_new_articles_are_seen_again_soon_and_old_ones_rarely(
    age: timedelta, streak: int, expected: timedelta
) -> None:
    assert wait("article", "stored", age=age, streak=streak) == expected


@pytest.mark.parametrize(
    ("kind", "state", "counters", "expected"),
    [
        ("listing", "stored", {}, HOUR),
        ("listing", "unchanged", {"streak": 3}, 8 * HOUR),
        ("listing", "unchanged", {"streak": 30}, 7 * DAY),
        ("article", "rejected", {"streak": 1}, 2 * DAY),
        ("article", "failed", {"tries": 1}, timedelta(0)),
        ("article", "failed", {"tries": 3}, timedelta(0)),
        ("article", "failed", {"tries": 4}, 2 * HOUR),
        ("article", "failed", {"tries": 400}, 7 * DAY),
        ("article", "gone", {"tries": 1}, 14 * DAY),
        ("article", "gone", {"tries": 3}, None),
        ("article", "skipped", {}, DAY),
    ],
)
def test_other_ends(kind: str, state: str, counters: dict[str, int], expected: timedelta | None) -> None:
    assert wait(kind, state, **counters) == expected


@pytest.mark.parametrize(
    ("reason", "tries", "expected"),
    [
        ("http_error", 1, timedelta(0)),
        ("timeout", 3, timedelta(0)),
        ("too_large", 1, 2 * HOUR),
        ("redirects", 2, 4 * HOUR),
        ("too_large", 400, 7 * DAY),
    ],
)
def test_what_fails_by_what_it_is_waits_from_the_first_time_on(
    reason: str, tries: int, expected: timedelta
) -> None:
    due = next_visit(Known("article", "failed", reason, NOW, tries, 0), NOW)
    assert due == NOW + expected
