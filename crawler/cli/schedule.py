"""`taosha schedule`: crawl what is due, over and over, by ourselves or by the system's scheduler."""

from __future__ import annotations

import logging
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli import console
from crawler.cli.crawl_options import SourcesOption
from crawler.cli.exits import CommandError, ExitCode
from crawler.cli.options import DEFAULT_STORE, StoreOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.schedule.due import Due

__all__ = ["register"]

_PASSED_ON = "What follows `--` is handed to each `taosha crawl`: taosha schedule run -- --delay 2"
_CODES = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED}
MoreArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[-- OPTION...]", help="Options for each `taosha crawl`.")
]


def register(app: typer.Typer) -> None:
    """Hang the commands of this module into `app`."""
    group = typer.Typer(help="Crawl what is due, over and over.", no_args_is_help=True, rich_markup_mode=None)
    group.command("run", epilog=_PASSED_ON)(run)
    group.command("print", epilog=_PASSED_ON)(print_units)
    app.add_typer(group, name="schedule")


def run(
    more: MoreArgument = None,
    store: StoreOption = DEFAULT_STORE,
    sources: SourcesOption = None,
    once: Annotated[bool, typer.Option("--once", help="Crawl what is due now, and end.")] = False,
) -> None:
    """Stay, and crawl each source of your folder when it is due, each crawl in a process of its own.

    Source files may be changed meanwhile. SIGTERM and Ctrl-C stop the crawl under way in order.
    """
    from crawler.cli.due import own_sources
    from crawler.schedule.plan import due_times
    from crawler.schedule.supervisor import Supervisor

    own_sources(sources)  # what is wrong from the start is said and ends with its code
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.INFO)

    def look() -> Sequence[Due]:
        return due_times(store, own_sources(sources))

    stopped_by = Supervisor(_command(store, sources, more or ()), look).run(once=once)
    if stopped_by:
        raise typer.Exit(int(_CODES[signal.Signals(stopped_by)]))


def print_units(
    more: MoreArgument = None,
    store: StoreOption = DEFAULT_STORE,
    sources: SourcesOption = None,
    systemd: Annotated[bool, typer.Option("--systemd", help="A service and its timer.")] = False,
    cron: Annotated[bool, typer.Option("--cron", help="A line for `crontab -e`.")] = False,
    every: Annotated[
        int, typer.Option("--every", metavar="MINUTES", min=1, max=30, help="How often to look what is due.")
    ] = 10,
) -> None:
    """Print what the system's scheduler needs, with the paths as they are here; changes nothing."""
    from crawler.schedule.units import cron_line, systemd_units

    if systemd == cron:
        raise CommandError("say one of --systemd and --cron")
    make = systemd_units if systemd else cron_line
    folder = str(Path.cwd())
    console.print_text(make(_command(store, sources, more or ()), folder, every).rstrip("\n"))


def _command(store: str, sources: str | None, more: Sequence[str]) -> list[str]:
    chosen = ["--sources", str(Path(sources).absolute())] if sources else []
    return [sys.executable, "-m", "crawler.cli", "crawl", "--due", "--store", store, *chosen, *more]
