"""`list`, `search`, `stats` and `runs`: what the store holds. (`show`: inspect_article.py, `why`: why.py)"""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli import console, inspect_article, why
from crawler.cli.exits import CommandError
from crawler.cli.inspect_stats import print_stats
from crawler.cli.options import DEFAULT_STORE, JsonOption, StoreOption
from crawler.cli.selection import (
    LanguageOption,
    LimitOption,
    SinceOption,
    SourceOption,
    UntilOption,
    WhereOption,
)

if TYPE_CHECKING:
    from storage.records import Hit, Listed, RunRecord

__all__ = ["register"]

_LIST_HELP = """Examples:

taosha list --source example --since 2025-01

taosha list --outcome rejected

taosha list --outcome too_short --json
"""
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

OutcomeOption = Annotated[
    str,
    typer.Option(
        "--outcome",
        metavar="WHICH",
        help="article, rejected, pending, all, or a reason such as too_short.",
    ),
]
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
    """Hang the commands of this module into `app`."""
    app.command("list", epilog=_LIST_HELP)(list_articles)
    inspect_article.register(app)
    why.register(app)
    app.command(
        "search",
        epilog=_SEARCH_HELP,
        # So that `search 大模型 -融资` needs no `--`: an unknown option is a word to leave out.
        context_settings={"ignore_unknown_options": True},
    )(search)
    app.command("stats")(stats)
    app.command("runs")(runs)


def list_articles(
    store: StoreOption = DEFAULT_STORE,
    source: SourceOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    language: LanguageOption = None,
    condition: WhereOption = None,
    outcome: OutcomeOption = "article",
    limit: LimitOption = 50,
    as_json: JsonOption = False,
) -> None:
    """List the articles, the newest first; or the pages that gave none (their ids start with p)."""
    from storage import listing, open_store
    from storage.filters import Where, check_condition

    _check_outcome(outcome)
    where = Where(source=source, since=since, until=until, language=language, sql=condition)
    most = limit + 1 if limit else None  # one more than shown tells whether there are more
    with open_store(store, read_only=True) as opened:
        check_condition(opened, condition)
        rows: list[Listed] = []
        if outcome in ("article", "all"):
            rows += listing.list_articles(opened, where, most)
        if outcome != "article":
            rows += listing.list_pages(opened, outcome=outcome, source=source, limit=most)
    more = limit and len(rows) > limit
    rows = rows[:limit] if limit else rows
    if as_json:
        console.print_json([asdict(row) for row in rows])
    else:
        console.print_table(
            (">id", "source", "published", "title", ">chars", "outcome"),
            [(_id(r), r.source, _date(r), _title(r), r.chars, r.outcome) for r in rows],
        )
    if not rows:
        console.say("nothing to list")
    elif more:
        console.say(f"there are more than {limit}: --limit 0 lists all")


def _check_outcome(outcome: str) -> None:
    from cleaners.model import Reason
    from storage.listing import OUTCOMES

    if outcome not in (*OUTCOMES, "all", *Reason):
        raise CommandError(
            f"there is no outcome {outcome!r}",
            hint=f"Write {', '.join(OUTCOMES)}, all, or a reason: {', '.join(Reason)}.",
        )


def _id(row: Listed) -> str:
    return f"p{row.page_id}" if row.article_id is None else str(row.article_id)


def _title(row: Listed) -> str:
    if row.article_id is None:
        return f"{row.origin}: {row.detail}" if row.detail else row.origin
    return row.title or row.origin


def _date(row: Listed | Hit) -> str | None:
    """Give the page's own date, and its time as far as the page stated one."""
    if row.published_at is None:
        return None
    length = {"year": 4, "month": 7, "day": 10}.get(row.published_precision or "", 16)
    return row.published_at[:length].replace("T", " ")


def _minute(moment: str) -> str:
    return moment[:16].replace("T", " ")


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
        _check_outcome(outcome)

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
    if as_json:
        console.print_json([_hit_object(hit) for hit in hits])
    elif console.out().is_terminal:
        for hit in hits:
            _draw_hit(hit)
    else:
        rows = [(h.article_id, h.source, _date(h), _marked(h.title_parts), _marked(h.snippet)) for h in hits]
        console.print_table(("id", "source", "published", "title", "snippet"), rows)
    if not hits:
        console.say("nothing found")


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
    head.append(f"  {console.safe(hit.source)}  {_date(hit) or ''}  {hit.chars}", style="dim")
    body = Text(" " * 8)
    for text, match in hit.snippet:
        body.append(console.safe(text).replace("\n", " "), style="bold yellow" if match else "")
    console.out().print(head)
    console.out().print(body)


def stats(store: StoreOption = DEFAULT_STORE, as_json: JsonOption = False) -> None:
    """Count pages by source and outcome, rules by what they did, and sizes."""
    from storage import open_store
    from storage.stats import stats as count

    with open_store(store, read_only=True) as opened:
        found = count(opened)
    print_stats(found, as_json=as_json)


def runs(store: StoreOption = DEFAULT_STORE, limit: LimitOption = 20, as_json: JsonOption = False) -> None:
    """List the runs of crawl and clean, the latest first: what each one did, and how it ended."""
    from storage import listing, open_store

    with open_store(store, read_only=True) as opened:
        found = listing.list_runs(opened, limit or None)
    if as_json:
        console.print_json([asdict(run) for run in found])
        return
    console.print_table(
        (">id", "command", "status", "started (UTC)", ">seconds", "sources", "counts"),
        [
            (r.id, r.command, r.status, _minute(r.started_at), _seconds(r), ", ".join(r.sources), _counts(r))
            for r in found
        ],
    )


def _counts(run: RunRecord) -> str:
    return ", ".join(f"{name} {count}" for name, count in run.counts.items() if count)


def _seconds(run: RunRecord) -> str | None:
    if run.finished_at is None:
        return None
    taken = datetime.fromisoformat(run.finished_at) - datetime.fromisoformat(run.started_at)
    return f"{taken.total_seconds():.1f}"
