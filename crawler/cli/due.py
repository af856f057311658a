"""Which sources are due: for `crawl --due` and `schedule`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crawler.cli import console
from crawler.cli.exits import CommandError, ExitCode

if TYPE_CHECKING:
    from crawler.schedule.due import Due
    from crawler.sources import Source

__all__ = ["due_now", "own_sources", "print_due"]


def own_sources(folder: str | None) -> list[Source]:
    """The sources of the user's own folder; what comes with the program is only crawled when named.

    Files that are not valid are said and left out: one typo must not stop all other sources.
    """
    from crawler.sources import BUNDLED, Catalog, SourceError

    try:
        catalog = Catalog.open(folder)
    except SourceError as error:
        raise CommandError(str(error), ExitCode.CONFIG) from error
    for broken in catalog.broken:
        console.say(f"left out: {broken}", style="yellow")
    own = [s for s in catalog.sources.values() if s.path is None or s.path.parent != BUNDLED]
    if not own:
        raise CommandError(
            "there is no folder with source files of yours",
            ExitCode.CONFIG,
            "Name it with --sources DIR, or put them into ./sources.",
        )
    return own


def due_now(sources: Sequence[Source], store: str) -> list[Source]:
    """Those of ``sources`` that are due; says so when there is none."""
    from crawler.schedule.plan import due_times

    now, times = datetime.now(UTC), due_times(store, sources)
    names = {due.source for due in times if due.now(now)}
    if not names and times:
        console.say(f"nothing is due; next: {times[0].source} at {_moment(times[0])}")
    return [source for source in sources if source.name in names]


def print_due(sources: Sequence[Source], store: str, *, as_json: bool) -> int:
    """Say of each source when it is due, and why then; gives the exit code."""
    from crawler.schedule.plan import due_times

    now, times = datetime.now(UTC), due_times(store, sources)
    if as_json:
        console.print_json(
            [{"source": d.source, "due_at": d.at, "due": d.now(now), "why": d.why} for d in times]
        )
    else:
        rows = [(d.source, "due" if d.now(now) else "", _moment(d), d.why) for d in times]
        console.print_table(("source", "now", "due at (UTC)", "why"), rows)
    return int(ExitCode.OK)


def _moment(due: Due) -> str:
    return "at once" if due.at is None else due.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
