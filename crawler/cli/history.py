"""`history` and `diff`: what an article was before, and what changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli import console
from crawler.cli.exits import CommandError
from crawler.cli.inspect_article import Reference, find_stored, given
from crawler.cli.options import DEFAULT_STORE, JsonOption, StoreOption

if TYPE_CHECKING:
    from storage import Store
    from storage.differences import Chunk, Difference
    from storage.records import RevisionRecord

__all__ = ["difference_object", "draw_difference", "register"]

_DIFF_HELP = """Examples:

taosha diff 12 (the last change)

taosha diff 12 --from 1

taosha diff 12 --from 2 --to 3 --json
"""
_CONTEXT = 40
"""Characters shown of the paragraphs beside a change."""

FromOption = Annotated[
    int | None, typer.Option("--from", metavar="N", min=1, help="The earlier revision; else the one before.")
]
ToOption = Annotated[
    int | None, typer.Option("--to", metavar="M", min=1, help="The later revision; else the last one.")
]


def register(app: typer.Typer) -> None:
    """Hang the commands of this module into `app`."""
    app.command("history")(history)
    app.command("diff", epilog=_DIFF_HELP)(diff)


def history(reference: Reference, store: StoreOption = DEFAULT_STORE, as_json: JsonOption = False) -> None:
    """List the revisions of an article: when each was made, by what, and what changed."""
    from storage import open_store
    from storage.history import revisions

    with open_store(store, read_only=True) as opened:
        found = revisions(opened, _article_id(opened, reference))
    if as_json:
        console.print_json([asdict(revision) for revision in found])
        return
    console.print_table(
        (">revision", "made at (UTC)", "cause", ">run", "cleaner", ">chars", "changed"),
        [
            (r.number, r.made_at[:19], r.cause, r.run_id, r.fingerprint, r.chars, ", ".join(r.fields))
            for r in found
        ],
    )


def diff(
    reference: Reference,
    store: StoreOption = DEFAULT_STORE,
    earlier: FromOption = None,
    later: ToOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what changed in an article between two revisions: metadata by field, text by paragraph."""
    from storage import open_store
    from storage.differences import difference
    from storage.history import revisions, states

    with open_store(store, read_only=True) as opened:
        number = _article_id(opened, reference)
        made = {revision.number: revision for revision in revisions(opened, number)}
        kept = states(opened, number)
    last = max(kept) if later is None else later
    first = last - 1 if earlier is None else earlier
    if len(kept) == 1 and earlier is None and later is None:
        _say_unchanged(number, made[last], as_json=as_json)
        return
    for wanted in (last, first):
        if wanted not in kept:
            numbers = ", ".join(map(str, kept))
            raise CommandError(f"article {number} has no revision {wanted}, only: {numbers}")
    found = difference(kept[first], kept[last])
    if as_json:
        ends = {"from": asdict(made[first]), "to": asdict(made[last])}
        console.print_json({"id": number} | ends | difference_object(found))
        return
    _line(f"{number}  {kept[last]['title'] or ''}", style="bold")
    for revision in (made[first], made[last]):
        _line(f"revision {revision.number}: ", _told(revision), style="cyan")
    draw_difference(found)


def _say_unchanged(number: int, only: RevisionRecord, *, as_json: bool) -> None:
    if as_json:
        console.print_json({"id": number, "from": None, "to": asdict(only), "fields": {}, "texts": {}})
    console.say(f"article {number} has not changed since it was stored: it has one revision")


def _article_id(store: Store, reference: str) -> int:
    from storage.records import PageRecord

    found = find_stored(store, reference)
    if not isinstance(found, PageRecord):
        return found.id
    gave = given(store, found)
    if gave is None:
        raise CommandError(f"page p{found.id} gave no article, so it has no history")
    return gave


def _told(revision: RevisionRecord) -> str:
    return (
        f"{revision.made_at[:19].replace('T', ' ')}, {revision.cause}, run {revision.run_id}, "
        f"cleaner {revision.fingerprint}, {revision.chars:,} characters"
    )


def difference_object(found: Difference) -> dict[str, Any]:
    """Give a difference as plain values: fields as [before, after], texts as chunks."""
    return {
        "fields": {name: list(pair) for name, pair in found.fields.items()},
        "texts": {
            name: [{"same": c.same, "before": list(c.before), "after": list(c.after)} for c in parts]
            for name, parts in found.texts.items()
        },
    }


def draw_difference(found: Difference) -> None:
    """Print a difference: `-` what was, `+` what is; on a terminal the characters that differ stand out."""
    if not found:
        _line("no difference")
    for name, (before, after) in found.fields.items():
        _line(f"{name.replace('_', ' ')}:", style="cyan")
        _draw_change(_shown(before), _shown(after))
    # The text in the page's own script says nothing new where the text itself differs.
    for name in list(found.texts)[:1]:
        _line(f"{name.replace('_', ' ')}:", style="cyan")
        for chunk in found.texts[name]:
            _draw_chunk(chunk)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(str(v.get("url")) if isinstance(v, dict) else str(v) for v in value)
    return "" if value is None else str(value)


def _draw_chunk(chunk: Chunk) -> None:
    if chunk.same:
        _draw_context(chunk.before)
        return
    pairs = min(len(chunk.before), len(chunk.after))
    for before, after in zip(chunk.before, chunk.after, strict=False):
        _draw_change(before, after)
    for text in chunk.before[pairs:]:
        _draw_change(text, "")
    for text in chunk.after[pairs:]:
        _draw_change("", text)


def _draw_context(paragraphs: tuple[str, ...]) -> None:
    shown = paragraphs if len(paragraphs) <= 2 else (paragraphs[0], None, paragraphs[-1])
    for text in shown:
        if text is None:
            _line(f"  ({len(paragraphs) - 2:,} paragraphs are the same)", style="dim")
        else:
            _line("  " + (text if len(text) <= _CONTEXT else text[:_CONTEXT] + "…"), style="dim")


def _draw_change(before: str, after: str) -> None:
    old, new = _marked(before, after)
    for sign, whole, parts, style in (("-", before, old, "red"), ("+", after, new, "green")):
        if whole:
            _draw_parts(f"{sign} ", parts, style)


def _draw_parts(head: str, parts: list[tuple[str, bool]], style: str) -> None:
    from rich.text import Text

    line = Text(head, style=style)
    for text, differs in parts:
        line.append(
            console.safe(text).replace("\n", " "), style=f"bold reverse {style}" if differs else style
        )
    console.out().print(line)


def _marked(before: str, after: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Cut two versions of a text into (part, differs)."""
    from cleaners.edits import diff as changes

    old: list[tuple[str, bool]] = []
    new: list[tuple[str, bool]] = []
    at = done = 0  # in `before` and in `after`
    for note in changes(before, after, "", ""):
        same = after[done : note.where]
        old += [(same, False), (note.before, True)]
        new += [(same, False), (note.after, True)]
        at += len(same) + len(note.before)
        done = note.where + len(note.after)
    return list(_joined([*old, (before[at:], False)])), list(_joined([*new, (after[done:], False)]))


def _joined(parts: list[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    return ((text, differs) for text, differs in parts if text)


def _line(head: str, text: str = "", *, style: str = "") -> None:
    from rich.text import Text

    console.out().print(Text.assemble((console.safe(head), style), console.safe(text)))
