"""`taosha sources test`: what each rule of a source matches on a saved page, and what comes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli import console
from crawler.cli.crawl_options import SourcesOption
from crawler.cli.exits import CommandError, ExitCode
from crawler.cli.options import JsonOption

if TYPE_CHECKING:
    from cleaners.extract.site_rules import Match
    from cleaners.model import Article, Page, Rejected, Rules
    from crawler.sources import Source

__all__ = ["register"]

_EPILOG = """Examples:

taosha sources test sources/daily.toml --page saved.html

taosha sources test https://news.example.org/2026/1.html --page saved.html
"""
_SHOWN = 60

What = Annotated[
    str, typer.Argument(metavar="FILE_OR_URL", help="A source file, a source's name, or a page's address.")
]
SavedPage = Annotated[
    Path, typer.Option("--page", metavar="FILE", help="The saved page (HTML) to try the rules on.")
]
Url = Annotated[str | None, typer.Option("--url", metavar="URL", help="The address of the saved page.")]
Encoding = Annotated[
    str | None, typer.Option("--encoding", metavar="NAME", help="Encoding of the page, whatever it declares.")
]


def register(group: typer.Typer) -> None:
    """Hang the command of this module into the group `sources`."""
    group.command("test", epilog=_EPILOG)(try_source)


def try_source(
    what: What,
    page: SavedPage,
    url: Url = None,
    encoding: Encoding = None,
    sources: SourcesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what each rule of a source matches on a saved page, and the article that comes of it.

    Fetches and stores nothing. A rule that matches nothing is a warning. Exit code 5: no article.
    """
    from cleaners.extract.site_rules import try_rules

    source, address = _source(what, sources)
    saved = _page(page, url or address, encoding)
    rules = source.rules.at(saved.fetched_at)
    found = try_rules(saved, rules)
    outcome = _clean(saved, rules)
    if as_json:
        console.print_json(_object(source, found, outcome))
    else:
        _print(source, found, outcome)
    if not hasattr(outcome, "meta"):
        raise typer.Exit(int(ExitCode.NOTHING))


def _source(what: str, folder: str | None) -> tuple[Source, str | None]:
    """The source that is meant, and the address of the page if that was given."""
    from crawler.cli.crawl import find_sources
    from crawler.sources import Catalog, SourceError, load_source

    path = Path(what)
    try:
        if what.startswith(("http://", "https://")):
            for source in Catalog.open(folder).sources.values():
                if source.covers(what):
                    return source, what
            raise CommandError(f"no source covers {what}", hint="`taosha sources list` shows their hosts.")
        if path.suffix == ".toml" or path.is_file():
            return load_source(path), None
    except SourceError as error:
        raise CommandError(str(error), ExitCode.CONFIG) from error
    return find_sources([what], folder)[0], None


def _page(path: Path, url: str | None, encoding: str | None) -> Page:
    from dataclasses import replace

    from crawler.dumps.entry import Options, Unread
    from crawler.dumps.files import read_file

    item = next(iter(read_file(path.absolute(), Options(encoding))))
    if isinstance(item, Unread):
        raise CommandError(f"{path}: {item.detail}")
    return replace(item, url=url) if url else item


def _clean(page: Page, rules: Rules) -> Article | Rejected:
    """Clean in a process of its own: a page that is stuck, or eats all memory, is ended."""
    from crawler.limits import Limits
    from crawler.workers import Pool

    pool = Pool(1, Limits())
    try:
        return pool.submit(page, rules).result()
    finally:
        pool.close(kill=True)


def _object(source: Source, found: tuple[Match, ...], outcome: Article | Rejected) -> dict[str, object]:
    from dataclasses import asdict

    from cleaners.extract.site_rules import in_vain

    result: dict[str, object] = {
        "source": source.name,
        "rules": [asdict(match) for match in found],
        "in_vain": list(in_vain(found)),
    }
    article = _article(outcome)
    return result | ({"rejected": _why(outcome)} if article is None else {"article": article})


def _article(outcome: Article | Rejected) -> dict[str, object] | None:
    from cleaners.model import Rejected

    if isinstance(outcome, Rejected):
        return None
    meta = outcome.meta
    return {
        "title": meta.title,
        "authors": list(meta.authors),
        "source": meta.source,
        "published_at": meta.published_at,
        "chars": len(outcome.text),
        "removed": len(outcome.removed),
        "text": outcome.text,
    }


def _why(outcome: Article | Rejected) -> dict[str, object]:
    from cleaners.model import Article

    return {} if isinstance(outcome, Article) else {"reason": outcome.reason, "detail": outcome.detail}


def _print(source: Source, found: tuple[Match, ...], outcome: Article | Rejected) -> None:
    from cleaners.extract.site_rules import in_vain

    rows = [(m.id, m.rule, m.count, _short(m.texts[0]) if m.texts else "") for m in found]
    console.print_table(("rule", "selector or words", ">matches", "first match"), rows)
    for rule in in_vain(found):
        console.say(f"warning: {source.name}: {rule}: matches nothing on this page", style="yellow")
    article = _article(outcome)
    if article is None:
        console.say("no article: {reason}: {detail}".format(**_why(outcome)), style="red")
        return
    for name in ("title", "authors", "source", "published_at", "chars"):
        value = article[name]
        console.print_text(f"{name}: {'、'.join(value) if isinstance(value, list) else value}")


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
