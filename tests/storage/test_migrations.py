"""Migrations: a store of every earlier schema, with data in it, becomes one of today; a copy is kept."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard
from sqlalchemy import insert, text

from storage import Store, open_store
from storage.articles import article, edits, removed
from storage.engine import engine_for
from storage.health import check as health
from storage.history import revisions, states
from storage.migrate import upgrade
from storage.postgres import server_engine
from storage.raw_pages import load_page
from storage.schema import SCHEMA_VERSION
from storage.search import search
from storage.words import WORDS, word_row
from tests.storage.build import article as new_article
from tests.storage.build import put

AT = "2025-01-19T06:30:50.000Z"
DATA: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parents[2] / "fixtures/cases/schema-1.json").read_text(encoding="utf-8")
)
"""Rows of the first schema, by table, in an order that foreign keys allow."""


def old_store(place: Path | str, version: int) -> None:
    """Make a store of the first schema with data in every table, and bring it to ``version``."""
    if isinstance(place, Path):
        engine = engine_for(place, "rwc", read_only=False)
    else:
        engine = server_engine(place, read_only=False)
    with engine.begin() as connection:
        upgrade(connection, 1)
        for table, rows in DATA.items():
            for row in rows:
                values = {k: bytes.fromhex(v) if k == "data" else v for k, v in row.items()}
                marks = ", ".join(f":{name}" for name in values)
                names = ", ".join(f'"{name}"' for name in values)
                connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)
        if engine.dialect.name == "postgresql":
            words = [word_row(row["id"], row["title"], row["text"]) for row in DATA["articles"]]
            connection.execute(insert(WORDS), words)
            for table in DATA:
                connection.exec_driver_sql(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
    with engine.begin() as connection:
        upgrade(connection, version)
    engine.dispose()


def bodies() -> list[bytes]:
    """The raw bodies of the pages, as the first schema kept them."""
    stored = {row["id"]: row for row in DATA["bodies"]}
    found = []
    for page in DATA["pages"]:
        body = stored[page["body_id"]]
        data = bytes.fromhex(body["data"])
        found.append(data if body["codec"] == "raw" else zstandard.ZstdDecompressor().decompress(data))
    return found


def check(store: Store) -> None:
    found = article(store, 1)
    assert found is not None
    assert (found.fields["title"], found.fields["text"]) == ("互联网", "互联网，很好\n第二段。")
    assert [
        (e.position, e.block, e.rule, e.offset, e.before, e.after, e.uncertain) for e in edits(store, 1)
    ] == [
        (0, None, "markup.slip@1", 40, "?/p>", "</p>", False),
        (1, 1, "annotations.pinyin@1", 2, "(lián)", "", False),
        (2, 1, "annotations.pinyin@1", 3, "(wǎng)", "", False),
        (3, 3, "punctuation.widen@1", 3, ".", "。", False),
        (4, 1, "punctuation.widen@1", 3, ",", "，", False),
        (5, 1, "punctuation.widen@1", 5, ",", "，", True),
    ]
    assert [(r.position, r.rule) for r in removed(store, 1)] == [(0, "extract.outside@1")]
    assert [hit.article_id for hit in search(store, "联网")] == [1]
    assert [(r.number, r.cause) for r in revisions(store, 1)] == [(3, "unknown")]
    assert [load_page(store, row["id"]).body for row in DATA["pages"]] == bodies()
    assert [found for found in health(store) if not found.ok] == []
    if store.file is None:
        return
    with store.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        assert connection.exec_driver_sql("PRAGMA user_version").scalar_one() == SCHEMA_VERSION


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    """Where a store may be made, on each of the databases."""
    if request.param == "sqlite":
        yield tmp_path / "old.db"
        return
    with request.getfixturevalue("server").database() as url:
        yield url


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_an_older_store_is_upgraded_with_its_data(place: Path | str, version: int) -> None:
    old_store(place, version)
    with open_store(place) as store:
        check(store)
        run = store.start_run("clean", [], {})
        put(store, run, new_article("新的一段。"), "https://example.org/1", b"other")
        assert list(states(store, 1)) == [3, 4]
        assert [(r.number, r.cause) for r in revisions(store, 1)] == [(3, "unknown"), (4, "source")]


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_the_upgrade_leaves_a_copy_of_the_old_store(tmp_path: Path, version: int) -> None:
    old_store(tmp_path / "old.db", version)
    open_store(tmp_path / "old.db").close()
    open_store(tmp_path / "old.db").close()
    copies = tmp_path.glob(f"old-schema{version}-*.db")
    (copy,) = [path for path in copies if not path.name.endswith(".bodies.db")]
    connection = sqlite3.connect(copy)
    assert connection.execute("PRAGMA user_version").fetchone() == (version,)
    assert connection.execute("SELECT count(*) FROM edits").fetchone()[0] > 0
    connection.close()


def test_an_upgrade_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(connection: Any) -> None:
        upgrade(connection)
        raise RuntimeError("stopped in the middle")

    old_store(tmp_path / "old.db", 1)
    monkeypatch.setattr("storage.opening.upgrade", fail)
    with pytest.raises(RuntimeError):
        open_store(tmp_path / "old.db")
    monkeypatch.undo()
    with open_store(tmp_path / "old.db") as store:
        check(store)


def test_the_data_fills_every_table(tmp_path: Path) -> None:
    assert all(DATA.values())
    old_store(tmp_path / "old.db", 1)
    connection = sqlite3.connect(tmp_path / "old.db")
    tables = {
        row[0]
        for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if not row[0].startswith(("articles_fts", "sqlite_", "alembic"))
    }
    connection.close()
    assert tables == set(DATA)
