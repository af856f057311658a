from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import Store
from tests.storage.build import new_store


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[Store, int]]:
    """A fresh store and the number of a run."""
    store, run = new_store(tmp_path)
    with store:
        yield store, run
