"""A crawl of ten publishers and their traps, held to targets: ``python -m tests.bench.acceptance``.

The site (``tests/crawler/acceptance``) shares nothing with the bundled one or with other tests. No source
file, no tuning: the home pages are all that the program is given. Prints a table, target beside figure.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.crawler.acceptance.measure import MIB, crawl, manners, rows, score, whole
from tests.crawler.acceptance.stops import stop_at_seeded_moments
from tests.crawler.acceptance.town import Town

BOMB = 256 * MIB


@dataclass
class Table:
    """Rows of target and figure; ``short`` are those that fall short."""

    short: list[str] = field(default_factory=list)

    def least(self, name: str, figure: float, target: float, unit: str = "%") -> None:
        """A figure that must not be smaller."""
        self._row(name, figure, f">= {target:g}", unit, good=figure >= target)

    def most(self, name: str, figure: float, target: float, unit: str = "") -> None:
        """A figure that must not be larger."""
        self._row(name, figure, f"<= {target:g}", unit, good=figure <= target)

    def _row(self, name: str, figure: float, target: str, unit: str, *, good: bool) -> None:
        print(f"{name:52} {target:>9} {figure:10.2f} {unit:4} {'' if good else 'SHORT'}", flush=True)
        if not good:
            self.short.append(name)


def main() -> int:
    """Print the table; 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=600, help="of the largest publisher")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--terms", type=int, default=5)
    options = parser.parse_args()
    table = Table()
    with tempfile.TemporaryDirectory() as folder:
        with Town(options.articles, bomb_size=BOMB) as town:
            _crawls(table, town, Path(folder) / "crawl.db")
        for name, count in (("KILL", options.kills), ("TERM", options.terms)):
            with Town(min(options.articles, 120), traps=False, delay=0.1) as town:
                _stops(table, town, Path(folder) / f"{name}.db", name, count)
    return int(bool(table.short))


def _crawls(table: Table, town: Town, store: Path) -> None:
    first = crawl(town, store)
    _stored(table, town, store)
    table.most("peak memory of all processes", first.peak / MIB, 600, "MiB")
    table.most("exit code (3: some sources fell short)", abs(first.code), 3)
    _behaved(table, town)
    asked = len(town.hosts.asked)
    town.hosts.forget()
    crawl(town, store)
    table.most("second crawl: article bodies", len(town.bodies()), 0)
    table.most("second crawl: requests", 100 * len(town.hosts.asked) / asked, 5, "%")
    town.hosts.forget()
    touched = town.change()
    crawl(town, store)
    texts: dict[object, list[str]] = {}
    for row in rows(store, "select origin, text from articles"):
        texts.setdefault(town.story_at(row["origin"]), []).append(row["text"])
    real = town.real
    current = [key for key in touched if any(whole(real[key], text) for text in texts.get(key, ()))]
    table.least("after 10 edits and 5 additions: stored current", len(current), len(touched), "")
    table.most("after 10 edits and 5 additions: article bodies", len(town.bodies()), 20)
    table.most("rows for twins, after all crawls", len(score(town, store).twins), 0)
    table.most("connections to addresses inside", town.baits.connected, 0)


def _stored(table: Table, town: Town, store: Path) -> None:
    found = score(town, store)
    print(f"{found.real} articles of {len(town.publishers)} publishers, {len(town.hosts.asked)} requests")
    table.least("real articles stored", found.share(found.lost, found.real), 99.5)
    table.least("precision: rows that are real articles", found.share(found.strange), 99)
    table.most("rows for twins", len(found.twins), 0)
    table.least("texts whole", found.share(found.damaged, found.real), 99)
    table.least("titles exact", found.share(found.titles), 98)
    table.least("days right", found.share(found.days), 99)
    table.least("minutes right, where shown", found.share(found.minutes, found.timed), 90)
    table.least("old and wrongly declared encodings right", found.share(found.garbled, found.foreign), 98)


def _behaved(table: Table, town: Town) -> None:
    seen = manners(town)
    table.most("requests that robots.txt forbids", len(seen.forbidden), 0)
    table.least("least gap under a Crawl-delay", seen.least_gap, town.office.delay, "s")
    table.most("requests before Retry-After has passed", len(seen.early), 0)
    table.most("longest wait for others behind a trap", seen.stall, 5, "s")


def _stops(table: Table, town: Town, store: Path, name: str, count: int) -> None:
    if not count:
        return
    done = stop_at_seeded_moments(town, store, signal.Signals[f"SIG{name}"], count)
    crawl(town, store)
    found = score(town, store)
    print(f"{count} times SIG{name}")
    table.most("articles lost", len(found.lost) + len(found.damaged), 0)
    for address in sorted(map(str, [*found.lost, *found.damaged])):
        print(f"  lost: {address}")
    table.most("articles stored twice", len(found.twins), 0)
    table.most("pages fetched again after a stop", max(done.again), 32)
    table.least("integrity_check", float(done.whole), 1, "")
    if name == "TERM":
        table.most("pages fetched again in all", sum(done.again), 0)
        table.most("seconds until it was gone", max(done.seconds), 10, "s")


if __name__ == "__main__":
    sys.exit(main())
