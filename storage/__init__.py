"""The SQLite store: raw pages, clean articles and every change between, searchable and exportable.

Rows of the database stay in here; what goes out are the frozen values of :mod:`storage.records`.
The heavy parts are loaded when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from storage.errors import StoreError
from storage.records import Failure, PageRef, Saved

if TYPE_CHECKING:
    from storage.opening import open_store
    from storage.store import Store

__all__ = ["Failure", "PageRef", "Saved", "Store", "StoreError", "open_store"]

_HOME = {"open_store": "storage.opening", "Store": "storage.store"}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(import_module(_HOME[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
