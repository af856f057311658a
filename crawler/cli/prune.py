"""`taosha prune`: drops raw pages that are not wanted any more."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.cli import console
from crawler.cli.options import DEFAULT_STORE, JsonOption, StoreOption

__all__ = ["register"]

_EPILOG = """Examples:

taosha prune --keep latest --dry-run

taosha prune --keep 90
"""

KeepOption = Annotated[
    str,
    typer.Option(
        "--keep",
        metavar="POLICY",
        envvar="TAOSHA_KEEP",
        help="all; latest: of each address the newest page; or a number of days since a page was seen last.",
    ),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Say what would be dropped, drop nothing.")]
VacuumOption = Annotated[
    bool, typer.Option("--vacuum", help="Give the room back to the disk: writes the files of the store anew.")
]


def register(app: typer.Typer) -> None:
    """Hang the command of this module into `app`."""
    app.command("prune", epilog=_EPILOG)(prune)


def prune(
    store: StoreOption = DEFAULT_STORE,
    keep: KeepOption = "all",
    dry_run: DryRunOption = False,
    vacuum: VacuumOption = False,
    as_json: JsonOption = False,
) -> None:
    """Drop the bytes of raw pages by a policy. Articles, notes and history stay.

    What was dropped can not be cleaned again. Pages that wait to be cleaned are kept in any case.
    """
    from storage import open_store
    from storage.pruning import Keep
    from storage.pruning import prune as drop

    policy = Keep.parse(keep)
    with open_store(store, create=False, read_only=dry_run) as opened:
        done = drop(opened, policy, dry_run=dry_run)
        if vacuum and not dry_run and opened.file is not None:
            opened.rewrite()
    if as_json:
        console.print_json({"bodies": done.bodies, "bytes": done.bytes, "dropped": not dry_run})
    else:
        verb = "would be dropped" if dry_run else "dropped"
        console.say(f"{done.bodies:,} raw pages {verb}, {done.bytes / 1e6:,.1f} MB")
