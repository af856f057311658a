"""Which cleaner made an article: a digest of everything that its result depends on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version

from cleaners.model import Rules

__all__ = ["fingerprint"]

CLEANER = "18"
"""Raised by hand when code outside the versioned rules changes what comes out."""

_LIBRARIES = ("trafilatura", "lxml", "opencc-python-reimplemented", "ftfy", "charset-normalizer")


def fingerprint(steps: Iterable[str], rules: Rules) -> str:
    """Sixteen hexadecimal digits; equal for equal cleaner, libraries and site rules."""
    parts = [CLEANER, *_libraries(), *steps, repr(_stable(rules))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _stable(rules: Rules) -> list[object]:
    """The values of the rules in an order that does not change; what was learned is told by its use."""
    values = {name: getattr(rules, name) for name in Rules.__slots__ if name != "learned"}
    values["disabled"], values["older"] = sorted(rules.disabled), [_stable(old) for old in rules.older]
    return list(values.values())


@cache
def _libraries() -> tuple[str, ...]:
    return tuple(f"{name} {version(name)}" for name in _LIBRARIES)
