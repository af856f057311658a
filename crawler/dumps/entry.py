"""What a reader of dumps gives: a page, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from cleaners.model import Page

__all__ = ["HTML", "PLAIN", "Item", "Options", "Unread"]

HTML = "text/html"
PLAIN = "text/plain"


@dataclass(frozen=True, slots=True)
class Unread:
    """A file or archive record that could not be read; ``reason`` is a stable word."""

    origin: str
    reason: str
    detail: str


Item = Page | Unread


@dataclass(frozen=True, slots=True)
class Options:
    """How to read. ``encoding`` overrides what pages declare, ``plain`` takes everything for text dumps.

    Of a body, ``limit`` bytes and one more are read: enough to see that it is too large.
    """

    encoding: str | None = None
    plain: bool = False
    limit: int = 10 << 20

    def content_type(self, kind: str, declared: str | None = None) -> str | None:
        """The label to put on a body of this `kind`, given what its record `declared`."""
        if self.plain:
            declared = kind = PLAIN
        if self.encoding:
            return f"{(declared or kind).partition(';')[0].strip()}; charset={self.encoding}"
        return declared or (PLAIN if kind == PLAIN else None)
