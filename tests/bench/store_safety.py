"""The store under attack: files copied in the middle of writing, and many processes at once.

`python -m tests.bench.store_safety write PATH NAME COUNT` is the process that is stopped, copied and joined.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from storage import Store, open_store
from storage.filters import Where
from storage.health import check
from storage.listing import find_pages, list_articles
from storage.raw_pages import load_page
from storage.search import search
from tests.bench.generated import articles

ROOT = Path(__file__).parents[2]
ENDLESS = 10**9


def write(path: str, name: str, count: int) -> None:
    """Store articles one by one; say each on stdout once it is stored, after reading it back."""
    with open_store(path) as store:
        run = store.start_run("bench", [name], {})
        for number, (page, article) in enumerate(articles(count, 200, seed=len(name))):
            origin = f"{name}/{number}"
            (ref,) = store.add_pages([(replace(page, origin=origin, url=f"https://{origin}"), name)], run)
            store.add_outcomes([(ref.id, article)], run)
            if number % 5 == 0:
                search(store, article.text[:2], limit=3)
                list_articles(store, Where(), 3)
            print(origin, flush=True)


def started(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    """Start a process that writes."""
    command = [sys.executable, "-m", "tests.bench.store_safety", "write", str(path), name, str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def snapshots(folder: Path, count: int) -> Iterator[list[str]]:
    """Copy the files of a store `count` times while its writer is stopped; give what is wrong with each."""
    path = folder / "live.db"
    writer = started(path, "w", ENDLESS)
    assert writer.stdout is not None
    acknowledged: list[str] = []
    try:
        for number in range(count):
            lines = range(1 + number % 4)  # at another moment of its work each time
            acknowledged += [writer.stdout.readline().strip() for _ in lines]
            writer.send_signal(signal.SIGSTOP)
            place = folder / f"copy{number}"
            place.mkdir()
            for file in folder.glob("live*.db*"):
                if not file.name.endswith("-shm"):  # what every process makes for itself
                    shutil.copy(file, place / file.name)
            writer.send_signal(signal.SIGCONT)
            yield list(problems(place / "live.db", acknowledged))
            shutil.rmtree(place)
    finally:
        writer.kill()
        writer.communicate()


def problems(path: Path, acknowledged: list[str]) -> Iterator[str]:
    """Say what a copy lacks: the checks of `doctor`, every acknowledged article with its raw page."""
    with open_store(path) as store:
        # A body that was on the disk before its row is no problem: the row had no time to come.
        yield from (f"{f.name}: {f.detail}" for f in check(store) if not f.ok and f.remedy != "drop bodies")
        yield from missing(store, acknowledged)


def missing(store: Store, acknowledged: list[str]) -> Iterator[str]:
    with store.reading() as connection:
        found = set(connection.exec_driver_sql("SELECT origin FROM articles").scalars())
    yield from (f"{origin} is missing" for origin in acknowledged if origin not in found)
    for origin in acknowledged[-3:]:
        (number,) = find_pages(store, origin)
        if not load_page(store, number).body:
            yield f"the raw page of {origin} is empty"


def crowd(folder: Path, processes: int, count: int) -> list[str]:
    """Let processes write and read at once, `count` articles each; give what went wrong."""
    path = folder / "crowd.db"
    working = [started(path, f"p{number}", count) for number in range(processes)]
    wrong, acknowledged = [], []
    for process in working:
        said, _ = process.communicate()
        acknowledged += said.split()
        if process.returncode:
            wrong.append(f"a process ended with {process.returncode}")
    if len(acknowledged) != processes * count:
        wrong.append(f"{len(acknowledged)} of {processes * count} articles were acknowledged")
    with open_store(path, read_only=True) as store:
        wrong += [f"{found.name}: {found.detail}" for found in check(store) if not found.ok]
        wrong += missing(store, acknowledged)
    return wrong


if __name__ == "__main__":
    _, what, place, name, number = sys.argv
    assert what == "write"
    write(place, name, int(number))
