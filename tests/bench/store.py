"""The store under load: writing, searching, size. `make bench-store COUNT=50000`."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from sqlalchemy.exc import OperationalError

from cleaners.model import Article, Page
from storage import Store, open_store
from storage.raw_pages import load_page, stored_pages
from storage.search import search
from tests.bench.generated import articles
from tests.bench.store_export import exporting
from tests.bench.store_naive import Measured, naive, sync_time
from tests.bench.store_safety import crowd, snapshots

BATCH = 32  # as the ingest does
COMMITS = 3
"""For a batch: the bodies in their own file, the pages, and the articles."""

NAIVE = 200
DISKS = (0.1, 0.3, 1, 5)
"""Milliseconds that a commit waits: a good disk of a server, of a laptop, a slow one, one that turns."""

EXPORTED = 100_000
PROCESSES = 8
QUERIES = {
    "1 character, common": ("的", "一"),
    "1 character": ("丁", "丝", "仓"),
    "2 characters": ("融资", "芯片", "北京"),
    "3 characters": ("大模型", "新能源", "董事长"),
    "4 characters": ("人工智能", "人工智的"),
    "two words": ("大模型 融资", "芯片 股份"),
    "OR, NOT": ("大模型 OR 芯片", "融资 -上海"),
    "prefix, phrase": ('"投资公司"', "title:融资"),
}


def main(count: int, copies: int) -> None:
    """Measure and print, for `count` generated articles; `copies` of the files are taken while one writes."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_FOLDER")) as name:
        folder = Path(name)
        with open_store(folder / "bench.db") as store:
            items = articles(count)
            first = min(count, max(1000, count // 4))
            ours = write(store, islice(items, first), first)
            print(f"with {first:,} articles:")
            latencies(store)
            if first < count:
                write(store, items, count - first)
                print(f"with {count:,} articles:")
                latencies(store)
            comparing(folder, ours)
            sizes(store, count)
            recleaning(store, min(count, 1000))
        exporting(folder / "bench.db", folder, min(count, EXPORTED))
        safety(folder, copies)


def batches(items: Iterable[tuple[Page, Article]]) -> Iterator[list[tuple[Page, Article]]]:
    """Cut into lists of the length that the ingest stores at a time."""
    stream = iter(items)
    while batch := list(islice(stream, BATCH)):
        yield batch


def write(store: Store, items: Iterable[tuple[Page, Article]], count: int) -> Measured:
    """Write everything; what is measured is without the time that generating takes."""
    run = store.start_run("bench", ["bench"], {})
    taken = pages = outcomes = busy = indexing = 0.0
    done = 0
    for batch in batches(items):
        start, cpu = time.perf_counter(), time.process_time()
        refs = store.add_pages([(page, "bench") for page, _ in batch], run)
        between, half = time.perf_counter(), time.process_time()
        store.add_outcomes([(ref.id, article) for ref, (_, article) in zip(refs, batch, strict=True)], run)
        end = time.perf_counter()
        busy, indexing = busy + time.process_time() - cpu, indexing + time.process_time() - half
        pages, outcomes, taken = pages + between - start, outcomes + end - between, taken + end - start
        done += len(batch)
        if done % 10_000 < BATCH:
            print(f"  {done:>7,} written, {done / taken:,.0f} a second", flush=True)
    print(
        f"{count:,} articles: {count / taken:,.0f} a second with pages and bodies; "
        f"articles, notes and index alone {count / outcomes:,.0f}, pages alone {count / pages:,.0f}; "
        f"processor time {1000 * busy / count:.2f} ms each, {1000 * indexing / count:.2f} without the pages"
    )
    return Measured(1000 * taken / count, 1000 * busy / count, COMMITS / BATCH)


def comparing(folder: Path, ours: Measured) -> None:
    """Print how much faster that is than without batches, and how that depends on the disk."""
    wait = sync_time(folder)
    print(f"a commit waits {wait:.2f} ms for this disk; SQLAlchemy's ORM without batches, the same contents:")
    for what, together in (("a row", False), ("an article", True)):
        slow = naive(folder / f"naive{together}.db", articles(NAIVE), together=together)
        times = f"ours {slow.taken / ours.taken:.1f} times"
        print(f"  one commit {what} ({slow.commits:.1f} each): {1000 / slow.taken:,.1f} a second; {times}")
        busy = f"by processor time alone {slow.busy / ours.busy:.1f} times"
        print(f"    {busy}{_reckoned(slow, ours, wait)}", flush=True)


def _reckoned(slow: Measured, ours: Measured, wait: float) -> str:
    """Say how many times faster that is on other disks; nothing where commits wait for no disk at all."""
    if wait < DISKS[0] / 10:
        return ""
    ratios = (_on_disk(slow, ms / wait) / _on_disk(ours, ms / wait) for ms in DISKS)
    told = ", ".join(f"{ms} ms: {ratio:.0f}" for ms, ratio in zip(DISKS, ratios, strict=True))
    return f"; reckoned, if a commit waits {told}"


def _on_disk(measured: Measured, slower: float) -> float:
    """Reckon the milliseconds an article where waiting takes so many times as long."""
    return measured.busy + (measured.taken - measured.busy) * slower


PARTS = {
    "bodies": "which raw pages there are",
    "pages": "pages",
    "articles": "articles",
    "articles_fts": "search index",
    "blocks": "blocks and removed text",
    "edits": "edits",
    "revisions": "history",
}


def sizes(store: Store, count: int) -> None:
    """Print the bytes of each part for one article; indexes count with their table.

    In pages, as SQLite adds up the bytes of a table in 32 bits.
    """
    store.rewrite()
    query = (
        "SELECT coalesce(m.tbl_name, s.name), sum(s.pageno) * (SELECT page_size FROM pragma_page_size) "
        "FROM dbstat AS s "
        "LEFT JOIN sqlite_master AS m ON m.name = s.name WHERE s.aggregate = 1 GROUP BY 1"
    )
    parts = dict.fromkeys([*PARTS.values(), "the rest"], 0)
    with store.reading() as connection:
        try:
            rows = connection.exec_driver_sql(query).all()
        except OperationalError as error:  # this SQLite was built without dbstat
            print(f"size by part: {error}")
            rows = []
    for name, size in rows:
        key = "articles_fts" if name.startswith("articles_fts") else name
        parts[PARTS.get(key, "the rest")] += size
    for name, size in parts.items():
        print(f"  {name:<26}{size / count:>9,.0f} bytes an article")
    print(f"  {'the file':<26}{store.path.stat().st_size / count:>9,.0f} bytes an article")
    if store.bodies.file is not None:
        print(f"  {'the file of raw pages':<26}{store.bodies.file.stat().st_size / count:>9,.0f}")


def latencies(store: Store) -> None:
    """Print the median and the worst of each kind of query, best 20 with snippets.

    The time of the processor is the one to compare on a machine that does other things as well.
    """
    for kind, queries in QUERIES.items():
        times, busy = [], []
        hits = 0
        for query in queries * 5:
            start, cpu = time.perf_counter(), time.process_time()
            hits = len(search(store, query))
            times.append(1000 * (time.perf_counter() - start))
            busy.append(1000 * (time.process_time() - cpu))
        print(
            f"  {kind:<22} median {statistics.median(times):7.1f} ms, worst {max(times):7.1f} ms, "
            f"processor {statistics.median(busy):7.1f} ms ({hits} hits)",
            flush=True,
        )


def recleaning(store: Store, count: int) -> None:
    """Print how many stored pages a second are read and stored again, without the cleaning between."""
    run = store.start_run("bench", ["bench"], {})
    made = {page.origin: article for page, article in articles(count)}
    stream = islice(stored_pages(store), count)
    start, cpu, done = time.perf_counter(), time.process_time(), 0
    while batch := list(islice(stream, BATCH)):
        pages = [(stored.id, load_page(store, stored.id)) for stored in batch]
        again = [(number, replace(made[page.origin], fingerprint="bench-2")) for number, page in pages]
        done += sum(saved.kind == "unchanged" for saved in store.add_outcomes(again, run))
    busy = 1000 * (time.process_time() - cpu) / done
    rate = done / (time.perf_counter() - start)
    print(f"reclean: {rate:,.0f} pages a second; {busy:.2f} ms of processor time each")


def safety(folder: Path, copies: int) -> None:
    """Print what copies of the files taken during writes lack, and what goes wrong with eight processes."""
    wrong = list(snapshots(folder, copies))
    bad = sum(map(bool, wrong))
    print(f"{copies} copies of the files taken while they were written: {bad} with problems")
    for line in [line for one in wrong for line in one][:10]:
        print(f"  {line}")
    found = crowd(folder, PROCESSES, 100)
    print(f"{PROCESSES} processes writing and reading at once, 100 articles each: {len(found)} problems")
    for line in found[:10]:
        print(f"  {line}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000, int(sys.argv[2]) if len(sys.argv) > 2 else 100)
