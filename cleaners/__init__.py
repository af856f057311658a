"""Bytes and text in, clean text out: pure functions without I/O, clock or logging.

The public names are loaded when first used, so that a program that only repairs text does
not pay for the HTML parsers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from cleaners.model import Article, Decoded, Note, Page, Reason, Rejected, Repaired, Rules

if TYPE_CHECKING:
    from cleaners.decoding import decode
    from cleaners.pipeline import clean
    from cleaners.text import normalize, repair

__all__ = [
    "Article",
    "Decoded",
    "Note",
    "Page",
    "Reason",
    "Rejected",
    "Repaired",
    "Rules",
    "clean",
    "decode",
    "normalize",
    "repair",
]

_HOME = {
    "clean": "cleaners.pipeline",
    "decode": "cleaners.decoding",
    "normalize": "cleaners.text",
    "repair": "cleaners.text",
}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(import_module(_HOME[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
