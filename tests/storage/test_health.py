"""Health: each kind of damage is found by the check for it, and mended where it can be."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from storage import Store, open_store
from storage.bodies import Body, bodies_path
from storage.errors import BodyMissing, StoreDamaged, StoreUnusable
from storage.export_records import export_records
from storage.filters import Where
from storage.frontier import Frontier
from storage.health import check, mend
from storage.listing import list_runs
from storage.models import RunRow
from storage.raw_pages import load_page, stored_pages
from storage.search import search
from storage.visits import Found
from tests.storage.build import article, new_store, noted_article, page, put

NAMES = ["integrity", "schema", "keys", "search index", "bodies", "history", "pages", "runs", "space"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    store, run = new_store(tmp_path)
    with store:
        put(store, run, noted_article(), "https://example.org/1", b"a")
        put(
            store,
            run,
            article("大模型融资。", "Second Ünïcödé ǅ paragraph 🙂 １２３ 𠮷。"),
            "https://example.org/2",
        )
        put(store, run, article("又一段。", title=None), "https://example.org/2", b"b")
    return store.path


def damaged(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    for _, sql in triggers:
        connection.execute(sql)
    connection.commit()
    connection.close()


def scalar_of(store: Store, query: str) -> int:
    with store.reading() as connection:
        return int(connection.exec_driver_sql(query).scalar_one())


def amiss(store: Store) -> list[tuple[str, str | None]]:
    return [(found.name, found.remedy) for found in check(store) if not found.ok]


def test_a_sound_store_passes_every_check(path: Path) -> None:
    with open_store(path, read_only=True) as store:
        assert [(found.name, found.ok) for found in check(store)] == [(name, True) for name in NAMES]
        assert [found.name for found in check(store, quick=True)] == NAMES[1:]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM articles_fts_docsize WHERE id = 1",
        "INSERT INTO articles_fts_docsize (id, sz) VALUES (99, x'0101')",
        "UPDATE articles SET text = '别的一段很长的文字' WHERE id = 1",
        "DELETE FROM articles_fts_data WHERE id > 10",
        "UPDATE articles_fts_data SET block = zeroblob(length(block)) WHERE id > 10",
    ],
)
def test_a_search_index_that_fell_behind_is_rebuilt(path: Path, statement: str) -> None:
    damaged(path, statement)
    with open_store(path) as store:
        assert ("search index", "rebuild") in amiss(store)
        mend(store, "rebuild")
        assert amiss(store) == []
        assert [hit.article_id for hit in search(store, "段")]


def test_an_index_whose_pages_are_gone_is_found_in_a_store_that_is_only_read(path: Path) -> None:
    damaged(path, "DELETE FROM articles_fts_data WHERE id > 10")
    with open_store(path, read_only=True) as store:
        assert amiss(store) == [("search index", "rebuild")]
        assert [found.name for found in check(store, quick=True) if not found.ok] == []
        with store.reading() as connection, pytest.raises(DBAPIError, match="readonly"):
            connection.exec_driver_sql("DELETE FROM flags")


@pytest.mark.parametrize(
    "statement",
    [
        "DROP VIEW v_removed",
        "DROP INDEX ix_pages_url",
        "DROP TRIGGER articles_fts_update",
        "DROP TABLE articles_fts",
    ],
)
def test_what_the_schema_lacks_is_put_back(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.close()
    with open_store(path) as store:
        assert ("schema", "restore") in amiss(store)
        mend(store, "restore")
        assert amiss(store) == []
        assert [hit.article_id for hit in search(store, "段")]
        put(store, 1, article("又来一段，讲储能。"), "https://example.org/9", b"n")
        assert [hit.title for hit in search(store, "储能")] == ["标题"]


@pytest.mark.parametrize(
    ("table", "advice"), [("flags", "go back to a backup"), ("articles_fts_data", "taosha copy")]
)
def test_a_table_with_data_of_its_own_is_not_made_up(path: Path, table: str, advice: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"DROP TABLE {table}")
    connection.close()
    with open_store(path) as store:
        found = {found.name: found for found in check(store) if not found.ok}
        assert found["schema"].remedy is None
        assert advice in found["schema"].detail


def test_a_check_that_fails_leaves_the_others_going(path: Path) -> None:
    damaged(path, "DROP TABLE revisions")
    with open_store(path, read_only=True) as store:
        found = {found.name: found.ok for found in check(store)}
    assert list(found) == NAMES
    assert not found["history"]
    assert found["bodies"]


@pytest.mark.parametrize("spoil", [lambda data: data[: len(data) // 2], lambda data: b"no database" * 999])
def test_a_spoiled_file_of_bodies_is_told_with_what_to_do(
    path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    beside = bodies_path(path)
    beside.write_bytes(spoil(beside.read_bytes()))
    with open_store(path, read_only=True) as store:
        (found,) = [found for found in check(store) if not found.ok]
    assert found.name == "bodies"
    assert found.remedy is None
    assert "from a backup" in found.detail


# Once Datasette is imported, SQLite's driver tells of errors of functions beside raising them.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_text_that_is_no_text_any_more_is_damage(path: Path) -> None:
    damaged(path, "UPDATE articles SET text = CAST(x'ff80ff' AS TEXT) WHERE id = 1")
    with open_store(path) as store:
        with pytest.raises(StoreDamaged, match="UTF-8"):
            list(export_records(store, Where(), ("text",)))
        with pytest.raises(StoreDamaged):
            mend(store, "rebuild")


def test_bodies_of_no_page_are_dropped(path: Path) -> None:
    damaged(path, "INSERT INTO bodies (sha256, size, stored_size) VALUES ('x', 3, 3)")
    with open_store(path) as store:
        store.bodies.put({"x": Body(b"abc", "s"), "y": Body(b"abcd", "s")})
        assert amiss(store) == [("bodies", "drop bodies")]
        mend(store, "drop bodies")
        assert amiss(store) == []
        assert store.bodies.count() == 3
        with store.reading() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM bodies").scalar_one() == 3


def test_lost_bodies_are_told_and_given_up(path: Path) -> None:
    bodies_path(path).unlink()
    with open_store(path, read_only=True) as store:
        (found,) = [found for found in check(store) if not found.ok]
        assert found.name == "bodies"
        assert "3 are lost" in found.detail
        assert "missing" in found.detail
        with pytest.raises(StoreUnusable, match="missing"):
            load_page(store, 1)
    with open_store(path) as store:
        with pytest.raises(StoreUnusable, match="missing"):
            store.add_pages([(page("o:9", b"new"), "s")], 1)
        mend(store, "give bodies up")
        assert amiss(store) == []
        with pytest.raises(BodyMissing):
            load_page(store, 1)
        assert list(stored_pages(store)) == []
        put(store, 1, article("新。"), "o:9", b"new")
        put(store, 1, noted_article(), "https://example.org/1", b"a")
        assert load_page(store, 1).body == b"a", "it came again"
        assert amiss(store) == []


def test_rows_that_point_nowhere_are_told(path: Path) -> None:
    damaged(path, "DELETE FROM sources")
    with open_store(path, read_only=True) as store:
        (found,) = [found for found in check(store) if not found.ok]
    assert (found.name, found.remedy) == ("keys", None)
    assert "articles 2" in found.detail
    assert "pages 3" in found.detail


def test_rows_that_went_with_their_article_are_dropped(path: Path) -> None:
    columns = "article_id, position, tag, chars, link_chars, uncertain"
    damaged(path, f"INSERT INTO blocks ({columns}) VALUES (9, 0, 'p', 0, 0, 0)")
    with open_store(path) as store:
        before = scalar_of(store, "SELECT count(*) FROM blocks")
        assert amiss(store) == [("keys", "drop rows")]
        mend(store, "drop rows")
        assert amiss(store) == []
        assert scalar_of(store, "SELECT count(*) FROM blocks") == before - 1


def test_history_that_points_nowhere_is_no_waste(path: Path) -> None:
    damaged(path, "UPDATE revisions SET article_id = 9")
    with open_store(path) as store:
        assert ("keys", None) in amiss(store)


def test_a_missing_revision_is_told(path: Path) -> None:
    damaged(path, "UPDATE articles SET revision = 5 WHERE id = 2")
    with open_store(path, read_only=True) as store:
        assert amiss(store) == [("history", None)]


def test_an_index_that_does_not_fit_its_table_is_made_anew(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute(
        "UPDATE sqlite_master SET sql = replace(sql, '(host)', '(chars)') WHERE name = 'ix_articles_host'"
    )
    connection.commit()
    connection.close()
    with open_store(path) as store:
        assert amiss(store) == [("integrity", "reindex")]
        mend(store, "reindex")
        assert amiss(store) == []


def test_unused_space_is_given_back(path: Path) -> None:
    with open_store(path) as store:
        with store.writing() as connection:
            connection.exec_driver_sql("CREATE TABLE big (x)")
            connection.exec_driver_sql("INSERT INTO big VALUES (zeroblob(8000000))")
            connection.exec_driver_sql("DROP TABLE big")
        assert amiss(store) == [("space", "vacuum")]
        mend(store, "vacuum")
        assert amiss(store) == []
    assert path.stat().st_size < 2_000_000


SERVER_NAMES = ["server", "search index", "bodies", "history", "pages", "runs"]
SPOILED = {
    "DELETE FROM article_words WHERE article_id = 1": ("search index", "rebuild"),
    "UPDATE articles SET text = '别的一段' WHERE id = 1": ("search index", "rebuild"),
    "INSERT INTO body_data (sha256, size, codec, data) VALUES ('x', 3, 'raw', 'abc')": (
        "bodies",
        "drop bodies",
    ),
    "DELETE FROM body_data WHERE id = 1": ("bodies", "give bodies up"),
}


@pytest.mark.parametrize("statement", SPOILED)
def test_a_store_on_a_server_is_checked_and_mended(opened_server: tuple[Store, int], statement: str) -> None:
    store, run = opened_server
    put(store, run, noted_article(), "https://example.org/1", b"a")
    put(store, run, article("新。"), "https://example.org/1", b"b")
    assert [(found.name, found.ok) for found in check(store)] == [(name, True) for name in SERVER_NAMES]
    with store.writing() as connection:
        connection.exec_driver_sql(statement)
    assert amiss(store) == [SPOILED[statement]]
    mend(store, SPOILED[statement][1])
    assert amiss(store) == []


def test_what_a_killed_run_had_under_way_is_told(opened: tuple[Store, int]) -> None:
    store, run = opened
    frontier = Frontier(store, "daily", run)
    frontier.start()
    frontier.discover([Found(f"https://example.org/{n}", "article", 10, "example.org") for n in (1, 2)])
    assert len(frontier.lease(1)) == 1
    assert [found.detail for found in check(store) if found.name == "runs"] == ["1 at work"]
    with store.writing() as connection:
        dead = update(RunRow).values(process=f"{socket.gethostname()} 4194305 1")
        connection.execute(dead)
    (found,) = [found for found in check(store) if found.name == "runs"]
    assert found.ok
    assert found.detail.startswith("1 killed, 1 URLs were under way")
    mend(store, str(found.remedy))
    assert [one.status for one in list_runs(store)] == ["interrupted"]
    Frontier(store, "daily", store.start_run("crawl", ["daily"], {})).start()
    assert [found.detail for found in check(store) if found.name == "runs"] == ["1 at work"]


def test_uncleaned_pages_are_mentioned(path: Path) -> None:
    damaged(path, "UPDATE pages SET outcome = 'pending' WHERE id = 1")
    with open_store(path, read_only=True) as store:
        (found,) = [found for found in check(store) if found.name == "pages"]
    assert found.ok
    assert found.detail.startswith("1 stored but not cleaned")
