"""`show`: one article or page; and finding the one that a person means."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli import console
from crawler.cli.exits import CommandError
from crawler.cli.options import DEFAULT_STORE, JsonOption, StoreOption
from storage.records import ArticleRecord, PageRecord

if TYPE_CHECKING:
    from storage import Store

__all__ = ["Reference", "find_stored", "given", "line", "many", "register", "show_page"]

_SHOW_HELP = """Examples:

taosha show 12

taosha show https://example.com/news/1.html

taosha show 12 --text > article.txt

taosha show p7 (a page that gave no article, as `taosha list --outcome rejected` names it)
"""

Reference = Annotated[
    str, typer.Argument(metavar="ID", help="Number, URL or origin of the article; or the end of its path.")
]
TextOption = Annotated[bool, typer.Option("--text", help="Print the clean text alone.")]
OriginalOption = Annotated[
    bool, typer.Option("--source-text", help="Print the repaired text in the page's own script alone.")
]
RawOption = Annotated[bool, typer.Option("--raw", help="Print the page as it came, byte for byte.")]


def register(app: typer.Typer) -> None:
    """Hang the command of this module into `app`."""
    app.command("show", epilog=_SHOW_HELP)(show)


def show(
    reference: Reference,
    store: StoreOption = DEFAULT_STORE,
    text: TextOption = False,
    source_text: OriginalOption = False,
    raw: RawOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show an article: what is known of it, and its clean text."""
    from storage import open_store
    from storage.raw_pages import load_page

    with open_store(store, read_only=True) as opened:
        found = find_stored(opened, reference)
        if raw:
            _write_bytes(
                load_page(opened, found.page_id if isinstance(found, ArticleRecord) else found.id).body
            )
            return
        gave = given(opened, found) if isinstance(found, PageRecord) else None
    if isinstance(found, PageRecord):
        show_page(found, as_json=as_json, text_alone=text or source_text, gave=gave)
    elif text or source_text:
        console.print_text(found.fields["source_text" if source_text else "text"])
    elif as_json:
        console.print_json(_article_object(found))
    else:
        _show_article(found)


def find_stored(store: Store, reference: str) -> ArticleRecord | PageRecord:
    """Give what a person means. Raises :class:`CommandError` for nothing, or for more than one."""
    from storage.articles import article
    from storage.listing import find_articles, find_pages
    from storage.raw_pages import page_record

    articles = find_articles(store, reference)
    if len(articles) > 1:
        numbers = ", ".join(map(str, articles[:10]))
        raise CommandError(f"{reference!r} means several articles: {numbers}", hint="Name one by its number.")
    if articles and (found := article(store, articles[0])):
        return found
    pages = find_pages(store, reference)
    if pages and (page := page_record(store, pages[0])):
        return page
    raise CommandError(
        f"there is no article {reference!r} in this store",
        hint="`taosha list` and `taosha search` show the numbers.",
    )


def _write_bytes(body: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(body)
    sys.stdout.buffer.flush()


_SHOWN = (
    *("title", "subtitle", "original_title", "authors", "editors", "source", "producer", "site_name"),
    *("published_at", "published_raw", "modified_at", "url", "canonical_url", "origin", "language", "script"),
    *("section", "tags", "description", "access", "image_credit", "encoding", "chars", "revision"),
)


def _article_object(found: ArticleRecord) -> dict[str, Any]:
    return {
        **found.fields,
        "crawl_source": found.crawl_source,
        "fetched_at": found.fetched_at,
        "via": found.via,
        "images": list(found.images),
        "candidates": list(found.candidates),
    }


def _show_article(found: ArticleRecord) -> None:
    rows: list[tuple[str, object]] = [("id", found.id), ("crawled as", found.crawl_source)]
    rows += [(name.replace("_", " "), found.fields[name]) for name in _SHOWN]
    rows += [("images", [picture["url"] for picture in found.images]), ("fetched at", found.fetched_at)]
    rows.append(("removed", f"{many(found.fields['removed_count'], 'block')} (see: taosha why {found.id})"))
    rows.append(("changes", found.fields["notes_count"]))
    _print_fields(rows)
    console.print_text("")
    console.print_text(found.fields["text"])


def given(store: Store, page: PageRecord) -> int | None:
    """Give the article of a page's origin, if there is one."""
    from storage.listing import find_articles

    return next(iter(find_articles(store, page.origin)), None) if page.outcome == "article" else None


def show_page(found: PageRecord, *, as_json: bool, text_alone: bool, gave: int | None = None) -> None:
    """Print what is known of a page; ``gave`` is its article."""
    if text_alone and gave is not None:
        raise CommandError(f"page p{found.id} gave article {gave}", hint=f"taosha show {gave} --text")
    if text_alone:
        raise CommandError(f"page p{found.id} gave no article: {found.reason or found.outcome}")
    if as_json:
        console.print_json(asdict(found))
        return
    fields = asdict(found) | {"id": f"p{found.id}"}
    _print_fields([(name.replace("_", " "), value) for name, value in fields.items()])
    if gave is not None:
        console.say(f"It gave article {gave}: taosha show {gave}")


def _print_fields(rows: list[tuple[str, object]]) -> None:
    for name, value in rows:
        if value not in (None, [], ""):
            shown = "、".join(map(str, value)) if isinstance(value, list) else str(value)
            line(f"{name}: ", shown.replace("\n", " "), style="cyan")


def line(head: str, text: str = "", *, style: str = "") -> None:
    """Print one line: never wrapped or cut, without terminal commands, in colour on a terminal only."""
    from rich.text import Text

    console.out().print(Text.assemble((console.safe(head), style), console.safe(text)))


def many(count: int, noun: str) -> str:
    """Give a count with its noun: `1 block`, `2 blocks`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
