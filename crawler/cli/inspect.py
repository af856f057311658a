"""`list`: what the store holds."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from crawler.cli import console
from crawler.cli.options import DEFAULT_STORE, JsonOption, StoreOption

__all__ = ["register"]

SourceOption = Annotated[
    str | None, typer.Option("--source", metavar="NAME", help="Only this source, or this outlet.")
]
SinceOption = Annotated[
    str | None, typer.Option("--since", metavar="DAY", help="From this day on: 2025-01-19, 2025-01 or 2025.")
]
UntilOption = Annotated[
    str | None, typer.Option("--until", metavar="DAY", help="Up to this day, month or year, inclusive.")
]
LimitOption = Annotated[int, typer.Option("--limit", "-n", min=0, help="At most so many lines; 0 for all.")]


def register(app: typer.Typer) -> None:
    """Hang the commands of this module into `app`."""
    app.command("list")(list_articles)


def list_articles(
    store: StoreOption = DEFAULT_STORE,
    source: SourceOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    limit: LimitOption = 50,
    as_json: JsonOption = False,
) -> None:
    """List the articles, the newest first."""
    from storage import listing, open_store
    from storage.filters import Where

    where = Where(source=source, since=since, until=until)
    with open_store(store, read_only=True) as opened:
        rows = listing.list_articles(opened, where, limit or None)
    if as_json:
        console.print_json([asdict(row) for row in rows])
        return
    console.print_table(
        (">id", "source", "published", "title", ">chars", "outcome"),
        [(r.article_id, r.source, r.published_at, r.title, r.chars, r.outcome) for r in rows],
    )
