"""`taosha export`: articles with their metadata and what was removed from them, for other programs."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli import console
from crawler.cli.exits import CommandError, unwritable
from crawler.cli.options import DEFAULT_STORE, JsonOption, StoreOption
from crawler.cli.selection import SinceOption, SourceOption, UntilOption, WhereOption, say_if_unknown

if TYPE_CHECKING:
    from storage import Store
    from storage.corpus import Tally
    from storage.export_job import Order, Progress

__all__ = ["register"]

_EPILOG = """Examples:

taosha export > articles.jsonl

taosha export --format csv --excel --output articles.csv --fields id,title,published_at,text

taosha export --format md --output articles/ --since 2025-01 --until 2025-06

taosha export --format corpus --min-chars 200 --without-flag any --output corpus.jsonl
"""

_TOLD_EVERY = 10_000


class Format(StrEnum):
    """What `export` can write."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    MD = "md"
    TEXT = "text"
    CORPUS = "corpus"


FormatOption = Annotated[
    Format,
    typer.Option(
        "--format",
        "-f",
        help="jsonl: one JSON object a line. csv: lists as JSON in a cell. parquet: needs taosha[parquet]. "
        "md: a folder with a Markdown file for each article. text: the texts, a blank line between two. "
        "corpus: JSON lines with text, metadata, provenance and quality; the same text only once.",
    ),
]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write this file (md: this folder), whole or not at all, instead of stdout; parquet and corpus "
        "get a data set card beside it.",
    ),
]
ExcelOption = Annotated[
    bool, typer.Option("--excel", help="Start a CSV with a byte order mark, so that Excel reads it as UTF-8.")
]
FieldsOption = Annotated[
    str | None,
    typer.Option("--fields", metavar="NAME,NAME...", help="Write only these fields, in this order."),
]
MinCharsOption = Annotated[
    int, typer.Option("--min-chars", min=0, help="Leave shorter articles out of a corpus.")
]
WithoutFlagOption = Annotated[
    list[str] | None,
    typer.Option(
        "--without-flag", metavar="RULE", help="Leave articles with this flag out of a corpus; any: with any."
    ),
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
    fields: FieldsOption = None,
    min_chars: MinCharsOption = 0,
    without_flag: WithoutFlagOption = None,
    excel: ExcelOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write the articles for other programs, in the order in which they were stored."""
    from storage import open_store
    from storage.corpus import Quality
    from storage.export_job import Order
    from storage.filters import Where

    if as_json and file_format is not Format.JSONL:
        raise CommandError("--json is --format jsonl")
    if excel and file_format is not Format.CSV:
        raise CommandError("--excel goes with --format csv")
    if (min_chars or without_flag) and file_format is not Format.CORPUS:
        raise CommandError("--min-chars and --without-flag go with --format corpus", hint="Else: --where.")
    order = Order(
        format=str(file_format),
        where=Where(source=source, since=since, until=until, sql=condition),
        fields=tuple(name.strip() for name in fields.split(",")) if fields else (),
        quality=Quality(min_chars, frozenset(without_flag or ())),
        encoding="utf-8-sig" if excel else "utf-8",
    )
    with open_store(store, read_only=True) as opened, _progress() as progress:
        done = _write(opened, order, output, progress)
        if not done.articles:
            say_if_unknown(opened, source)
    noun = "article" if done.articles == 1 else "articles"
    console.say(f"{done.articles:,} {noun} exported" + (f" to {output}" if output else ""))
    if done.left_out:
        console.say("left out: " + ", ".join(f"{n:,} {why}" for why, n in done.left_out.most_common()))


def _write(opened: Store, order: Order, output: Path | None, progress: Progress) -> Tally:
    from storage.export_job import export_to_file, export_to_stream

    if output is None or str(output) == "-":
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding=order.encoding, newline="")
        done = export_to_stream(opened, order, sys.stdout, progress)
        sys.stdout.flush()
        return done
    try:
        return export_to_file(opened, order, output, progress)
    except OSError as error:
        raise unwritable(output, error) from error


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    if not console.err().is_terminal:
        yield _say
        return
    from rich.progress import Progress

    with Progress(console=console.err(), transient=True) as bar:
        task = bar.add_task("exporting", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _say(done: int, total: int) -> None:
    if done and done % _TOLD_EVERY == 0:
        console.say(f"{done:,} of {total:,}")
