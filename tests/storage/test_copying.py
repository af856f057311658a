"""Copies of whole stores between the databases: every row, searchable, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import storage.copying
from cleaners.model import Reason, Rejected
from storage import Failure, Store, open_store
from storage.copying import copy_store
from storage.errors import StoreDamaged, StoreUnusable
from storage.frontier import ARTICLES_FROM, Frontier
from storage.health import check
from storage.history import states
from storage.models import Base
from storage.raw_pages import load_page
from storage.search import search
from storage.visits import Found
from tests.storage.build import article, noted_article, put
from tests.storage.servers import Server

Opened = tuple[Store, int]


@pytest.fixture
def filled(opened: Opened) -> Store:
    """A store with rows in most of its tables."""
    store, run = opened
    put(store, run, noted_article(), "https://a.example/1", b"one" * 900)
    put(store, run, article("互联网，改过的。"), "https://a.example/1", b"two" * 900)
    put(store, run, article("别的一段。"), "https://a.example/2", b"one" * 900 + b"three")
    put(store, run, Rejected("u", Reason.EMPTY, "nothing", "c"), "https://a.example/3")
    store.add_failures([Failure("site", "https://a.example/4", "timeout", "late")], run)
    Frontier(store, "site", run).discover(
        [Found("https://a.example/5", "article", ARTICLES_FROM, "a.example")]
    )
    return store


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a new store may be made."""
    if request.param == "sqlite":
        yield str(tmp_path / "copy.db")
        return
    server: Server = request.getfixturevalue("server")
    with server.database() as url:
        yield url


def rows(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    with store.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(table.c.id))]
            for table in Base.metadata.sorted_tables
        }


def test_every_row_is_copied_and_the_copy_goes_on(filled: Store, target: str) -> None:
    told: list[tuple[str, int, int]] = []
    counts = copy_store(filled, target, lambda *step: told.append(step))
    assert all(done == total for table, done, total in told)
    with open_store(target) as copy:
        assert rows(copy) == rows(filled)
        assert counts == {name: len(found) for name, found in rows(copy).items()}
        assert [found for found in check(copy) if not found.ok] == []
        assert [hit.article_id for hit in search(copy, "互联")] == [1]
        assert list(states(copy, 1)) == [1, 2]
        assert [load_page(copy, n).body for n in (1, 2, 3)] == [load_page(filled, n).body for n in (1, 2, 3)]
        saved = put(copy, copy.start_run("clean", [], {}), article("新。"), "https://a.example/9", b"nine")
        assert saved.kind == "new"
        assert (
            saved.article_id
            == rows(copy)["articles"][-1][0]
            > max(row[0] for row in rows(filled)["articles"])
        )


def test_what_is_there_is_not_touched(filled: Store, target: str) -> None:
    with open_store(target) as other:
        put(other, other.start_run("clean", [], {}), article(), "o:1")
        before = rows(other)
    with pytest.raises(StoreUnusable, match=r"exists already|not empty"):
        copy_store(filled, target)
    with open_store(target, read_only=True) as other:
        assert rows(other) == before


def spoil(monkeypatch: pytest.MonkeyPatch) -> None:
    whole: Callable[..., None] = storage.copying._insert

    def insert_less(connection: Any, table: Any, rows: list[Any]) -> None:
        whole(connection, table, rows[:-1] if table.name == "blocks" else rows)

    monkeypatch.setattr("storage.copying._insert", insert_less)


def test_a_copy_that_fails_leaves_nothing(
    filled: Store, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(monkeypatch)
    with pytest.raises(StoreDamaged, match="rows in blocks"):
        copy_store(filled, target)
    assert not [p for p in tmp_path.iterdir() if "copy" in p.name]
    monkeypatch.undo()
    copy_store(filled, target)
