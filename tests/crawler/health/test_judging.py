"""What is said of a source, from its figures alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.health.judging import CODES, judge
from crawler.sources import Expect
from storage.source_runs import SourceRun

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
USUAL = SourceRun(
    "daily",
    requested=30, lists=3, named=40, fetched=22, new=20, changed=0, unchanged=0, rejected=2,
    titled=20, dated=20, authored=18, chars=20 * 900, same_time=2,
)  # fmt: skip


def history(run=USUAL, times=6, every=timedelta(hours=6), before=NOW):
    """So many crawls like ``run``, the latest first."""
    ended = [before - every * (number + 1) for number in range(times)]
    return [replace(run, ended_at=when.isoformat()) for when in ended]


def quiet(days, before):
    """A crawl that finds nothing new; the last that did was so many days ago."""
    return history(every=timedelta(days=before), before=NOW - timedelta(days=days - before))


NOTHING_NEW = replace(
    USUAL, fetched=0, new=0, rejected=0, titled=0, dated=0, authored=0, chars=0, same_time=0
)
ILL = {
    "nobody answers": ("unreachable", SourceRun("daily", failed=4, reasons={"failed.dns": 4}), []),
    "nobody answers any more": ("unreachable", SourceRun("daily", failed=4), history()),
    "all refused": ("blocked", SourceRun("daily", lists=1, failed=9, refused=9), []),
    "captcha pages": ("blocked", replace(USUAL, new=0, rejected=22, refused=20), history()),
    "refused from the door on": ("blocked", SourceRun("daily", failed=1, refused=1), history()),
    "feeds are empty": ("feed_empty", replace(NOTHING_NEW, named=0), history()),
    "no article found": ("redesign", replace(USUAL, new=2, rejected=20), history()),
    "titles are gone": ("redesign", replace(USUAL, titled=0), history()),
    "dates are gone": ("redesign", replace(USUAL, dated=1), history()),
    "people are gone": ("redesign", replace(USUAL, authored=0), history()),
    "only leads are left": ("redesign", replace(USUAL, chars=20 * 120), history()),
    "dates are the time of the visit": ("dates_odd", replace(USUAL, same_time=19), history()),
    "silence": ("quiet", NOTHING_NEW, quiet(10, before=1)),
}
WELL = {
    "as ever": (USUAL, history()),
    "first crawl": (USUAL, []),
    "nothing new today": (NOTHING_NEW, history()),
    "nothing was due": (SourceRun("daily", lists=3, named=40), history()),
    "a short silence": (NOTHING_NEW, quiet(4, before=1)),
    "a weekly is silent for weeks": (NOTHING_NEW, quiet(20, before=7)),
    "it never states people": (replace(USUAL, authored=0), history(replace(USUAL, authored=0))),
    "its articles are short": (replace(USUAL, chars=2000), history(replace(USUAL, chars=2000))),
    "it always had many pages without article": (
        replace(USUAL, new=8, rejected=14), history(replace(USUAL, new=7, rejected=15)),
    ),
    "all articles of a day at one minute, as ever": (
        replace(USUAL, same_time=20), history(replace(USUAL, same_time=20)),
    ),
    "too few to say": (replace(USUAL, fetched=3, new=1, rejected=2, titled=0, dated=0), history()),
    "one minute for all, and nobody knows what is usual": (replace(USUAL, same_time=20), []),
    "two of thirty refused": (replace(USUAL, failed=2, refused=2), history()),
    "half of it is behind a login, as ever": (
        replace(USUAL, refused=14, rejected=14, new=8),
        history(replace(USUAL, refused=15, rejected=15, new=7)),
    ),
    "it never named anything": (replace(NOTHING_NEW, named=0), history(replace(NOTHING_NEW, named=0))),
    "it was cut short": (SourceRun("daily", complete=False, failed=4, refused=4), history()),
    "only crawls that were cut short before": (
        replace(USUAL, titled=0), history(replace(USUAL, complete=False)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ILL)
def test_what_is_wrong_is_said(name):
    code, now, before = ILL[name]
    findings = judge(now, before, NOW)
    assert [finding.code for finding in findings] == [code]
    assert findings[0].message
    assert code in CODES


@pytest.mark.parametrize("name", WELL)
def test_what_is_as_ever_is_not_blamed(name):
    now, before = WELL[name]
    assert judge(now, before, NOW) == ()


def test_the_sentence_names_the_figures():
    (finding,) = judge(replace(USUAL, dated=1), history(), NOW)
    assert finding.message == "1 of 20 articles state their date; usually 100%"


@pytest.mark.parametrize(
    ("expect", "message"),
    [
        (Expect(articles=41), "the lists name 40 articles; expected are 41"),
        (Expect(fields=("title", "people")), "50% of the articles state their people"),
        (Expect(chars=901), "articles have 900 characters; expected are 901"),
    ],
)
def test_what_the_file_expects_counts_whatever_is_usual(expect, message):
    now = replace(USUAL, authored=10)
    (finding,) = judge(now, history(now), NOW, expect)
    assert (finding.code, finding.message) == ("unmet", message)


@pytest.mark.parametrize(
    "expect",
    [Expect(), Expect(articles=40), Expect(fields=("title", "date", "people")), Expect(chars=900)],
)
def test_what_holds_is_no_finding(expect):
    assert judge(USUAL, history(), NOW, expect) == ()
    assert judge(replace(NOTHING_NEW, named=40), history(), NOW, expect) == ()


def test_every_code_has_a_case():
    assert {code for code, _, _ in ILL.values()} | {"unmet"} == set(CODES)
