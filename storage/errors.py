"""What can go wrong with a store, as types: the command line maps each to an exit code."""

# ruff: noqa: N818  # the names say what is the matter; "Error" would add nothing

from __future__ import annotations

__all__ = [
    "BodyMissing",
    "FilterInvalid",
    "NotAStore",
    "QuerySyntaxError",
    "StoreDamaged",
    "StoreError",
    "StoreFull",
    "StoreLocked",
    "StoreMissing",
    "StoreOutdated",
    "StoreTooNew",
    "StoreUnusable",
    "StoreUrlInvalid",
    "TargetTaken",
]


class StoreError(Exception):
    """Base of all faults of a store; the text of each is one sentence for a person."""


class StoreUrlInvalid(StoreError):
    """The store URL names no SQLite file."""


class StoreMissing(StoreError):
    """There is no store at this place, and the caller asked not to create one."""


class NotAStore(StoreError):
    """The file is no SQLite database, or belongs to another program: it was not touched."""


class StoreTooNew(StoreError):
    """The store was written by a newer version of this program."""


class StoreOutdated(StoreError):
    """The store has an older schema and was opened read-only, so it could not be upgraded."""


class StoreLocked(StoreError):
    """Another process held the write lock for longer than the time limit."""


class StoreFull(StoreError):
    """The disk (or a quota) has no room; the transaction was rolled back."""


class StoreDamaged(StoreError):
    """SQLite found the file malformed."""


class BodyMissing(StoreError):
    """The bytes of a raw page are not there: they were dropped, or their file is missing."""


class StoreUnusable(StoreError):
    """The file can not be opened, read or written (permissions, a folder, an I/O error)."""


class TargetTaken(StoreUnusable):
    """What a copy or an export would write is there already; it was not touched."""


class QuerySyntaxError(ValueError):
    """What was asked can not be understood; ``position`` counts the characters of a query from 0."""

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message if position is None else f"{message} (at character {position + 1})")
        self.position = position


class FilterInvalid(QuerySyntaxError):
    """A filter of a list, a search or an export is not written as it must be."""
