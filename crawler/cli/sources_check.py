"""`taosha sources check`: are the files right, and do the sources answer?"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli import console
from crawler.cli.crawl import find_sources
from crawler.cli.crawl_options import DelayOption, NetworksOption, SourcesOption
from crawler.cli.exits import CommandError, ExitCode
from crawler.cli.logs import log_errors
from crawler.cli.options import JsonOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.trial import Trial

__all__ = ["check_sources"]

PagesOption = Annotated[
    int, typer.Option("--pages", metavar="N", min=1, max=50, help="Fetch at most this many articles.")
]
OfflineOption = Annotated[bool, typer.Option("--offline", help="Only check the files; fetch nothing.")]
NameArgument = Annotated[
    str | None,
    typer.Argument(metavar="SOURCE|URL", help="The source to try; without one, all files are checked."),
]


def check_sources(
    name: NameArgument = None,
    sources: SourcesOption = None,
    offline: OfflineOption = False,
    pages: PagesOption = 3,
    delay: DelayOption = None,
    allow_network: NetworksOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check source files; with a name, also ask the site, politely, and say what works.

    Fetches the source's home page, feeds, sitemaps and lists and a few articles; keeps nothing. Exits
    with 5 if no article could be found, fetched and cleaned.
    """
    if name is None or offline:
        _check_files([name] if name else [], sources, as_json=as_json)
        return
    from crawler.cli.crawl import crawl_settings
    from crawler.crawl import CrawlError
    from crawler.trial import try_source

    (source,) = find_sources([name], sources)
    log_errors()
    console.say(f"asking {source.name} ...")
    try:
        found = try_source(source, pages, crawl_settings(delay, None, allow_network or (), ()))
    except CrawlError as error:
        raise CommandError(str(error), ExitCode.CONFIG) from error
    if as_json:
        console.print_json(asdict(found) | {"works": found.works})
    else:
        _print(found)
    raise typer.Exit(int(ExitCode.OK if found.works else ExitCode.NOTHING))


def _check_files(names: Sequence[str], folder: str | None, *, as_json: bool) -> None:
    """Unknown keys, wrong types, patterns that do not compile."""
    from crawler.sources import Catalog

    if names:
        good, broken = [source.name for source in find_sources(names, folder)], []
    else:
        catalog = Catalog.open(folder)
        good, broken = sorted(catalog.sources), [str(error) for error in catalog.broken]
    if as_json:
        console.print_json({"ok": good, "broken": broken})
    else:
        for name in good:
            console.say(f"{name}: ok")
        for message in broken:
            console.say(message, style="red")
    if broken:
        count = "1 source file is" if len(broken) == 1 else f"{len(broken)} source files are"
        raise CommandError(f"{count} not valid", ExitCode.CONFIG)


def _print(found: Trial) -> None:
    rows = [(one.kind, one.url, one.state, one.reason) for one in found.lists]
    console.print_table(("list", "url", "state", "why"), rows, title="Lists")
    articles = [(one.published_at, one.chars, one.title, one.origin) for one in found.articles]
    console.print_table(("published", ">chars", "title", "url"), articles, title="Articles")
    console.say(f"the lists name {found.named} articles; {len(found.articles)} were fetched and cleaned")
    for key, count in found.counts.items():
        if "." in key:
            console.say(f"{key.replace('.', ': ')}: {count}", style="yellow")
    if not found.works:
        console.say("No article came through: see which list or which reason above stands in the way.")
