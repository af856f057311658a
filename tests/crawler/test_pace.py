"""Domains and their turns; Retry-After; the times in feeds."""

import math
from datetime import UTC, datetime

import pytest
from scrapy.http import Response

from crawler.discovery.dates import stated_time
from crawler.net.backoff import retry_after
from crawler.net.pace import Pacer, domain_of


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://news.example.co.uk/a", "example.co.uk"),
        ("https://example.co.uk:8443/", "example.co.uk"),
        ("https://a.b.example.com.cn/x", "example.com.cn"),
        ("http://127.0.0.1:8000/", "127.0.0.1:8000"),
        ("http://0x7f000001:80/", "0x7f000001:80"),
        ("http://[::1]:8000/", "[::1]:8000"),
        ("http://localhost:8000/", "localhost:8000"),
        ("http://user:word@intranet/", "intranet"),
    ],
)
def test_the_domain_of_a_url(url, domain):
    assert domain_of(url) == domain


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def pacer():
    return Pacer(Clock())


def test_a_domain_is_asked_again_after_its_delay(pacer):
    assert pacer.wait("a", 2) == 0
    pacer.begin("a", 1.5)
    assert pacer.wait("a", 2) == 1.5
    assert pacer.wait("b", 2) == 0
    pacer.clock.now += 1.5
    assert pacer.wait("a", 2) == 0


def test_a_full_domain_waits_for_an_answer_and_is_told_of_it(pacer):
    told = []
    pacer.freed.append(lambda: told.append(True))
    pacer.begin("a", 0)
    assert math.isinf(pacer.wait("a", 1))
    assert pacer.wait("a", 2) == 0
    pacer.end("a")
    assert told == [True]
    assert pacer.wait("a", 1) == 0


def test_all_domains_wait_for_a_store_that_can_not_keep_up():
    waiting = 27
    clock = Clock()
    pacer = Pacer(clock, unstored=lambda: waiting)
    assert pacer.wait("a", 8) == 0
    pacer.begin("a", 0)
    assert 0 < pacer.wait("b", 8) < 1
    pacer.end("a")
    assert pacer.wait("b", 8) == 0


def test_slow_servers_keep_no_other_waiting():
    clock = Clock()
    pacer = Pacer(clock, unstored=lambda: 0)
    for _ in range(40):
        pacer.begin("a", 0)
    assert 0 < pacer.wait("b", 8) < 1
    clock.now += 5
    assert pacer.wait("b", 8) == 0


def test_the_slower_of_two_delays_holds(pacer):
    assert pacer.slow_down("a", 5)
    assert not pacer.slow_down("a", 3)
    pacer.begin("a", 1)
    assert pacer.wait("a", 2) == 5
    pacer.begin("b", 1)
    assert pacer.wait("b", 2) == 1


def test_a_held_domain_is_left_alone(pacer):
    pacer.hold("a", 60)
    pacer.hold("a", 10)
    assert pacer.wait("a", 2) == 60
    pacer.clock.now += 60
    assert pacer.wait("a", 2) == 0


def test_refusals_count_until_the_domain_answers(pacer):
    assert [pacer.refused("a"), pacer.refused("a")] == [1, 2]
    pacer.welcomed("a")
    assert pacer.refused("a") == 1


NOW = datetime(2026, 3, 5, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("Thu, 05 Mar 2026 10:01:00 GMT", 60),
        ("Thu, 05 Mar 2026 09:00:00 GMT", 0),
        ("-5", None),
        ("soon", None),
        ("9" * 400, None),
        ("１２", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_a_number_or_a_date(header, seconds):
    headers = {} if header is None else {"Retry-After": header.encode("utf-8")}
    assert retry_after(Response("http://a/", headers=headers), NOW) == seconds


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-05T10:00:00+08:00", "2026-03-05T02:00:00+00:00"),
        ("2026-03-05T10:00:00Z", "2026-03-05T10:00:00+00:00"),
        ("2026-03-05", "2026-03-05T00:00:00+00:00"),
        ("2026-03", "2026-03-01T00:00:00+00:00"),
        ("2026", "2026-01-01T00:00:00+00:00"),
        ("Thu, 05 Mar 2026 10:00:00 +0800", "2026-03-05T02:00:00+00:00"),
        ("2026-13-05", None),
        ("昨天", None),
        ("0001-01-01T00:00:00+10:00", None),
        ("", None),
        (None, None),
    ],
)
def test_the_times_of_feeds_and_sitemaps(text, moment):
    found = stated_time(text)
    assert (found.isoformat() if found else None) == moment
