"""New files come from SQL that was written beforehand: it gives what the migrations give."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Connection, StaticPool, create_engine

from storage import open_store
from storage.engine import engine_for
from storage.grams import grams
from storage.health import check
from storage.snapshot import create, migrated, snapshot

OBJECTS = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY rowid"


def content(connection: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    """Everything in a file: what there is, in the order of its making, the rows of all tables, the marks."""
    found = {"": connection.execute(OBJECTS).fetchall()}
    for kind, name, *_ in found[""]:
        if kind == "table":
            # The index counts how often its options were set: that alone may differ.
            columns = "id, length(block)" if name == "articles_fts_data" else "*"
            found[name] = connection.execute(f"SELECT {columns} FROM {name}").fetchall()
    for pragma in ("application_id", "user_version"):
        found[pragma] = connection.execute(f"PRAGMA {pragma}").fetchall()
    return found


def created() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.create_function("taosha_grams", 1, grams, deterministic=True)
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    with engine.begin() as made:
        create(made)
    return connection


def test_a_new_file_is_what_the_migrations_make() -> None:
    ours, theirs = created(), migrated()
    assert content(ours) == content(theirs)
    ours.close()
    theirs.close()


def test_the_written_schema_is_current() -> None:
    path = Path(__file__).parents[2] / "storage/data/schema.sql"
    assert path.read_text(encoding="utf-8") == snapshot(), "run: python -m storage.snapshot"


def test_a_new_store_needs_no_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(connection: Connection) -> None:
        raise AssertionError("migrated")

    monkeypatch.setattr("storage.opening.upgrade", fail)
    with open_store(tmp_path / "new.db") as store:
        assert [found for found in check(store) if not found.ok] == []
    with open_store(tmp_path / "new.db"):
        pass


def test_a_store_that_lost_its_number_is_not_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with open_store(path) as store:
        run = store.start_run("clean", [], {})
    engine = engine_for(path, "rw", read_only=False)
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 0")
    engine.dispose()
    with open_store(path) as store:
        assert store.start_run("clean", [], {}) == run + 1
