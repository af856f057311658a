"""`show` and `why`: one article, and every change that led to it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli import console
from crawler.cli.exits import CommandError
from crawler.cli.options import DEFAULT_STORE, JsonOption, StoreOption
from storage.records import ArticleRecord, EditRecord, FlagRecord, PageRecord, RemovedRecord

if TYPE_CHECKING:
    from storage import Store

__all__ = ["Reference", "find_stored", "register"]

_SHOW_HELP = """Examples:

taosha show 12

taosha show https://example.com/news/1.html

taosha show 12 --text > article.txt

taosha show p7 (a page that gave no article, as `taosha list --outcome rejected` names it)
"""
_WHY_HELP = """Examples:

taosha why 12

taosha why 12 --rule annotations.pinyin --all
"""
_FEW = 5
"""How many texts or changes of a rule are shown without --all."""

_LONG = 60
"""Changes longer than this are cut without --all."""

Reference = Annotated[
    str, typer.Argument(metavar="ID", help="Number, URL or origin of the article; or the end of its path.")
]
TextOption = Annotated[bool, typer.Option("--text", help="Print the clean text alone.")]
OriginalOption = Annotated[
    bool, typer.Option("--source-text", help="Print the repaired text in the page's own script alone.")
]
RawOption = Annotated[bool, typer.Option("--raw", help="Print the page as it came, byte for byte.")]
RuleOption = Annotated[
    str | None, typer.Option("--rule", metavar="RULE", help="Only this rule, with or without its version.")
]
AllOption = Annotated[bool, typer.Option("--all", help="Everything each rule did, not only the first few.")]


def register(app: typer.Typer) -> None:
    """Hang the commands of this module into `app`."""
    app.command("show", epilog=_SHOW_HELP)(show)
    app.command("why", epilog=_WHY_HELP)(why)


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
    if isinstance(found, PageRecord):
        _show_page(found, as_json=as_json, text_alone=text or source_text)
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
    rows.append(("removed", f"{_many(found.fields['removed_count'], 'block')} (see: taosha why {found.id})"))
    rows.append(("changes", found.fields["notes_count"]))
    _print_fields(rows)
    console.print_text("")
    console.print_text(found.fields["text"])


def _show_page(found: PageRecord, *, as_json: bool, text_alone: bool) -> None:
    if text_alone:
        raise CommandError(f"page p{found.id} gave no article: {found.reason or found.outcome}")
    if as_json:
        console.print_json(asdict(found))
        return
    fields = asdict(found) | {"id": f"p{found.id}"}
    _print_fields([(name.replace("_", " "), value) for name, value in fields.items()])
    if found.outcome == "article":
        console.say("The article of this origin is listed under another number, see `taosha list`.")


def _print_fields(rows: list[tuple[str, object]]) -> None:
    for name, value in rows:
        if value not in (None, [], ""):
            shown = "、".join(map(str, value)) if isinstance(value, list) else str(value)
            _line(f"{name}: ", shown.replace("\n", " "), style="cyan")


def _line(head: str, text: str = "", *, style: str = "") -> None:
    """Print one line: never wrapped or cut, without terminal commands, in colour on a terminal only."""
    from rich.text import Text

    console.out().print(Text.assemble((console.safe(head), style), console.safe(text)))


def why(
    reference: Reference,
    store: StoreOption = DEFAULT_STORE,
    rule: RuleOption = None,
    everything: AllOption = False,
    as_json: JsonOption = False,
) -> None:
    """Tell what was removed from a page and what was changed in its text: by which rule, how often."""
    from storage import open_store
    from storage.articles import edits, flags, removed
    from storage.disabled import disabled_by_source

    with open_store(store, read_only=True) as opened:
        found = find_stored(opened, reference)
        if isinstance(found, PageRecord):
            _show_page(found, as_json=as_json, text_alone=False)
            return
        dropped, changed = removed(opened, found.id, rule), edits(opened, found.id, rule)
        noticed = flags(opened, found.id, rule)
        off = sorted(disabled_by_source(opened).get(found.crawl_source, ()))
    if rule is not None and not (dropped or changed or noticed):
        raise CommandError(f"rule {rule!r} did nothing to article {found.id}", hint=f"taosha why {found.id}")
    if as_json:
        head = {"id": found.id, "title": found.fields["title"], "origin": found.fields["origin"]}
        console.print_json(
            head
            | {"removed": [asdict(r) for r in dropped], "edits": [asdict(e) for e in changed]}
            | {"flags": [asdict(f) for f in noticed]}
            | {"disabled_rules": off}
        )
        return
    _line(f"{found.id}  {found.fields['title'] or found.fields['origin']}", style="bold")
    if off:
        _line(f"Disabled for {found.crawl_source}: ", ", ".join(off), style="cyan")
    _print_removed(dropped, everything=everything)
    _print_changed(changed, everything=everything)
    _print_noticed(noticed)


def _print_noticed(noticed: list[FlagRecord]) -> None:
    if noticed:
        _line(f"\nNoticed: {_many(len(noticed), 'thing')}", style="bold magenta")
    for flag in noticed:
        _line(f"  {flag.rule}", f"  at character {flag.start}: {flag.evidence or ''}", style="magenta")
        _explain(flag.rule)


def _print_removed(dropped: list[RemovedRecord], *, everything: bool) -> None:
    chars = sum(len(block.text) for block in dropped)
    _line(f"\nRemoved: {_many(len(dropped), 'block')}, {_many(chars, 'character')}", style="bold red")
    by_rule: dict[tuple[str, str], list[RemovedRecord]] = {}
    for block in dropped:
        by_rule.setdefault((block.rule, block.step), []).append(block)
    for (name, step), blocks in by_rule.items():
        size = sum(len(block.text) for block in blocks)
        _line(
            f"  {name}", f"  ({step})  {_many(len(blocks), 'block')}, {_many(size, 'character')}", style="red"
        )
        _explain(name)
        for block in blocks if everything else blocks[:_FEW]:
            doubt = "(not sure) " if block.uncertain else ""
            why = f"  ({block.evidence})" if block.evidence else ""
            _line(f"    {block.position:>4}  ", doubt + block.text.replace("\n", " ") + why)
        _more(len(blocks), everything=everything)


def _print_changed(changed: list[EditRecord], *, everything: bool) -> None:
    _line(f"\nChanged: {_many(len(changed), 'place')}", style="bold yellow")
    shown = _visible if everything else _short
    by_rule: dict[tuple[str, str], list[EditRecord]] = {}
    for edit in changed:
        by_rule.setdefault((edit.rule, edit.step), []).append(edit)
    for (name, step), made in by_rule.items():
        _line(f"  {name}", f"  ({step})  {_many(len(made), 'place')}", style="yellow")
        _explain(name)
        alike: dict[tuple[str, str, bool], list[EditRecord]] = {}
        for edit in made:
            alike.setdefault((edit.before, edit.after, edit.uncertain), []).append(edit)
        groups = list(alike.items())
        for (before, after, uncertain), same in groups if everything else groups[:_FEW]:
            doubt = "  (not sure)" if uncertain else ""
            times = f"  x {len(same)}" if len(same) > 1 else ""
            where = "  in blocks " + ", ".join(_blocks(same)) if everything else ""
            _line("    ", f"{shown(before)} -> {shown(after)}{times}{doubt}{where}")
        _more(len(groups), everything=everything)


def _explain(rule: str) -> None:
    """Say what a rule does; a store may hold rules that this version does not know."""
    from cleaners.catalog import meaning

    if text := meaning(rule):
        _line(f"    {text}", style="dim")


def _blocks(made: list[EditRecord]) -> Iterator[str]:
    for block in dict.fromkeys(edit.block for edit in made):
        yield "page" if block is None else str(block)


def _more(count: int, *, everything: bool) -> None:
    if count > _FEW and not everything:
        _line(f"          and {count - _FEW} more (--all)", style="dim")


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _short(text: str) -> str:
    if len(text) <= _LONG:
        return _visible(text)
    return f"{_visible(text[: _LONG - 10])[:-1]}…] ({len(text)} characters)"


def _visible(text: str) -> str:
    """Give a text so that what can not be seen can be seen: nothing, spaces, invisible characters."""
    if not text:
        return "(nothing)"
    return "[" + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text) + "]"
