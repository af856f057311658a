"""`taosha backup`: a copy of the store, made while it is in use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crawler.cli import console
from crawler.cli.exits import CommandError
from crawler.cli.options import DEFAULT_STORE, JsonOption, StoreOption

__all__ = ["register"]

_EPILOG = """Examples:

taosha backup /mnt/backup/ (a name with the date is made up)

taosha backup --replace nightly.db
"""

Destination = Annotated[
    Path, typer.Argument(metavar="DEST", help="File to write, or an existing folder for it.")
]
ReplaceOption = Annotated[bool, typer.Option("--replace", help="Replace the file if it exists.")]


def register(app: typer.Typer) -> None:
    """Hang the command of this module into `app`."""
    app.command("backup", epilog=_EPILOG)(backup)


def backup(
    destination: Destination,
    store: StoreOption = DEFAULT_STORE,
    replace: ReplaceOption = False,
    as_json: JsonOption = False,
) -> None:
    """Copy the store to a file, whole or not at all, while others may go on writing to it.

    The copy is a store itself. To restore it when nothing runs, move the store away with its -wal files,
    and `taosha copy` the backup to its name.
    """
    from storage import open_store
    from storage.backup import backup as copy
    from storage.backup import backup_name

    with open_store(store, read_only=True) as opened:
        target = destination / backup_name(opened) if destination.is_dir() else destination
        if target.exists() and not replace:
            raise CommandError(f"{target} exists already", hint="--replace replaces it.")
        if console.err().is_terminal:
            from rich.progress import Progress

            with Progress(console=console.err(), transient=True) as bar:
                task = bar.add_task("copying", total=None)
                size = copy(opened, target, lambda done, total: bar.update(task, completed=done, total=total))
        else:
            size = copy(opened, target)
    if as_json:
        console.print_json({"file": str(target), "bytes": size})
    else:
        console.say(f"{target}: {size / 1e6:,.1f} MB, complete and sound")
