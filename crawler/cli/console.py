"""What the commands print: data to stdout, everything else to stderr.

Text from pages is hostile: everything printed to a terminal goes through :func:`safe`, and
none of it is read as Rich markup.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["err", "out", "print_json", "print_table", "print_text", "safe", "say", "table"]

_MOMENT = "(UTC)"
"""Ends the names of columns with times."""

_CONTROLS = {
    code: None
    for code in (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
    if chr(code) not in "\t\n"
}
"""Terminal escapes and the marks that reorder text on the screen."""


_JSON_CONTROLS = {code: f"\\u{code:04x}" for code in (*_CONTROLS, *range(0xD800, 0xE000)) if code >= 0x7F}
"""JSON escapes only the lower ones by itself; lone surrogates (bytes of file names) are no UTF-8."""


def safe(text: str) -> str:
    """`text` without the characters that command a terminal."""
    return text.translate(_CONTROLS)


@cache
def err() -> Console:
    """The console for messages, progress and summaries (stderr)."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)


@cache
def out() -> Console:
    """The console for data (stdout)."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False, soft_wrap=True)


def say(message: str, style: str | None = None) -> None:
    """One message to the person, on stderr."""
    err().print(safe(message), style=style)


def print_text(text: str) -> None:
    """Text of an article to stdout: as it is into a pipe, without terminal commands on a screen."""
    sys.stdout.write((safe(text) if sys.stdout.isatty() else text) + "\n")


def print_json(value: Any) -> None:
    """One JSON value on one line of stdout, Chinese as characters; dates in ISO 8601."""
    narrow = (sys.stdout.encoding or "utf-8").lower().replace("-", "") != "utf8"
    text = json.dumps(value, ensure_ascii=narrow, default=_plain)
    sys.stdout.write(text.translate(_JSON_CONTROLS) + "\n")


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    return str(value)


def table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None, to: Console
) -> None:
    """Draw a table on the console `to`; columns whose name starts with `>` are set to the right.

    What does not fit goes on below: an address or a title that is cut is of no use. Numbers and times stay
    in one line.
    """
    from rich.table import Table
    from rich.text import Text

    drawn = Table(title=title, title_justify="left")
    for name in columns:
        number = name.startswith(">")
        drawn.add_column(
            name.removeprefix(">"),
            justify="right" if number else "left",
            overflow="fold",
            no_wrap=number or name.endswith(_MOMENT),
        )
    for row in rows:
        drawn.add_row(*(Text(_cell(value)) for value in row))
    to.print(drawn)


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None
) -> None:
    """A table as data on stdout: drawn on a terminal, one tab-separated line a row in a pipe."""
    if out().is_terminal:
        table(columns, rows, title=title, to=out())
        return
    for row in rows:
        sys.stdout.write("\t".join(_cell(v).replace("\t", " ").replace("\n", " ") for v in row) + "\n")


def _cell(value: object) -> str:
    return "" if value is None else safe(str(value))
