"""Kills a crawl at seeded moments and counts what that costs: ``python -m tests.bench.crawl_kills``.

A site on loopback sees every request, so what was lost and what was fetched twice is known exactly.
"""

from __future__ import annotations

import argparse
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from tests.crawler.crawling import command, environment, run
from tests.crawler.newsroom import Newsroom, crawl_arguments, rows


def main() -> int:
    """Print the figures; 1 if anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--signal", choices=("KILL", "TERM"), default="KILL")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Newsroom(options.articles) as site:
        store = Path(folder) / "store.db"
        number = signal.Signals[f"SIG{options.signal}"]
        worst = 0
        for seconds in _moments(options.kills, options.seed):
            again = _stopped_after(site, store, seconds, number)
            worst = max(worst, again)
            print(f"after {seconds:5.2f} s: {len(site.asked_articles())} asked, {again} of them again")
        last = run(*crawl_arguments(site, store))
        return _report(site, store, last.code, worst)


def _moments(kills: int, seed: int) -> list[float]:
    """From the start of the program (nothing is asked yet) into the middle of the crawl."""
    chance = random.Random(seed)
    return [chance.uniform(0.5, 6.0) for _ in range(kills)]


def _stopped_after(site: Newsroom, store: Path, seconds: float, number: signal.Signals) -> int:
    before = Counter(site.asked_articles())
    asked = sum(before.values())
    process = subprocess.Popen(
        command(*crawl_arguments(site, store)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(),
        start_new_session=True,
    )
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(number)
    process.wait()
    time.sleep(0.2)  # for the site to note what was under way
    return sum(path in before for path in site.asked_articles()[asked:])


def _report(site: Newsroom, store: Path, code: int, worst: int) -> int:
    stored = Counter(urlsplit(origin).path for (origin,) in rows(store, "select origin from articles"))
    lost = len(set(site.texts) - set(stored))
    with closing(sqlite3.connect(store)) as connection:
        (whole,) = connection.execute("pragma integrity_check").fetchone()
    print(f"last run: exit code {code}; lost {lost}; stored twice {sum(stored.values()) - len(stored)};")
    print(f"fetched again after one stop: at most {worst}; integrity_check: {whole}")
    return int(bool(lost or code or whole != "ok"))


if __name__ == "__main__":
    sys.exit(main())
