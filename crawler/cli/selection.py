"""Options that pick articles, shared by `list`, `search` and `export`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli import console
from crawler.cli.exits import CommandError

if TYPE_CHECKING:
    from storage import Store
    from storage.records import Hit, Listed

__all__ = [
    "CrawlSourceOption",
    "LanguageOption",
    "LimitOption",
    "SinceOption",
    "SourceOption",
    "UntilOption",
    "WhereOption",
    "check_outcome",
    "date_of",
    "say_if_unknown",
]

SourceOption = Annotated[
    str | None, typer.Option("--source", metavar="NAME", help="Only this source, or this outlet.")
]
CrawlSourceOption = Annotated[
    str | None, typer.Option("--source", metavar="NAME", help="Only of this source.")
]
"""For what is not about articles: a source by the name that it is crawled under."""
SinceOption = Annotated[
    str | None, typer.Option("--since", metavar="DAY", help="From this day on: 2025-01-19, 2025-01 or 2025.")
]
UntilOption = Annotated[
    str | None, typer.Option("--until", metavar="DAY", help="Up to this day, month or year, inclusive.")
]
WhereOption = Annotated[
    str | None,
    typer.Option(
        "--where",
        metavar="SQL",
        help="Only articles that meet this condition on the columns of the table articles.",
    ),
]
LanguageOption = Annotated[
    str | None,
    typer.Option("--language", metavar="CODE", help="Only articles in this language: zh, en, zh-Hant ..."),
]
LimitOption = Annotated[int, typer.Option("--limit", "-n", min=0, help="At most so many; 0 for all.")]


def say_if_unknown(store: Store, source: str | None) -> bool:
    """Say so if nothing in the store has the name that was asked for: an empty list would not tell."""
    from storage.listing import is_known_source

    if source is None or is_known_source(store, source):
        return False
    console.say(f"no source and no outlet is called {source!r}; `taosha stats` names the sources")
    return True


def check_outcome(outcome: str) -> None:
    """Raise :class:`CommandError` for what is no outcome of a page."""
    from cleaners.model import Reason
    from storage.listing import OUTCOMES

    if outcome not in (*OUTCOMES, "all", *Reason):
        raise CommandError(
            f"there is no outcome {outcome!r}",
            hint=f"Write {', '.join(OUTCOMES)}, all, or a reason: {', '.join(Reason)}.",
        )


def date_of(row: Listed | Hit) -> str | None:
    """Give the page's own date, and its time as far as the page stated one."""
    if row.published_at is None:
        return None
    length = {"year": 4, "month": 7, "day": 10}.get(row.published_precision or "", 16)
    return row.published_at[:length].replace("T", " ")
