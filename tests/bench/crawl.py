"""taosha against the spider of an afternoon, on the same site, all of it: ``python -m tests.bench.crawl``.

``--soak`` crawls with taosha alone and tells the memory of the whole process tree as it grows.
"""

from __future__ import annotations

import argparse
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.crawler.crawling import LOOPBACK, command, environment
from tests.crawler.process_tree import memory_of

MIB = 1 << 20
FASTER, CHEAPER = 1.5, 0.75
PEAK, GROWTH = 400, 2.0


@dataclass(frozen=True)
class Measured:
    """One crawl: articles stored, wall and processor seconds."""

    stored: int
    wall: float
    processor: float

    @property
    def rate(self) -> float:
        """Pages a second."""
        return self.stored / self.wall

    @property
    def cost(self) -> float:
        """Processor milliseconds a page."""
        return 1000 * self.processor / max(1, self.stored)


def main() -> int:
    """Print the figures; 1 if a floor is not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--soak", action="store_true")
    options = parser.parse_args()
    with _site(options.articles) as url, tempfile.TemporaryDirectory() as folder:
        if options.soak:
            return _soak(url, Path(folder) / "soak.db")
        return _compare(url, Path(folder), options.rounds)


def _compare(url: str, folder: Path, rounds: int) -> int:
    best: dict[str, Measured] = {}
    for number in range(rounds):
        for name, arguments in _crawls(url, folder, number).items():
            found = _measured(arguments, folder / f"{name}{number}.db")
            print(f"{name:10} {found.stored:6} articles {found.rate:7.1f} a second {found.cost:7.1f} ms each")
            best[name] = max(best.get(name, found), found, key=lambda one: one.rate)
    ours, theirs = best["taosha"], best["afternoon"]
    faster, cheaper = ours.rate / theirs.rate, ours.cost / theirs.cost
    print(f"best of {rounds}: {faster:.2f} times the pages a second, {cheaper:.2f} times the processor time")
    return int(faster < FASTER or cheaper > CHEAPER or ours.stored < theirs.stored)


def _crawls(url: str, folder: Path, number: int) -> dict[str, Sequence[str]]:
    afternoon = [sys.executable, "-m", "tests.bench.afternoon", url, str(folder / f"afternoon{number}.db")]
    return {"afternoon": afternoon, "taosha": _taosha(url, folder / f"taosha{number}.db")}


def _taosha(url: str, store: Path) -> list[str]:
    return command(
        *("crawl", url, "--store", str(store), "--allow-network", LOOPBACK, "--delay", "0"),
        *("--concurrency", "8"),
    )


def _measured(arguments: Sequence[str], store: Path) -> Measured:
    before, began = _processor(), time.monotonic()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(arguments, check=False, env=_compiled(), **quiet)
    wall = time.monotonic() - began
    with closing(sqlite3.connect(store)) as connection:
        (stored,) = connection.execute("SELECT count(*) FROM articles").fetchone()
    return Measured(stored, wall, _processor() - before)


def _compiled() -> dict[str, str]:
    """For both: modules are compiled once, as in any installation, and not at each start."""
    return {k: v for k, v in environment().items() if k != "PYTHONDONTWRITEBYTECODE"}


def _processor() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _soak(url: str, store: Path) -> int:
    process = subprocess.Popen(
        _taosha(url, store), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment()
    )
    samples: list[tuple[int, int]] = []
    while process.poll() is None:
        samples.append((_count(store), memory_of(process.pid)))
        if len(samples) % 30 == 0:
            print(f"{samples[-1][0]:6} articles {samples[-1][1] / MIB:6.0f} MiB", flush=True)
        time.sleep(1)
    peak = max(size for _, size in samples) / MIB
    growth = _growth([(n, size / MIB) for n, size in samples if n >= 5000])
    print(f"{_count(store)} articles, exit code {process.returncode}; peak {peak:.0f} MiB (floor {PEAK})")
    if growth is not None:
        print(f"growth after 5,000 articles: {growth:.2f} MiB a thousand (floor {GROWTH})")
    return int(bool(process.returncode) or peak > PEAK or (growth or 0) > GROWTH)


def _growth(points: list[tuple[int, float]]) -> float | None:
    """The slope of the least squares line, in MiB a thousand articles."""
    if len({n for n, _ in points}) < 10:
        return None
    count = len(points)
    mean_n, mean_size = sum(n for n, _ in points) / count, sum(size for _, size in points) / count
    covariance = sum((n - mean_n) * (size - mean_size) for n, size in points)
    return 1000 * covariance / sum((n - mean_n) ** 2 for n, _ in points)


def _count(store: Path) -> int:
    try:
        with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
            (count,) = connection.execute("SELECT count(*) FROM articles").fetchone()
            return int(count)
    except sqlite3.OperationalError:
        return 0


@contextmanager
def _site(count: int) -> Iterator[str]:
    arguments = [sys.executable, "-m", "tests.bench.crawl_site", str(count)]
    server = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
    try:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
    finally:
        server.kill()
        server.wait()


if __name__ == "__main__":
    sys.exit(main())
