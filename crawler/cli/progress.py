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

    from crawler.session import CrawlSession
    from crawler.tally import Tally

__all__ = ["watching"]

Watch = Callable[["CrawlSession"], None]
LOG_EVERY_SECONDS = 10.0
OWN_LOGGERS = ("taosha", "crawler")


@contextmanager
def watching(level: str | None = None) -> Iterator[Watch]:
    """Give the function to call whenever a figure changes; cleans up the screen at the end.

    ``level`` is the level from which everything is logged; without it the libraries' chatter
    is left out.
    """
    _log_to_stderr(level)
    if console.err().is_terminal:
        with _Live() as live:
            yield live.update
    else:
        yield _Lines().update


def _log_to_stderr(level: str | None) -> None:
    quiet = logging.WARNING if console.err().is_terminal else logging.INFO
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True)
    root = logging.getLogger()
    root.setLevel(logging.getLevelNamesMapping().get((level or "").upper(), quiet))
    if level is None:
        # On the handlers, because Scrapy sets the levels of its loggers itself.
        for handler in root.handlers:
            handler.addFilter(_worth_saying)


def _worth_saying(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or record.name.partition(".")[0] in OWN_LOGGERS


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
