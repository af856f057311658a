"""Stores on a server: opening and refusing, and several processes that write at once."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, select

from storage import Store, errors, open_store
from storage.filters import Where
from storage.frontier import ARTICLES_FROM, Frontier
from storage.locking import crawl_lock
from storage.models import ArticleRow, BodyRow, PageRow, RuleRow, SourceRow
from storage.query import parse_query
from storage.schema import SCHEMA_VERSION
from storage.search import search
from storage.search_words import ask_index, ranked
from storage.visits import Found, Lease
from tests.storage.build import article, noted_article, page, put
from tests.storage.servers import Server

ROOT = Path(__file__).parents[2]
Opened = tuple[Store, int]


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    """A new and empty database."""
    with server.database() as made:
        yield made


def run_sql(url: str, *statements: str) -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def test_an_empty_database_becomes_a_store(url: str) -> None:
    for options in ({"create": False}, {"read_only": True}):
        with pytest.raises(errors.StoreMissing):
            open_store(url, **options)
    with open_store(url) as store:
        put(store, store.start_run("clean", [], {}), article(), "o:1")
        with pytest.raises(errors.StoreUnusable, match="on a server"):
            _ = store.path
    with open_store(url.replace("+psycopg", ""), read_only=True) as store:
        assert count(store, ArticleRow) == 1
        with pytest.raises(errors.StoreUnusable, match="reading"):
            store.start_run("clean", [], {})


def test_a_database_of_another_program_is_refused_and_not_touched(url: str) -> None:
    run_sql(url, "CREATE TABLE t (x int)")
    with pytest.raises(errors.NotAStore, match="another program"):
        open_store(url)
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert tables == [("t",)]


def test_newer_and_older_stores(url: str) -> None:
    open_store(url).close()
    run_sql(url, f"UPDATE alembic_version SET version_num = '{SCHEMA_VERSION + 1:04}'")
    for read_only in (False, True):
        with pytest.raises(errors.StoreTooNew):
            open_store(url, read_only=read_only)
    run_sql(url, "UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(errors.StoreOutdated):
        open_store(url, read_only=True)


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("postgresql+psycopg://user:secret@127.0.0.1:1/x", errors.StoreUnusable),
        ("postgresql+psycopg://user:secret@/x?host=/nowhere", errors.StoreUnusable),
        ("postgresql+asyncpg://user:secret@h/x", errors.StoreUrlInvalid),
        ("postgresql://user:secret@h:port/x", errors.StoreUrlInvalid),
    ],
)
def test_a_server_that_does_not_answer_is_told_without_the_password(
    url: str, error: type[errors.StoreError]
) -> None:
    with pytest.raises(error) as caught:
        open_store(url)
    assert "secret" not in str(caught.value)


def count(store: Store, model: type[ArticleRow | BodyRow | PageRow | RuleRow | SourceRow]) -> int:
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(model)).scalar_one())


def together(work: list[tuple[Store, int]], what: object) -> list[BaseException]:
    """Call `what(store, number)` from a thread each, all at once; give what went wrong."""
    problems: list[BaseException] = []
    start = threading.Barrier(len(work))

    def one(store: Store, number: int) -> None:
        try:
            start.wait(60)
            what(store, number)  # type: ignore[operator]
        except BaseException as error:  # noqa: BLE001  # whatever it is, the test must see it
            problems.append(error)

    threads = [threading.Thread(target=one, args=pair) for pair in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return problems


def test_several_writers_of_the_same_pages_keep_each_once(server: Server) -> None:
    """The same pages, bodies, rules and sources from four stores at once, each in an order of its own."""
    with ExitStack() as stack:
        url = server.store()
        stores = [stack.enter_context(open_store(url)) for _ in range(4)]
        runs = [store.start_run("clean", [], {}) for store in stores]

        def write(store: Store, number: int) -> None:
            order = range(12) if number % 2 else range(11, -1, -1)
            for _ in range(2):
                items = [(page(f"o:{n}", bytes([n % 5])), f"s{n % 3}") for n in order]
                refs = store.add_pages(items, runs[number])
                store.add_outcomes([(ref.id, noted_article()) for ref in refs], runs[number])

        assert together([(store, n) for n, store in enumerate(stores)], write) == []
        counts = [count(stores[0], model) for model in (ArticleRow, PageRow, BodyRow, SourceRow, RuleRow)]
        assert counts == [12, 12, 5, 3, 6]


def found(number: int) -> Found:
    return Found(f"http://h{number % 3}/{number}", "article", ARTICLES_FROM, f"h{number % 3}")


def test_a_url_is_leased_to_one_of_several_at_once(opened_server: Opened) -> None:
    store, run = opened_server
    Frontier(store, "daily", run).discover([found(n) for n in range(60)])
    leased: list[Lease] = []

    def lease(store: Store, number: int) -> None:
        one = Frontier(store, "daily", run)
        one.discover([found(n) for n in range(70)])
        while leases := one.lease(5):
            leased.extend(leases)

    assert together([(store, n) for n in range(4)], lease) == []
    assert sorted(lease.id for lease in leased) == sorted({lease.id for lease in leased})
    assert len(leased) == 70


def test_one_crawl_of_a_source_at_a_time_and_several_of_others(opened_server: Opened, server: Server) -> None:
    store, _ = opened_server
    with open_store(server.url("store")) as other, crawl_lock(store, ["a", "b"]):
        with crawl_lock(other, ["c"]):
            pass
        with pytest.raises(errors.StoreLocked, match="crawling b"), crawl_lock(other, ["b", "d"]):
            pytest.fail("held twice")
        with crawl_lock(other, ["d"]):
            pass
    with crawl_lock(store, ["b"]):
        pass


CREATE = """
import sys
from storage import open_store
with open_store(sys.argv[1]) as store:
    store.start_run("clean", [], {})
"""


def test_processes_may_create_the_same_store_at_once(url: str) -> None:
    command = [sys.executable, "-W", "error", "-c", CREATE, url]
    started = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) for _ in range(2)]
    assert [process.communicate()[1] for process in started] == [b""] * 2
    with open_store(url) as store, store.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM runs").scalar_one() == 2


SINGLE = [
    ("的", [1, 2]),
    ("的 -甲", [2]),
    ("甲 OR 乙", [1, 2]),
    ("的 (甲 OR 丙)", [1]),
    ("gpt*", [2]),
    ("title:甲", []),
]


@pytest.mark.parametrize(("query", "expected"), SINGLE)
def test_words_of_one_token_are_found_without_reading_texts(
    opened_server: Opened, query: str, expected: list[int]
) -> None:
    store, run = opened_server
    put(store, run, article("甲的。"), "o:1")
    put(store, run, article("乙的，GPT-4。"), "o:2")
    assert sorted(hit.article_id for hit in search(store, query)) == expected
    assert " LIKE " not in str(ranked(parse_query(query).tree, Where(), 5)) or query == "title:甲"


def test_a_word_that_every_article_has_is_looked_up_in_the_index(opened_server: Opened) -> None:
    """PostgreSQL takes making the vector of each article anew for cheaper: five times the work."""
    store, run = opened_server
    for number in range(30):
        put(store, run, article("到处都有的字。"), f"o:{number}")
    statement = ranked(parse_query("的").tree, Where(), 5)
    with store.writing() as connection:
        connection.exec_driver_sql("ANALYZE articles, article_words")
        ask_index(connection)
        compiled = statement.compile(dialect=connection.dialect)
        plan = connection.exec_driver_sql(f"EXPLAIN {compiled}", compiled.params).scalars().all()
    assert any("Bitmap Index Scan on ix_article_words" in line for line in plan)
