"""Exports of a store, each in a process of its own: how fast, and how much memory the process took.

`python -m tests.bench.store_export STORE FOLDER FORMAT COUNT` is such a process.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

from storage import StoreError, open_store
from storage.export_job import FORMATS, Order, export_to_file
from storage.filters import Where

ROOT = Path(__file__).parents[2]
FILES = 10_000
"""So many articles go into files of their own; a hundred thousand are a test of the file system."""


def exporting(store: Path, folder: Path, count: int) -> None:
    """Print the rate and the memory of each format."""
    for name in FORMATS:
        most = min(count, FILES) if name == "md" else count
        command = [sys.executable, "-m", "tests.bench.store_export", str(store), str(folder), name, str(most)]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        print(f"export as {name:<8} {done.stdout.strip()}", flush=True)


def export(store: Path, folder: Path, name: str, count: int) -> None:
    """Export and say how it went; the progress that a person would see is counted."""
    told = 0

    def progress(done: int, total: int) -> None:
        nonlocal told
        told += 1

    with open_store(store, read_only=True) as opened:
        order = Order(name, Where(sql=f"id <= {count}"))
        start, cpu = time.perf_counter(), time.process_time()
        try:
            tally = export_to_file(opened, order, folder / f"out.{name}", progress)
        except StoreError as error:  # the library for Parquet is an extra
            print(error)
            return
        taken, busy = time.perf_counter() - start, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(
        f"{tally.articles:>9,} articles, {tally.articles / taken:>6,.0f} a second "
        f"({1000 * busy / tally.articles:.2f} ms of processor time each), at most {peak:,} MiB of memory, "
        f"progress told {told:,} times"
    )


if __name__ == "__main__":
    export(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
