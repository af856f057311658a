"""Imports that leave something open behind them."""

from __future__ import annotations

import gc
import warnings
from typing import Any

import pytest

__all__ = ["import_datasette"]


def import_datasette() -> Any:
    """Import Datasette, or skip: it forgets a connection while it is imported, of which Python 3.13 warns."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        found = pytest.importorskip("datasette.app", reason="Datasette is an extra")
        gc.collect()
    return found
