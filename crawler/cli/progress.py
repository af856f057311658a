"""How a crawl shows itself: a live table on a terminal, plain log lines otherwise."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crawler.cli import console
from crawler.cli.logs import LogFormat, log_to_stderr

if TYPE_CHECKING:
    from rich.table import Table

    from crawler.session import CrawlSession
    from crawler.tally import Tally

__all__ = ["watching"]

Watch = Callable[["CrawlSession"], None]
LOG_EVERY_SECONDS = 10.0
_QUEUE_EVERY_SECONDS = 2.0
_OUTCOMES = ("new", "changed", "unchanged", "rejected", "failed", "skipped")


@contextmanager
def watching(level: str | None = None, style: LogFormat = LogFormat.TEXT) -> Iterator[Watch]:
    """Give the function to call whenever a figure changes; cleans up the screen at the end.

    ``level`` and ``style`` are as for :func:`crawler.cli.logs.log_to_stderr`.
    """
    log_to_stderr(level, style)
    if console.err().is_terminal and style is LogFormat.TEXT:
        with _Live() as live:
            yield live.update
    else:
        yield _Lines().update


def _said(tally: Tally) -> str:
    counts = tally.counts()
    return ", ".join(f"{name} {counts[name]}" for name in _OUTCOMES if counts[name]) or "nothing yet"


class _Lines:
    """At most one log line a source in ten seconds."""

    def __init__(self) -> None:
        self._due = time.monotonic() + LOG_EVERY_SECONDS

    def update(self, session: CrawlSession) -> None:
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + LOG_EVERY_SECONDS
        waiting = session.waiting()
        for name, tally in list(session.tallies.items()):
            logging.getLogger("taosha").info("%s: %s, %s wait", name, _said(tally), waiting.get(name, 0))


class _Live:
    """A table with one line a source, redrawn in place by a thread of its own."""

    def __init__(self) -> None:
        from rich.live import Live

        self._session: CrawlSession | None = None
        self._began = time.monotonic()
        self._waiting: Mapping[str, int] = {}
        self._counted = 0.0
        self._live = Live(
            get_renderable=self._table, console=console.err(), transient=True, refresh_per_second=2
        )

    def __enter__(self) -> _Live:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._session = None  # its store may be closed by now
        self._live.stop()

    def update(self, session: CrawlSession) -> None:
        self._session = session

    def _table(self) -> Table:
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, pad_edge=False)
        table.add_column("source")
        for name in ("pages/min", *_OUTCOMES, "waiting"):
            table.add_column(name, justify="right")
        session = self._session
        minutes = max(1.0, time.monotonic() - self._began) / 60
        if session is not None:
            self._count(session)
            for name, tally in list(session.tallies.items()):
                counts = tally.counts()
                row = [f"{tally.fetched / minutes:.0f}", *(str(counts[key] or "") for key in _OUTCOMES)]
                table.add_row(Text(console.safe(name)), *row, str(self._waiting.get(name, 0)))
        return table

    def _count(self, session: CrawlSession) -> None:
        """Counting is a query: not for every picture."""
        if time.monotonic() - self._counted >= _QUEUE_EVERY_SECONDS:
            self._waiting = session.waiting()
            self._counted = time.monotonic()
