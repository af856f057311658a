"""Opening: what is created, upgraded, refused, and never touched."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import storage.engine
from storage import Store, errors, open_store
from storage.filters import Where
from storage.listing import list_articles
from storage.schema import APPLICATION_ID, SCHEMA_VERSION
from tests.storage.build import article, new_store, put

ROOT = Path(__file__).parents[2]


def pragma(store: Store, name: str) -> object:
    with store.reading() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


def test_creates_a_store_that_says_what_it_is(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/a.db") as store:
        assert pragma(store, "application_id") == APPLICATION_ID
        assert pragma(store, "user_version") == SCHEMA_VERSION
        assert pragma(store, "journal_mode") == "wal"
        assert pragma(store, "foreign_keys") == 1
        assert pragma(store, "integrity_check") == "ok"
    assert [p.name for p in tmp_path.iterdir()] == ["a.db"]


@pytest.mark.parametrize("name", ["plain.db", "with space.db", "100%.db", "a?b#c&d.db", "新闻.db"])
def test_accepts_paths_of_any_name(tmp_path: Path, name: str) -> None:
    for url in (str(tmp_path / name), f"sqlite:///{tmp_path / name}", tmp_path / name):
        open_store(url).close()
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_a_relative_url_is_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    open_store("sqlite:///here.db").close()
    assert (tmp_path / "here.db").is_file()


@pytest.mark.parametrize(
    "url",
    ["", "sqlite://", "sqlite:///", ":memory:", "mysql://h/db", "postgresql+asyncpg://h/db", "sqlite:a.db"],
)
def test_refuses_urls_that_name_no_file(url: str) -> None:
    with pytest.raises(errors.StoreUrlInvalid):
        open_store(url)


def other_database(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (x)")
    connection.commit()
    connection.close()


FOREIGN = {
    "text": lambda path: path.write_text("not a database\n" * 20),
    "one byte": lambda path: path.write_bytes(b"S"),
    "zeros": lambda path: path.write_bytes(bytes(8192)),
    "cut header": lambda path: path.write_bytes(b"SQLite format 3\x00"),
    "other database": other_database,
}


@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.parametrize("read_only", [False, True])
def test_a_file_that_is_no_store_is_refused_and_not_touched(
    tmp_path: Path, kind: str, read_only: bool
) -> None:
    path = tmp_path / "x.db"
    FOREIGN[kind](path)
    before = path.read_bytes()
    with pytest.raises(errors.NotAStore):
        open_store(path, read_only=read_only)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.touch()
    with open_store(path) as store:
        assert pragma(store, "user_version") == SCHEMA_VERSION


def test_missing_stores_and_folders(tmp_path: Path) -> None:
    for options in ({"create": False}, {"read_only": True}):
        with pytest.raises(errors.StoreMissing):
            open_store(tmp_path / "x.db", **options)
    with pytest.raises(errors.StoreUnusable, match="folder"):
        open_store(tmp_path / "none" / "x.db")
    with pytest.raises(errors.StoreUnusable, match="folder"):
        open_store(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("read_only", [False, True])
def test_a_newer_store_is_refused_unchanged(tmp_path: Path, read_only: bool) -> None:
    path = tmp_path / "x.db"
    open_store(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    with pytest.raises(errors.StoreTooNew, match=str(SCHEMA_VERSION + 1)):
        open_store(path, read_only=read_only)
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION + 1,)
    connection.close()


def test_a_reader_does_not_upgrade(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("VACUUM")  # writes the header of a database without tables
    connection.close()
    with pytest.raises(errors.StoreOutdated):
        open_store(path, read_only=True)
    with open_store(path) as store:
        assert pragma(store, "user_version") == SCHEMA_VERSION


def test_a_failed_creation_leaves_no_half_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(connection: object) -> None:
        create(connection)
        raise RuntimeError("stopped in the middle")

    from storage.snapshot import create

    monkeypatch.setattr("storage.opening.create", fail)
    with pytest.raises(RuntimeError):
        open_store(tmp_path / "x.db")
    monkeypatch.undo()
    with open_store(tmp_path / "x.db") as store:
        assert pragma(store, "integrity_check") == "ok"
        assert list_articles(store, Where()) == []


def test_a_held_write_lock_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_store(tmp_path / "x.db").close()
    holder = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(storage.engine, "BUSY_SECONDS", 0.05)
    with open_store(tmp_path / "x.db") as store, pytest.raises(errors.StoreLocked):
        store.start_run("clean", [], {})
    holder.execute("ROLLBACK")
    holder.close()


def test_a_full_disk_is_reported_and_loses_nothing(tmp_path: Path) -> None:
    store, run = new_store(tmp_path)
    with store:
        put(store, run, article("留下。"), "https://example.org/kept")
        with store.writing() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(errors.StoreFull):
            put(store, run, article("长" * 100_000), "https://example.org/big", os.urandom(100_000))
        assert [row.title for row in list_articles(store, Where())] == ["标题"]


def test_damage_is_reported(tmp_path: Path) -> None:
    store, run = new_store(tmp_path)
    put(store, run, article("一段。"), "https://example.org/1")
    store.close()
    path = tmp_path / "store.db"
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(errors.StoreDamaged), open_store(path, read_only=True) as damaged:
        list_articles(damaged, Where())


@pytest.fixture
def shut_folder() -> Iterator[Path]:
    """A store in a folder without write access, seen by a user that is not root."""
    folder = Path(tempfile.mkdtemp())
    store, run = new_store(folder)
    with store:
        put(store, run, article("能读。"), "https://example.org/1")
    (folder / "store.db").chmod(0o444)
    folder.chmod(0o555)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        if not os.access(folder, os.R_OK, effective_ids=True):
            pytest.skip("the folder for temporary files is closed to other users")
        yield folder
    finally:
        os.seteuid(user)
    folder.chmod(stat.S_IRWXU)
    shutil.rmtree(folder)


def test_a_store_that_can_only_be_read_says_so_to_who_would_write(shut_folder: Path) -> None:
    with pytest.raises(errors.StoreUnusable, match="can not be written to: its disk only reads"):
        open_store(shut_folder / "store.db")


def test_reads_a_store_without_write_access(shut_folder: Path) -> None:
    path = shut_folder / "store.db"
    before = sorted(p.name for p in shut_folder.iterdir())
    with open_store(path, read_only=True) as store:
        assert len(list_articles(store, Where())) == 1
    assert sorted(p.name for p in shut_folder.iterdir()) == before == ["store.bodies.db", "store.db"]
    with pytest.raises(errors.StoreUnusable), open_store(path) as store:
        store.start_run("clean", [], {})


def test_a_reader_sees_what_a_live_writer_committed_and_leaves_no_files(tmp_path: Path) -> None:
    store, run = new_store(tmp_path)
    put(store, run, article("新。"), "https://example.org/1")
    with open_store(tmp_path / "store.db", read_only=True) as reader:
        assert len(list_articles(reader, Where())) == 1
        with pytest.raises(errors.StoreUnusable):
            reader.start_run("clean", [], {})
    store.close()
    with open_store(tmp_path / "store.db", read_only=True) as reader:
        assert len(list_articles(reader, Where())) == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["store.bodies.db", "store.db"]


CREATE = """
import sys
from storage import open_store
with open_store(sys.argv[1]) as store:
    store.start_run("clean", [], {})
"""


def test_processes_may_create_the_same_store_at_once(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    command = [sys.executable, "-W", "error", "-c", CREATE, str(path)]
    started = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) for _ in range(3)]
    assert [process.communicate()[1] for process in started] == [b""] * 3
    with open_store(path) as store, store.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM runs").scalar_one() == 3


def test_migrations_come_with_the_installed_package(tmp_path: Path) -> None:
    home = tmp_path / "site"
    for package in ("storage", "cleaners"):
        shutil.copytree(ROOT / package, home / package, ignore=shutil.ignore_patterns("__pycache__"))
    environment = os.environ | {"PYTHONPATH": str(home)}
    command = [sys.executable, "-W", "error", "-c", CREATE, "x.db"]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True)
    with open_store(tmp_path / "x.db") as store:
        assert pragma(store, "user_version") == SCHEMA_VERSION
