"""`taosha failures`: what could not be fetched or read, and trying it again."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli import console
from crawler.cli.options import DEFAULT_STORE, JsonOption, StoreOption
from crawler.cli.selection import CrawlSourceOption, LimitOption, say_if_unknown

if TYPE_CHECKING:
    from storage.failures import Which

__all__ = ["register"]

ReasonOption = Annotated[
    str | None, typer.Option("--reason", metavar="CODE", help="Only for this reason, such as timeout.")
]
SinceOption = Annotated[
    str | None,
    typer.Option("--since", metavar="DAY", help="Only what failed on this day (UTC) or later: 2025-01-19."),
]


def register(app: typer.Typer) -> None:
    """Hang the commands of this module into `app`."""
    group = typer.Typer(
        help="What could not be fetched or read, and trying it again.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("list")(list_failures)
    group.command("retry")(retry_failures)
    app.add_typer(group, name="failures")


def list_failures(
    store: StoreOption = DEFAULT_STORE,
    source: CrawlSourceOption = None,
    reason: ReasonOption = None,
    since: SinceOption = None,
    limit: LimitOption = 50,
    as_json: JsonOption = False,
) -> None:
    """List what still fails, the latest first.

    Pages that arrived and gave no article are listed by `taosha list --outcome rejected`.
    """
    from storage import failures, open_store

    with open_store(store, read_only=True) as opened:
        found = failures.list_failures(opened, _which(source, reason, since), limit + 1 if limit else None)
        told = not found and say_if_unknown(opened, source)
    more = limit and len(found) > limit
    found = found[:limit] if limit else found
    if as_json:
        console.print_json([asdict(failure) for failure in found])
        return
    rows = [
        (f.source, f.origin, f.reason, f.detail, f.tries, _minute(f.last_failed_at), _minute(f.due_at))
        for f in found
    ]
    console.print_table(
        ("source", "what", "reason", "detail", ">tries", "last (UTC)", "due again (UTC)"), rows
    )
    if not found and not told:
        console.say("nothing fails")
    elif more:
        console.say(f"there are more than {limit}: --limit 0 lists all")


def retry_failures(
    store: StoreOption = DEFAULT_STORE,
    source: CrawlSourceOption = None,
    reason: ReasonOption = None,
    since: SinceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make what fails due now: the next `taosha crawl` of its source asks for it again."""
    from storage import failures, open_store

    with open_store(store, create=False) as opened:
        done = failures.retry_failures(opened, _which(source, reason, since))
    if as_json:
        console.print_json(asdict(done))
        return
    if not done.due and not done.not_crawled:
        console.say("nothing fails")
    if done.due:
        console.say(f"{done.due} due now: the next `taosha crawl` of their sources asks for them again")
    if done.not_crawled:
        console.say(f"{done.not_crawled} did not come from a crawl: give them to `taosha clean` again")


def _which(source: str | None, reason: str | None, since: str | None) -> Which:
    from storage.failures import Which
    from storage.filters import check_day

    check_day(since)
    return Which(source, reason, since)


def _minute(moment: str | None) -> str | None:
    return None if moment is None else moment[:16].replace("T", " ")
