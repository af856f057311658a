"""`search`: articles by their words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli import console
from crawler.cli.exits import CommandError
from crawler.cli.options import DEFAULT_STORE, JsonOption, StoreOption
from crawler.cli.selection import (
    LanguageOption,
    LimitOption,
    SinceOption,
    SourceOption,
    UntilOption,
    WhereOption,
    check_outcome,
    date_of,
    say_if_unknown,
)

if TYPE_CHECKING:
    from storage.records import Hit

__all__ = ["register"]

_SEARCH_HELP = """Words side by side must all be there. Chinese is found in simplified and traditional
spelling alike, words of any length; Latin words in any case.

Examples:

taosha search 大模型 融资 --since 2025-01

taosha search '"language model" OR 语言模型'

taosha search 'title:新能源 -汽车' (or: NOT 汽车)

taosha search 'open*' (words that start so)
"""

_OPTION = re.compile(r"--[a-z]")
"""A mistyped option must not end as a word that nothing contains."""

LatestOption = Annotated[
    str | None,
    typer.Option(
        "--outcome",
        metavar="WHICH",
        help="Only where the latest page of the address gave this: article, rejected, pending, or a reason.",
    ),
]
QueryArgument = Annotated[list[str], typer.Argument(metavar="QUERY...", help="What to look for.")]


def register(app: typer.Typer) -> None:
    """Hang the command of this module into `app`."""
    app.command(
        "search",
        epilog=_SEARCH_HELP,
        # So that `search 大模型 -融资` needs no `--`: an unknown option is a word to leave out.
        context_settings={"ignore_unknown_options": True},
    )(search)


def search(
    query: QueryArgument,
    store: StoreOption = DEFAULT_STORE,
    source: SourceOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    language: LanguageOption = None,
    outcome: LatestOption = None,
    condition: WhereOption = None,
    limit: LimitOption = 20,
    as_json: JsonOption = False,
) -> None:
    """Find articles by their words, the best match first."""
    from storage import open_store
    from storage.errors import QuerySyntaxError
    from storage.filters import Where, check_condition
    from storage.search import search as find

    if outcome is not None:
        check_outcome(outcome)

    for word in query:
        if _OPTION.match(word):
            raise CommandError(f"no such option: {word}", hint=f"To look for it: '\"{word}\"'")
    where = Where(source, since, until, language=language, outcome=outcome, sql=condition)
    with open_store(store, read_only=True) as opened:
        check_condition(opened, condition)
        try:
            hits = find(opened, " ".join(query), where, limit or None)
        except QuerySyntaxError as error:
            raise CommandError(str(error), hint=_pointed(" ".join(query), error.position)) from error
        told = not hits and (_say_if_option(query) or say_if_unknown(opened, source))
    if as_json:
        console.print_json([_hit_object(hit) for hit in hits])
    else:
        _print_hits(hits)
    if not hits and not told:
        console.say("nothing found")


def _print_hits(hits: list[Hit]) -> None:
    if console.out().is_terminal:
        for hit in hits:
            _draw_hit(hit)
        return
    rows = [(h.article_id, h.source, date_of(h), _marked(h.title_parts), _marked(h.snippet)) for h in hits]
    console.print_table(("id", "source", "published", "title", "snippet"), rows)


def _say_if_option(query: list[str]) -> bool:
    """Say so if nothing was found because an option was written as if it were a field of the index."""
    for word in " ".join(query).split():
        name = word.partition(":")[0]
        if ":" in word and name in ("source", "since", "until", "language", "outcome"):
            console.say(
                f"nothing found: {name} is an option, write --{name}; only title: and text: are fields"
            )
            return True
    return False


def _pointed(query: str, position: int | None) -> str | None:
    """Show a query with a mark under the character that could not be understood."""
    from rich.cells import cell_len

    if position is None or "\n" in query:
        return None
    return f"  {query}\n  {' ' * cell_len(query[:position])}^"


def _marked(parts: tuple[tuple[str, bool], ...]) -> str:
    return "".join(f"«{text}»" if match else text for text, match in parts)


def _hit_object(hit: Hit) -> dict[str, object]:
    matches, at = [], 0
    for text, match in hit.snippet:
        if match:
            matches.append([at, at + len(text)])
        at += len(text)
    return {
        "id": hit.article_id,
        "source": hit.source,
        "published_at": hit.published_at,
        "published_precision": hit.published_precision,
        "origin": hit.origin,
        "title": hit.title,
        "chars": hit.chars,
        "score": hit.score,
        "snippet": "".join(text for text, _ in hit.snippet),
        "matches": matches,
    }


def _draw_hit(hit: Hit) -> None:
    from rich.text import Text

    head = Text(f"{hit.article_id:>6}  ", style="cyan")
    for text, match in hit.title_parts:
        head.append(console.safe(text), style="bold yellow" if match else "bold")
    head.append(f"  {console.safe(hit.source)}  {date_of(hit) or ''}  {hit.chars}", style="dim")
    body = Text(" " * 8)
    for text, match in hit.snippet:
        body.append(console.safe(text).replace("\n", " "), style="bold yellow" if match else "")
    console.out().print(head)
    console.out().print(body)
