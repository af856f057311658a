"""Copies: one moment, whole or not at all, while others write."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from pathlib import Path

import pytest

from storage import Store, errors, open_store
from storage.backup import backup, backup_name
from storage.bodies import bodies_path
from storage.copying import copy_store
from storage.filters import Where
from storage.listing import list_articles
from tests.storage.build import article, put

Opened = tuple[Store, int]


def test_a_copy_is_a_store_of_its_own(opened_file: Opened, tmp_path: Path) -> None:
    store, run = opened_file
    put(store, run, article("一段。"), "https://example.org/1")
    told: list[tuple[int, int]] = []
    size = backup(store, tmp_path / "copy.db", lambda done, total: told.append((done, total)))
    assert size == sum((tmp_path / name).stat().st_size for name in ("copy.db", "copy.bodies.db"))
    assert told[-1][0] == told[-1][1] > 0
    put(store, run, article("第二篇。"), "https://example.org/2")
    with open_store(tmp_path / "copy.db", read_only=True) as copy:
        assert len(list_articles(copy, Where())) == 1
    with open_store(tmp_path / "copy.db") as copy:
        put(copy, run, article("别的。"), "https://example.org/3")
    assert sorted(p.name for p in tmp_path.iterdir() if "copy" in p.name) == ["copy.bodies.db", "copy.db"]


def test_a_copy_replaces_an_older_one_only_when_complete(opened_file: Opened, tmp_path: Path) -> None:
    store, _ = opened_file
    target = tmp_path / "copy.db"
    target.write_bytes(b"the last good copy")

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup(store, target, stop)
    assert target.read_bytes() == b"the last good copy"
    assert not list(tmp_path.glob(".copy*"))
    backup(store, target)
    open_store(target, read_only=True).close()


def test_a_store_is_never_copied_onto_itself(opened_file: Opened, tmp_path: Path) -> None:
    store, _ = opened_file
    (tmp_path / "link.db").symlink_to(store.path)
    for target in (store.path, tmp_path / "link.db"):
        with pytest.raises(errors.StoreUnusable, match="itself"):
            backup(store, target)


def test_a_store_on_a_server_is_copied_by_other_means(opened_server: Opened, tmp_path: Path) -> None:
    with pytest.raises(errors.StoreUnusable, match="pg_dump"):
        backup(opened_server[0], tmp_path / "copy.db")
    with pytest.raises(errors.StoreUnusable, match="pg_dump"):
        backup_name(opened_server[0])


def test_missing_folders_and_full_disks_are_told(
    opened_file: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _ = opened_file
    with pytest.raises(errors.StoreUnusable):
        backup(store, tmp_path / "none" / "copy.db")
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr("storage.backup.shutil.disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(errors.StoreFull):
        backup(store, tmp_path / "copy.db")
    assert not list(tmp_path.glob("*copy*"))


def test_a_copy_made_while_others_write_is_one_moment(opened_file: Opened, tmp_path: Path) -> None:
    store, run = opened_file
    for number in range(30):
        put(store, run, article("旧" * 3000), f"https://example.org/{number}", bytes([number]) * 5000)
    started, going_on = threading.Event(), threading.Event()

    def write() -> None:
        started.wait(30)
        for number in range(30, 40):
            put(store, run, article("新" * 3000), f"https://example.org/{number}", bytes([number]) * 5000)
        going_on.set()

    def pause(done: int, total: int) -> None:
        started.set()
        assert going_on.wait(30)

    writer = threading.Thread(target=write)
    writer.start()
    backup(store, tmp_path / "copy.db", pause)
    writer.join()
    connection = sqlite3.connect(tmp_path / "copy.db")
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    counts = [connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("pages", "articles")]
    connection.close()
    assert counts in ([30, 30], [40, 40])


def leftover_log(path: Path) -> None:
    """Leave at ``path`` what a crash leaves: a store with a log that was not folded in."""
    open_store(path).close()
    crashed = path.with_name("crashed.db")
    shutil.copy(path, crashed)
    connection = sqlite3.connect(crashed)
    connection.execute("CREATE TABLE stray (x)")
    connection.commit()
    shutil.copy(f"{crashed}-wal", f"{path}-wal")
    connection.close()


def test_the_log_of_an_older_copy_is_not_played_into_the_new_one(opened_file: Opened, tmp_path: Path) -> None:
    store, run = opened_file
    put(store, run, article("一段。"), "https://example.org/1")
    target = tmp_path / "copy.db"
    leftover_log(target)
    backup(store, target)
    with sqlite3.connect(target) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'stray'").fetchone() == (
            0,
        )
    connection.close()


def test_a_store_is_not_copied_beside_the_log_of_another(opened_file: Opened, tmp_path: Path) -> None:
    store, _ = opened_file
    target = tmp_path / "copy.db"
    leftover_log(target)
    target.unlink()
    bodies_path(target).unlink(missing_ok=True)
    with pytest.raises(errors.TargetTaken, match=r"copy\.db-wal exists already"):
        copy_store(store, str(target))
    target.with_name("copy.db-wal").unlink()
    assert copy_store(store, str(target))["articles"] == 0
