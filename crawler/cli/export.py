"""`taosha export`: articles with their metadata and what was removed from them, for other programs."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TextIO

import typer

from crawler.cli import console
from crawler.cli.exits import CommandError, ExitCode
from crawler.cli.options import DEFAULT_STORE, JsonOption, StoreOption
from crawler.cli.selection import SinceOption, SourceOption, UntilOption, WhereOption

__all__ = ["register"]

_EPILOG = """Examples:

taosha export > articles.jsonl

taosha export --format csv --excel --output articles.csv

taosha export --source example --since 2025-01 --until 2025-06
"""


class Format(StrEnum):
    """What `export` can write."""

    JSONL = "jsonl"
    CSV = "csv"


FormatOption = Annotated[
    Format,
    typer.Option("--format", "-f", help="jsonl: one JSON object a line. csv: lists as JSON in a cell."),
]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Write this file, whole or not at all, instead of stdout."
    ),
]
ExcelOption = Annotated[
    bool, typer.Option("--excel", help="Start a CSV with a byte order mark, so that Excel reads it as UTF-8.")
]


def register(app: typer.Typer) -> None:
    """Hang the command of this module into `app`."""
    app.command("export", epilog=_EPILOG)(export)


def export(
    store: StoreOption = DEFAULT_STORE,
    file_format: FormatOption = Format.JSONL,
    output: OutputOption = None,
    source: SourceOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    condition: WhereOption = None,
    excel: ExcelOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write the articles as JSON Lines or CSV, in the order in which they were stored."""
    from storage import open_store
    from storage.export import FORMATS
    from storage.export_records import export_records
    from storage.filters import Where, check_condition

    if as_json and file_format is not Format.JSONL:
        raise CommandError("--json is --format jsonl")
    if excel and file_format is not Format.CSV:
        raise CommandError("--excel goes with --format csv")
    where = Where(source=source, since=since, until=until, sql=condition)
    with (
        open_store(store, read_only=True) as opened,
        _stream(output, "utf-8-sig" if excel else "utf-8") as out,
    ):
        check_condition(opened, condition)
        with closing(export_records(opened, where)) as records:
            count = FORMATS[file_format](records, out)
    noun = "article" if count == 1 else "articles"
    console.say(f"{count:,} {noun} exported" + (f" to {output}" if output else ""))


@contextmanager
def _stream(output: Path | None, encoding: str) -> Iterator[TextIO]:
    from storage.export import atomic_file

    if output is None or str(output) == "-":
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding=encoding, newline="")
        yield sys.stdout
        sys.stdout.flush()
        return
    try:
        with atomic_file(output, encoding) as out:
            yield out
    except OSError as error:
        raise CommandError(f"{output} can not be written: {error.strerror}", ExitCode.USAGE) from error
