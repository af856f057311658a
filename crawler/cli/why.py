"""`why`: every change that led to an article, by rule or in the order of the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli import console
from crawler.cli.exits import CommandError
from crawler.cli.inspect_article import Reference, find_stored, given, line, many, show_page
from crawler.cli.options import DEFAULT_STORE, JsonOption, StoreOption
from storage.records import EditRecord, FlagRecord, PageRecord, RemovedRecord

if TYPE_CHECKING:
    from rich.text import Text

    from storage import Store
    from storage.inspection.explained import ExplainedBlock

__all__ = ["register"]

_HELP = """Examples:

taosha why 12

taosha why 12 --page

taosha why 12 --rule annotations.pinyin --all
"""
_FEW = 5
"""How many texts or changes of a rule are shown without --all."""

_LONG = 60
"""Changes longer than this are cut without --all."""

RuleOption = Annotated[
    str | None, typer.Option("--rule", metavar="RULE", help="Only this rule, with or without its version.")
]
AllOption = Annotated[bool, typer.Option("--all", help="Everything each rule did, not only the first few.")]
PageOption = Annotated[
    bool,
    typer.Option("--page", help="The whole page in its order: lines removed, changes inside the text."),
]


def register(app: typer.Typer) -> None:
    """Hang the command of this module into `app`."""
    app.command("why", epilog=_HELP)(why)


def why(
    reference: Reference,
    store: StoreOption = DEFAULT_STORE,
    rule: RuleOption = None,
    everything: AllOption = False,
    page: PageOption = False,
    as_json: JsonOption = False,
) -> None:
    """Tell what was removed from a page and what was changed in its text: by which rule, how often."""
    from storage import open_store
    from storage.articles import edits, flags, removed
    from storage.disabled import disabled_by_source

    with open_store(store, read_only=True) as opened:
        found = find_stored(opened, reference)
        if isinstance(found, PageRecord):
            show_page(found, as_json=as_json, text_alone=False, gave=given(opened, found))
            return
        if page:
            _print_page(opened, found.id)
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
    line(f"{found.id}  {found.fields['title'] or found.fields['origin']}", style="bold")
    if off:
        line(f"Disabled for {found.crawl_source}: ", ", ".join(off), style="cyan")
    _print_removed(dropped, everything=everything)
    _print_changed(changed, everything=everything)
    _print_noticed(noticed)


def _print_noticed(noticed: list[FlagRecord]) -> None:
    if noticed:
        line(f"\nNoticed: {many(len(noticed), 'thing')}", style="bold magenta")
    for flag in noticed:
        line(f"  {flag.rule}", f"  at character {flag.start}: {flag.evidence or ''}", style="magenta")
        _explain(flag.rule)


def _print_removed(dropped: list[RemovedRecord], *, everything: bool) -> None:
    chars = sum(len(block.text) for block in dropped)
    line(f"\nRemoved: {many(len(dropped), 'block')}, {many(chars, 'character')}", style="bold red")
    by_rule: dict[tuple[str, str], list[RemovedRecord]] = {}
    for block in dropped:
        by_rule.setdefault((block.rule, block.step), []).append(block)
    for (name, step), blocks in by_rule.items():
        size = sum(len(block.text) for block in blocks)
        line(f"  {name}", f"  ({step})  {many(len(blocks), 'block')}, {many(size, 'character')}", style="red")
        _explain(name)
        for block in blocks if everything else blocks[:_FEW]:
            doubt = "(not sure) " if block.uncertain else ""
            why = f"  ({block.evidence})" if block.evidence else ""
            line(f"    {block.position:>4}  ", doubt + block.text.replace("\n", " ") + why)
        _more(len(blocks), everything=everything)


def _print_changed(changed: list[EditRecord], *, everything: bool) -> None:
    line(f"\nChanged: {many(len(changed), 'place')}", style="bold yellow")
    shown = _visible if everything else _short
    by_rule: dict[tuple[str, str], list[EditRecord]] = {}
    for edit in changed:
        by_rule.setdefault((edit.rule, edit.step), []).append(edit)
    for (name, step), made in by_rule.items():
        line(f"  {name}", f"  ({step})  {many(len(made), 'place')}", style="yellow")
        _explain(name)
        alike: dict[tuple[str, str, bool], list[EditRecord]] = {}
        for edit in made:
            alike.setdefault((edit.before, edit.after, edit.uncertain), []).append(edit)
        groups = list(alike.items())
        for (before, after, uncertain), same in groups if everything else groups[:_FEW]:
            doubt = "  (not sure)" if uncertain else ""
            times = f"  x {len(same)}" if len(same) > 1 else ""
            where = "  in blocks " + ", ".join(_blocks(same)) if everything else ""
            line("    ", f"{shown(before)} -> {shown(after)}{times}{doubt}{where}")
        _more(len(groups), everything=everything)


def _explain(rule: str) -> None:
    """Say what a rule does; a store may hold rules that this version does not know."""
    from cleaners.catalog import meaning

    if text := meaning(rule):
        line(f"    {text}", style="dim")


def _blocks(made: list[EditRecord]) -> Iterator[str]:
    for block in dict.fromkeys(edit.block for edit in made):
        yield "page" if block is None else str(block)


def _more(count: int, *, everything: bool) -> None:
    if count > _FEW and not everything:
        line(f"          and {count - _FEW} more (--all)", style="dim")


def _short(text: str) -> str:
    if len(text) <= _LONG:
        return _visible(text)
    return f"{_visible(text[: _LONG - 10])[:-1]}…] ({len(text)} characters)"


def _visible(text: str) -> str:
    """Give a text so that what can not be seen can be seen: nothing, spaces, invisible characters."""
    if not text:
        return "(nothing)"
    return "[" + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text) + "]"


def _print_page(store: Store, article_id: int) -> None:
    """Print the blocks of the page: one a line, the removed ones with their rule."""
    from storage.inspection.explained import explain

    for block in explain(store, article_id).blocks:
        if block.rule is None and not block.pieces:
            continue
        console.out().print(_removed_line(block) if block.rule else _kept_line(block))


def _removed_line(block: ExplainedBlock) -> Text:
    from rich.text import Text

    doubt = ", not sure" if block.uncertain else ""
    text = console.safe(block.removed).replace("\n", " ")
    mark = "" if console.out().is_terminal else "- "
    return Text.assemble((f"{mark}{text}", "red strike"), (f"  ({block.rule}{doubt})", "dim"))


def _kept_line(block: ExplainedBlock) -> Text:
    """Give the text with its changes inside: in colour on a terminal, else as `[-before-]{+after+}`."""
    from rich.text import Text

    colour = console.out().is_terminal
    line_of = Text("" if colour else "  ")
    for piece in block.pieces:
        before, after = console.safe(piece.before), console.safe(piece.after)
        if not piece.edits:
            line_of.append(after)
            continue
        if before:
            line_of.append(before if colour else f"[-{before}-]", style="red strike")
        if after:
            line_of.append(after if colour else f"{{+{after}+}}", style="green")
    return line_of
