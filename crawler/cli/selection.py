"""Options that pick articles, shared by `list`, `search` and `export`."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["LanguageOption", "LimitOption", "SinceOption", "SourceOption", "UntilOption", "WhereOption"]

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
