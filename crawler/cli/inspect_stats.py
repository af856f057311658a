"""How `stats` shows its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from crawler.cli import console

if TYPE_CHECKING:
    from storage.records import Stats

__all__ = ["print_stats"]

_TOP = 20
"""How many rules are shown; --json has all."""

_OUTCOMES = ("article", "rejected", "pending", "failed")
_UNITS = ("B", "KB", "MB", "GB", "TB")


def print_stats(found: Stats, *, as_json: bool) -> None:
    """Print the statistics as tables, or as one JSON object."""
    if as_json:
        console.print_json(_object(found))
        return
    for title, columns, rows in _tables(found):
        if console.out().is_terminal:
            console.print_table(columns, rows, title=title)
        else:
            console.print_text(f"# {title}: {', '.join(name.removeprefix('>') for name in columns)}")
            console.print_table(columns, rows)


def _object(found: Stats) -> dict[str, object]:
    return asdict(found) | {
        "outcomes": [dict(zip(("source", "outcome", "pages"), row, strict=True)) for row in found.outcomes],
        "reasons": dict(found.reasons),
        "removing_rules": [
            dict(zip(("rule", "blocks", "articles", "chars"), row, strict=True))
            for row in found.removing_rules
        ],
        "changing_rules": [
            dict(zip(("rule", "changes", "articles"), row, strict=True)) for row in found.changing_rules
        ],
    }


def _tables(found: Stats) -> Iterator[tuple[str, Sequence[str], Sequence[Sequence[object]]]]:
    counted = {(source, outcome): count for source, outcome, count in found.outcomes}
    sources = sorted({source for source, _, _ in found.outcomes})
    rows = [(source, *(counted.get((source, outcome), 0) for outcome in _OUTCOMES)) for source in sources]
    yield "Pages by source and outcome", ("source", *(f">{outcome}" for outcome in _OUTCOMES)), rows
    if found.reasons:
        yield "Pages without an article, by reason", ("reason", ">pages"), found.reasons
    if found.removing_rules:
        columns = ("rule", ">blocks", ">articles", ">chars")
        yield "Rules that removed most", columns, found.removing_rules[:_TOP]
    if found.changing_rules:
        yield "Rules that changed most", ("rule", ">changes", ">articles"), found.changing_rules[:_TOP]
    totals = [(name.replace("_", " "), f"{count:,}") for name, count in found.totals.items()]
    sizes = found.sizes
    yield "Totals", ("what", ">count"), totals
    yield (
        "Sizes",
        ("what", ">size"),
        [
            ("store file", _bytes(sizes["store_bytes"])),
            ("file of the raw pages", _bytes(sizes["bodies_bytes"])),
            ("raw pages", _bytes(sizes["raw_bytes"])),
            ("raw pages, packed", _bytes(sizes["packed_bytes"])),
            ("article text", f"{sizes['article_chars']:,} characters"),
        ],
    )


def _bytes(size: float) -> str:
    for unit in _UNITS[:-1]:
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} {_UNITS[-1]}"
