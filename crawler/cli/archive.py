"""`taosha archive`: raw pages out of the store as WARC, and into it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli import console
from crawler.cli.exits import CommandError, ExitCode, unwritable
from crawler.cli.options import DEFAULT_STORE, JsonOption, StoreOption
from crawler.cli.selection import CrawlSourceOption

if TYPE_CHECKING:
    from crawler.archive.job import Imported, Progress

__all__ = ["register"]

_SHOWN = 20
TargetArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="The file to write; packed if its name ends in .gz.")
]
FilesArgument = Annotated[
    list[Path], typer.Argument(metavar="FILE...", exists=True, dir_okay=False, help="WARC files.")
]


def register(app: typer.Typer) -> None:
    """Hang the commands of this module into `app`."""
    group = typer.Typer(
        help="Raw pages as WARC files (ISO 28500); needs the extra `warc`.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("export")(export)
    group.command("import")(import_files)
    app.add_typer(group, name="archive")


def export(
    target: TargetArgument,
    store: StoreOption = DEFAULT_STORE,
    source: CrawlSourceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write all raw pages with their headers into one WARC file, whole or not at all."""
    from crawler.archive.errors import WarcExtraMissingError
    from crawler.archive.job import export_archive
    from storage import open_store
    from storage.export import atomic_bytes

    with open_store(store, read_only=True) as opened, _bar("writing") as progress:
        try:
            with atomic_bytes(target) as stream:
                packed = target.name.endswith(".gz")
                count = export_archive(opened, stream, source, packed=packed, progress=progress)
        except WarcExtraMissingError as error:
            raise CommandError(str(error), ExitCode.CONFIG) from error
        except OSError as error:
            raise unwritable(target, error) from error
    if as_json:
        console.print_json({"file": str(target), "pages": count})
    else:
        console.say(f"{count:,} pages written to {target}")


def import_files(
    files: FilesArgument, store: StoreOption = DEFAULT_STORE, as_json: JsonOption = False
) -> None:
    """Store and clean the pages of WARC files, as if they had been crawled.

    Importing again adds nothing twice. A page is known by its URL; files of other programs count
    as crawled from their hosts. (`taosha clean FILE.warc.gz` treats the records as files of a dump instead.)
    """
    from crawler.archive.errors import WarcExtraMissingError
    from crawler.archive.job import import_archives
    from crawler.stopping import Stop
    from storage import open_store

    with Stop() as stop, open_store(store) as opened, _bar("reading") as progress:
        try:
            done = import_archives(opened, files, stop, progress)
        except WarcExtraMissingError as error:
            raise CommandError(str(error), ExitCode.CONFIG) from error
    if as_json:
        problems = [dict(zip(("origin", "reason", "detail"), found, strict=True)) for found in done.problems]
        console.print_json({"run": done.run_id, "counts": dict(done.counts), "problems": problems})
    else:
        _print(done)
    raise typer.Exit(_exit_code(done))


def _print(done: Imported) -> None:
    for origin, reason, detail in done.problems[:_SHOWN]:
        console.say(f"{origin}: {reason}: {detail}", style="yellow")
    said = ", ".join(f"{kind} {count}" for kind, count in sorted(done.counts.items()))
    console.say(f"imported: {said or 'nothing'}")


def _exit_code(done: Imported) -> int:
    if done.stopped_by:
        return 128 + done.stopped_by
    if not sum(count for kind, count in done.counts.items() if kind != "unread"):
        return ExitCode.NOTHING
    return ExitCode.PARTIAL if done.problems else ExitCode.OK


@contextmanager
def _bar(what: str) -> Iterator[Progress]:
    """A counter on a terminal, nothing otherwise."""
    if not console.err().is_terminal:
        yield lambda count: None
        return
    from rich.progress import Progress as Bar
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn(what), TextColumn("{task.completed} pages"), TimeElapsedColumn())
    with Bar(*columns, console=console.err(), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda count: bar.update(task, completed=count)
