"""Where a key stands in a TOML text, for error messages."""

from __future__ import annotations

import re

__all__ = ["line_of"]

_TABLE = re.compile(r"\s*\[+\s*([^\]]+?)\s*\]+\s*(?:#.*)?")
_KEY = re.compile(r"""\s*["']?([^"'=\s]+)["']?\s*=""")


def line_of(text: str, key: str, table_number: int = 0) -> int | None:
    """The line (from 1) on which ``key`` (``title``, ``pace.delay``) or its table starts, if found.

    ``table_number`` says which of several tables of one name (``[[layout]]``) is meant, from 0.
    A scan of the lines, not a parser: good enough to send a person to the right place.
    """
    table, _, leaf = key.rpartition(".")
    current = ""
    fallback = None
    seen = -1
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _TABLE.fullmatch(line):
            current = header[1].strip()
            seen += current in (key, table)
            if current == key and seen == table_number:
                return number
            if current == table and seen == table_number:
                fallback = number
        elif found := _KEY.match(line):
            inside = current == table and found[1] == leaf and seen in (table_number, -1)
            if inside or (not current and found[1] == key):
                return number
    return fallback
