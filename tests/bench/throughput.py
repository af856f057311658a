"""Pages a second: taosha, and bare trafilatura on the same pages. `make bench PAGES=FOLDER`.

Each page is cleaned once, none twice: repeated pages would hide the cost of parsing dates behind
caches. The first line is bare trafilatura, the last one what `taosha clean` does.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from cleaners.model import Page
from crawler.dumps.entry import Options
from crawler.dumps.files import read_file
from crawler.dumps.job import Job, clean_dumps
from crawler.dumps.walk import walk
from crawler.stopping import Stop
from storage import open_store


def main(folder: Path) -> None:
    """Measure and print; `folder` holds the pages."""
    pages = load(folder)
    if not pages:
        sys.exit(f"no HTML pages in {folder}")
    size = sum(len(page.body) for page in pages)
    print(f"{len(pages)} pages, {size / 1e6:.1f} MB, in {folder}")
    report("bare trafilatura, with metadata", *timed(pages, bare_trafilatura()))
    report("taosha clean(), one process", *timed(pages, taosha()))
    report("taosha clean, 2 workers, into a store", *into_store(folder))


def load(folder: Path) -> list[Page]:
    """The HTML pages below `folder`, each body once."""
    items = (item for found in walk([folder]) for item in read_file(found.path, Options()))
    pages = {item.body: item for item in items if isinstance(item, Page) and item.content_type is None}
    return list(pages.values())


def timed(pages: Sequence[Page], work: Callable[[Page], object]) -> tuple[int, float]:
    """Pages and seconds; the first page does not count, it loads what is loaded on first use."""
    work(pages[0])
    start = time.perf_counter()
    for page in pages[1:]:
        work(page)
    return len(pages) - 1, time.perf_counter() - start


def bare_trafilatura() -> Callable[[Page], object]:
    """What a short script would do."""
    from trafilatura import bare_extraction

    return lambda page: bare_extraction(page.body, with_metadata=True)


def taosha() -> Callable[[Page], object]:
    """The pure function."""
    from cleaners import clean

    return clean


def into_store(folder: Path) -> tuple[int, float]:
    """Pages and seconds of the whole job, text dumps and the start of the workers included."""
    with tempfile.TemporaryDirectory() as place, open_store(f"sqlite:///{place}/bench.db") as store:
        start = time.perf_counter()
        done = clean_dumps(store, Job([folder]), Stop())
        return done.pages, time.perf_counter() - start


def report(name: str, pages: int, seconds: float) -> None:
    """One line of the result."""
    print(f"{name:42} {pages / seconds:7.1f} pages/s  {1000 * seconds / pages:7.1f} ms/page")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "fixtures"))
