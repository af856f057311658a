"""Where a key stands in a TOML text, for error messages."""

from __future__ import annotations

import re

__all__ = ["line_of"]

_TABLE = re.compile(r"\s*\[+\s*([^\]]+?)\s*\]+\s*(?:#.*)?")
_KEY = re.compile(r"""\s*["']?([^"'=\s]+)["']?\s*=""")


def line_of(text: str, key: str) -> int | None:
    """The line (from 1) on which ``key`` (``title``, ``pace.delay``) or its table starts, if found.

    A scan of the lines, not a parser: good enough to send a person to the right place.
    """
    table, _, leaf = key.rpartition(".")
    current = ""
    fallback = None
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _TABLE.fullmatch(line):
            current = header[1].strip()
            if current == key:
                return number
            if current == table:
                fallback = number
        elif (found := _KEY.match(line)) and (
            (current == table and found[1] == leaf) or (not current and found[1] == key)
        ):
            return number
    return fallback
