"""`list`, `stats` and `runs`: what the store holds. (`show`: inspect_article.py, `why`: why.py)"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli import console, inspect_article, search, why
from crawler.cli.inspect_stats import print_stats
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
    from storage.records import Listed, RunRecord

__all__ = ["register"]

_LIST_HELP = """Examples:

taosha list --source example --since 2025-01

taosha list --outcome rejected

taosha list --outcome too_short --json
"""
OutcomeOption = Annotated[
    str,
    typer.Option(
        "--outcome",
        metavar="WHICH",
        help="article, rejected, pending, all, or a reason such as too_short.",
    ),
]


def register(app: typer.Typer) -> None:
    """Hang the commands of this module into `app`."""
    app.command("list", epilog=_LIST_HELP)(list_articles)
    inspect_article.register(app)
    why.register(app)
    search.register(app)
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

    check_outcome(outcome)
    where = Where(source=source, since=since, until=until, language=language, sql=condition)
    most = limit + 1 if limit else None  # one more than shown tells whether there are more
    with open_store(store, read_only=True) as opened:
        check_condition(opened, condition)
        rows: list[Listed] = []
        if outcome in ("article", "all"):
            rows += listing.list_articles(opened, where, most)
        if outcome != "article":
            rows += listing.list_pages(opened, outcome=outcome, source=source, limit=most)
        told = not rows and say_if_unknown(opened, source)
    more = limit and len(rows) > limit
    rows = rows[:limit] if limit else rows
    if as_json:
        console.print_json([asdict(row) for row in rows])
    else:
        console.print_table(
            (">id", "source", "published", "title", ">chars", "outcome"),
            [(_id(r), r.source, date_of(r), _title(r), r.chars, r.outcome) for r in rows],
        )
    if not rows and not told:
        console.say("nothing to list")
    elif more:
        console.say(f"there are more than {limit}: --limit 0 lists all")


def _id(row: Listed) -> str:
    return f"p{row.page_id}" if row.article_id is None else str(row.article_id)


def _title(row: Listed) -> str:
    if row.article_id is None:
        return f"{row.origin}: {row.detail}" if row.detail else row.origin
    return row.title or row.origin


def _minute(moment: str) -> str:
    return moment[:16].replace("T", " ")


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
    # The reasons behind them (rejected.too_short ...) are for --json and `taosha stats`.
    return ", ".join(f"{name} {count}" for name, count in run.counts.items() if count and "." not in name)


def _seconds(run: RunRecord) -> str | None:
    if run.finished_at is None:
        return None
    taken = datetime.fromisoformat(run.finished_at) - datetime.fromisoformat(run.started_at)
    return f"{taken.total_seconds():.1f}"
