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
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder, Newsroom(options.articles) as site:
        store = Path(folder) / "store.db"
        number = signal.Signals[f"SIG{options.signal}"]
        for _ in range(options.kills):
            # From the first request on (the lists are not read yet) into the middle of the articles.
            seen = chance.randint(1, max(1, options.articles // options.kills))
            code = _stopped_after(site, store, seen, number)
            print(f"after {seen:3} requests: exit code {code}, {len(site.asked_articles())} articles asked")
        last = run(*crawl_arguments(site, store))
        return _report(site, store, last.code, options.kills)


def _stopped_after(site: Newsroom, store: Path, seen: int, number: signal.Signals) -> int:
    until = len(site.asked) + seen
    process = subprocess.Popen(
        command(*crawl_arguments(site, store)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(),
        start_new_session=True,
    )
    while len(site.asked) < until and process.poll() is None:
        time.sleep(0.002)
    process.send_signal(number)
    return process.wait()


def _report(site: Newsroom, store: Path, code: int, kills: int) -> int:
    stored = Counter(urlsplit(origin).path for (origin,) in rows(store, "select origin from articles"))
    lost = len(set(site.texts) - set(stored))
    again = len(site.asked_articles()) - len(set(site.asked_articles()))
    with closing(sqlite3.connect(store)) as connection:
        (whole,) = connection.execute("pragma integrity_check").fetchone()
    print(f"last run: exit code {code}; lost {lost}; stored twice {sum(stored.values()) - len(stored)};")
    print(f"fetched again: {again}, {again / kills:.1f} a stop; integrity_check: {whole}")
    return int(bool(lost or code or whole != "ok"))


if __name__ == "__main__":
    sys.exit(main())
