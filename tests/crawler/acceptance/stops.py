"""Crawls of the town that are killed, or asked to stop, at seeded moments; and what that costs."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.crawler.acceptance.measure import arguments, rows
from tests.crawler.acceptance.town import Town
from tests.crawler.crawling import command, environment


@dataclass
class Stops:
    """By run: stories fetched again (for the stop before it), seconds until it was gone, its exit code."""

    again: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    whole: bool = True


def stop_at_seeded_moments(
    town: Town, store: Path, number: signal.Signals, stops: int, seed: int = 1
) -> Stops:
    """Start a crawl and send it a signal, so many times; the caller crawls to the end."""
    chance, done = random.Random(seed), Stops()
    for _ in range(stops):
        before = _bodies(town)
        until = len(town.hosts.asked) + chance.randint(1, max(2, 2 * len(town.real) // stops))
        code, seconds = _stopped(town, store, until, number)
        done.codes.append(code)
        done.seconds.append(seconds)
        done.again.append(sum(min(n - before[key], before[key]) for key, n in _bodies(town).items()))
        if store.exists():
            done.whole &= rows(store, "pragma integrity_check") == [{"integrity_check": "ok"}]
    return done


def _stopped(town: Town, store: Path, until: int, number: signal.Signals) -> tuple[int, float]:
    process = subprocess.Popen(
        command(*arguments(town, store)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(),
        start_new_session=True,
    )
    while len(town.hosts.asked) < until and process.poll() is None:
        time.sleep(0.005)
    began = time.monotonic()
    process.send_signal(number)
    return process.wait(), time.monotonic() - began


def _bodies(town: Town) -> Counter[str]:
    return Counter(f"{one.host}{one.path}" for one in town.bodies())
