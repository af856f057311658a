"""`taosha sources`: which sources there are, and whether their files are right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from crawler.cli import console, source_trial, sources_new
from crawler.cli.crawl_options import SourcesOption
from crawler.cli.options import JsonOption
from crawler.cli.sources_check import check_sources
from crawler.cli.sources_new import add_source

if TYPE_CHECKING:
    from crawler.sources import Source

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Hang the commands of this module into `app`."""
    group = typer.Typer(help="Sources: what the TOML files say.", no_args_is_help=True, rich_markup_mode=None)
    group.command("list")(list_sources)
    group.command("check")(check_sources)
    group.command("add")(add_source)
    source_trial.register(group)
    app.add_typer(group, name="sources")
    sources_new.register(app)


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
