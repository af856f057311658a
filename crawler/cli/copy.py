"""`taosha copy`: a store into a new one, from a file to a server or back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from crawler.cli import console
from crawler.cli.options import JsonOption

__all__ = ["progress_bar", "register"]

_EPILOG = """Examples:

taosha copy taosha.db postgresql+psycopg://news@db.example/news

taosha copy postgresql+psycopg://news@db.example/news backup.db
"""

Source = Annotated[str, typer.Argument(metavar="SRC", help="The store to copy, as --store names it.")]
Target = Annotated[
    str, typer.Argument(metavar="DST", help="The new store: a file that is not there yet, an empty database.")
]


def register(app: typer.Typer) -> None:
    """Hang the command of this module into `app`."""
    app.command("copy", epilog=_EPILOG)(copy)


def copy(source: Source, target: Target, as_json: JsonOption = False) -> None:
    """Copy a store with its raw pages and history into a new one, whole or not at all.

    Others may go on writing to SRC: the copy is one moment. The rows of each table are counted.
    """
    from storage import open_store
    from storage.copying import copy_store

    with open_store(source, read_only=True) as opened, progress_bar() as progress:
        counts = copy_store(opened, target, progress)
    if as_json:
        console.print_json(counts)
    else:
        console.say(f"copied and counted: {counts['articles']:,} articles, {counts['pages']:,} pages")


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """Give what is told how far a copy is; draws a bar on a terminal."""
    if not console.err().is_terminal:
        yield lambda table, done, total: None
        return
    from rich.progress import Progress

    with Progress(console=console.err(), transient=True) as bar:
        task = bar.add_task("copying", total=None)
        yield lambda table, done, total: bar.update(task, description=table, completed=done, total=total)
