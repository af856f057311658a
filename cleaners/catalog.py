"""The catalogue of rules: what the names in notes mean."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

__all__ = ["meaning", "rules"]


@cache
def rules() -> Mapping[str, str]:
    """One sentence for each rule, by its name without version (``echo.title``), in the order of the file."""
    raw = tomllib.loads((files("cleaners") / "data" / "rules.toml").read_text(encoding="utf-8"))
    return {f"{family}.{name}": text for family, names in raw.items() for name, text in names.items()}


def meaning(rule: str) -> str | None:
    """The sentence for a rule as it stands in a note (``echo.title@1``); ``None`` if it is not ours.

    >>> meaning("echo.title@1")
    'Repeats the title.'
    """
    return rules().get(rule.partition("@")[0])
