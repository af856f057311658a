"""`taosha sources add` and `taosha init`: source files that need no blank page to start from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from crawler.cli import console
from crawler.cli.crawl_options import DelayOption, NetworksOption, SourcesOption
from crawler.cli.exits import CommandError, ExitCode
from crawler.cli.logs import log_errors

if TYPE_CHECKING:
    from crawler.sources.proposal import Proposal

__all__ = ["add_source", "register"]

SAMPLE = "example.toml.sample"
PAGES = 5
_SHOWN = 10


def register(app: typer.Typer) -> None:
    """Hang `taosha init` into `app`."""
    app.command("init")(init)


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to work; made if need be.")] = Path(),
) -> None:
    """Make a folder for sources, with an example that explains every key."""
    target = folder / "sources" / SAMPLE
    if target.exists():
        raise CommandError(f"{target} is there already", ExitCode.USAGE)
    text = Path(__file__).parents[1].joinpath("sources", "scaffold.toml").read_text(encoding="utf-8")
    _write(target, text)
    console.say(f"{target} is an example: copy it to NAME.toml, or let the program make one:")
    console.say("taosha sources add https://news.example.org/")


def add_source(
    url: Annotated[str, typer.Argument(metavar="URL", help="The home page of the publisher.")],
    name: Annotated[str | None, typer.Option(help="Name of the source and its file.")] = None,
    sources: SourcesOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the file to stdout and write nothing.")
    ] = False,
    delay: DelayOption = None,
    allow_network: NetworksOption = None,
) -> None:
    """Look at a home page and write a source file: feeds, sitemaps, sections, what articles look like.

    Fetches the home page, what it names as lists, and a few articles, as politely as a crawl. Exits with
    5 if no article could be found.
    """
    _check_url(url)
    chosen = _name(name, url)
    target = Path(sources or "sources") / f"{chosen}.toml"
    if target.exists() and not dry_run:
        raise CommandError(f"{target} is there already", ExitCode.USAGE, "Give another --name, or --dry-run.")
    console.say(f"looking at {url} ...")
    proposal = _look(url, chosen, delay, allow_network or [])
    for kind in ("feeds", "sitemaps", "listings"):
        for one in getattr(proposal, kind):
            console.say(f"{kind.removesuffix('s')}: {one}")
    console.say(f"articles: {proposal.pattern or 'no common pattern; the shape of each URL decides'}")
    if dry_run:
        typer.echo(proposal.toml, nl=False)
        return
    _write(target, proposal.toml)
    console.say(f"{target} written; try it: taosha sources check {chosen}")


def _look(url: str, name: str, delay: float | None, networks: list[str]) -> Proposal:
    from crawler.cli.crawl import crawl_settings
    from crawler.crawl import CrawlError
    from crawler.look import NothingFoundError, propose
    from crawler.sources import source_from_url

    log_errors()
    try:
        return propose(source_from_url(url), name, PAGES, crawl_settings(delay, None, networks, ()))
    except NothingFoundError as error:
        for line in error.failures[:_SHOWN]:
            console.say(line, style="yellow")
        raise CommandError(f"{url}: no article could be found and fetched", ExitCode.NOTHING) from error
    except CrawlError as error:
        raise CommandError(str(error), ExitCode.CONFIG) from error


def _check_url(url: str) -> None:
    from crawler.sources import source_from_url

    try:
        source_from_url(url)
    except ValueError as error:
        raise CommandError(str(error), ExitCode.USAGE, "Write the whole address: https://...") from error


def _name(name: str | None, url: str) -> str:
    from crawler.sources.schema import NAME

    chosen = name or (urlsplit(url).hostname or "").removeprefix("www.")
    if not NAME.fullmatch(chosen):
        raise CommandError(f"{chosen!r} is no name for a source", ExitCode.USAGE, "Give one with --name.")
    return chosen


def _write(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("x", encoding="utf-8") as file:
        file.write(text)
