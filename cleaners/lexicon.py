"""Lexicons of the judges: patterns in TOML beside the code, compiled once."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["patterns", "table"]


@cache
def table(name: str) -> dict[str, Any]:
    """The lexicon ``judge_<name>.toml``."""
    return tomllib.loads((files("cleaners") / "data" / f"judge_{name}.toml").read_text("utf-8"))


@cache
def patterns(name: str, key: str) -> re.Pattern[str]:
    """The regular expressions under ``key`` (dotted for inner tables) as one; for folded text."""
    entries: Any = table(name)
    for part in key.split("."):
        entries = entries[part]
    return re.compile("|".join(f"(?:{p})" for p in entries))
