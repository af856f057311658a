from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage import Store, open_store
from tests.storage.build import new_store
from tests.storage.servers import Server, binaries, running_server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server, one for all tests of the session."""
    place = binaries()
    if place is None:
        pytest.skip("no PostgreSQL on this machine (Debian: apt install postgresql)")
    with running_server(place) as running:
        yield running


@contextmanager
def _on_server(server: Server) -> Iterator[tuple[Store, int]]:
    with open_store(server.store()) as store:
        yield store, store.start_run("clean", ["files"], {"taosha": "0"})


@pytest.fixture(params=["sqlite", "postgresql"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Store, int]]:
    """A fresh store and the number of a run, on each of the databases."""
    if request.param == "postgresql":
        with _on_server(request.getfixturevalue("server")) as made:
            yield made
        return
    store, run = new_store(tmp_path)
    with store:
        yield store, run


@pytest.fixture
def opened_file(tmp_path: Path) -> Iterator[tuple[Store, int]]:
    """A fresh store in a file and the number of a run: for what only files have."""
    store, run = new_store(tmp_path)
    with store:
        yield store, run


@pytest.fixture
def opened_server(server: Server) -> Iterator[tuple[Store, int]]:
    """A fresh store on a server and the number of a run: for what only servers have."""
    with _on_server(server) as made:
        yield made
