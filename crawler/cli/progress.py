"""How a crawl shows itself: a live line a source on a terminal, plain log lines otherwise."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crawler.cli import console

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from crawler.session import CrawlSession, Tally

__all__ = ["watching"]

Watch = Callable[["CrawlSession"], None]
LOG_EVERY_SECONDS = 10.0


@contextmanager
def watching(*, quiet: bool = False) -> Iterator[Watch]:
    """Give the function to call whenever a figure changes; cleans up the screen at the end."""
    level = logging.ERROR if quiet else logging.INFO
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True)
    for name in ("scrapy", "twisted", "asyncio", "py.warnings"):
        logging.getLogger(name).setLevel(logging.WARNING)
    if quiet:
        yield lambda _: None
    elif console.err().is_terminal:
        logging.getLogger().setLevel(logging.WARNING)
        with _Live() as live:
            yield live.update
    else:
        yield _Lines().update


def _said(tally: Tally) -> str:
    counts = tally.counts()
    names = ("new", "changed", "unchanged", "rejected", "failed", "skipped")
    return ", ".join(f"{name} {counts[name]}" for name in names if counts[name]) or "nothing yet"


class _Lines:
    """At most one log line in ten seconds."""

    def __init__(self) -> None:
        self._due = time.monotonic() + LOG_EVERY_SECONDS

    def update(self, session: CrawlSession) -> None:
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + LOG_EVERY_SECONDS
        for name, tally in list(session.tallies.items()):
            logging.getLogger("taosha").info("%s: %s", name, _said(tally))


class _Live:
    """One line a source, redrawn in place."""

    def __init__(self) -> None:
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self._progress: Progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TextColumn("{task.fields[said]}"),
            TimeElapsedColumn(),
            console=console.err(),
            transient=True,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> _Live:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def update(self, session: CrawlSession) -> None:
        for name, tally in list(session.tallies.items()):
            if name not in self._tasks:
                self._tasks[name] = self._progress.add_task(console.safe(name), total=None, said="")
            self._progress.update(self._tasks[name], said=_said(tally))
