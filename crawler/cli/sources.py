"""`taosha sources`: which sources there are, and whether their files are right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli import console, source_trial
from crawler.cli.crawl_options import SourcesOption
from crawler.cli.exits import CommandError, ExitCode
from crawler.cli.options import JsonOption

if TYPE_CHECKING:
    from crawler.sources import Source

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Hang the commands of this module into `app`."""
    group = typer.Typer(help="Sources: what the TOML files say.", no_args_is_help=True, rich_markup_mode=None)
    group.command("list")(list_sources)
    group.command("check")(check_sources)
    source_trial.register(group)
    app.add_typer(group, name="sources")


def list_sources(sources: SourcesOption = None, as_json: JsonOption = False) -> None:
    """List all sources that can be crawled by name."""
    from crawler.sources import Catalog

    catalog = Catalog.open(sources)
    rows = [_row(source) for _, source in sorted(catalog.sources.items())]
    if as_json:
        for row in rows:
            console.print_json(row)
    else:
        names = ("name", "title", "hosts", "starts")
        console.print_table(
            names, [(r["name"], r["title"], " ".join(r["hosts"]), " ".join(r["starts"])) for r in rows]
        )
    for error in catalog.broken:
        console.say(str(error), style="yellow")


def check_sources(
    names: Annotated[list[str] | None, typer.Argument(help="Sources to check; without any, all.")] = None,
    sources: SourcesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check source files: unknown keys, wrong types, patterns that do not compile. Fetches nothing."""
    from crawler.cli.crawl import find_sources
    from crawler.sources import Catalog

    if names:
        good, broken = [source.name for source in find_sources(names, sources)], []
    else:
        catalog = Catalog.open(sources)
        good, broken = sorted(catalog.sources), [str(error) for error in catalog.broken]
    if as_json:
        console.print_json({"ok": good, "broken": broken})
    else:
        for name in good:
            console.say(f"{name}: ok")
        for message in broken:
            console.say(message, style="red")
    if broken:
        raise CommandError(f"{len(broken)} source files are not valid", ExitCode.CONFIG)


def _row(source: Source) -> dict[str, Any]:
    starts = [*source.feeds, *source.sitemaps, *source.listings]
    if source.home and (source.discover or not starts):
        starts.insert(0, source.home)
    return {
        "name": source.name,
        "title": source.title,
        "hosts": list(source.hosts),
        "starts": starts,
        "discover": source.discover,
        "file": str(source.path) if source.path else None,
    }
