"""The schema: migrations give what the models say, people and their tools can read it."""

from __future__ import annotations

import asyncio
import gc
import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable

from cleaners.model import Reason, Rejected
from storage import Store
from storage.dictionary import data_dictionary
from storage.models import Base
from storage.schema import SCHEMA_VERSION
from tests.storage.build import noted_article, put

ROOT = Path(__file__).parents[2]
Opened = tuple[Store, int]


OTHERS = ("articles_fts", "article_words", "ix_article_words", "body_data")
"""The search indexes and the raw bodies, which are no tables of the models."""


def words(sql: str) -> list[str]:
    return re.findall(r"\w+|[^\w\s]", sql)


def test_the_migrations_give_what_the_models_say(opened: Opened) -> None:
    with opened[0].reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = []
        for found in compare_metadata(context, Base.metadata):
            # Changes of one column come as a list; comments are for the data dictionary only.
            changes = (
                [change for change in found if change[0] != "modify_comment"]
                if isinstance(found, list)
                else [found]
            )
            differences += [c for c in changes if not getattr(c[1], "name", "").startswith(OTHERS)]
        assert differences == []


def test_the_migrations_give_a_file_the_tables_of_the_models(opened_file: Opened) -> None:
    with opened_file[0].reading() as connection:
        for table in Base.metadata.sorted_tables:
            query = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?"
            made = connection.exec_driver_sql(query, (table.name,)).scalar_one()
            expected = str(CreateTable(table).compile(dialect=sqlite.dialect()))
            assert sorted(words(made)) == sorted(words(expected)), table.name


def test_texts_and_numbers_are_the_same_on_a_server(opened_server: Opened) -> None:
    """Texts that sort by code point, numbers of 64 bits: see "Migrations" in ARCHITECTURE.md."""
    with opened_server[0].reading() as connection:
        wrong = connection.exec_driver_sql(
            "SELECT table_name || '.' || column_name FROM information_schema.columns "
            "JOIN information_schema.tables USING (table_schema, table_name) "
            "WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name != 'alembic_version' "
            "AND (data_type = 'text' AND collation_name IS DISTINCT FROM 'C' OR data_type = 'integer')"
        )
        assert wrong.scalars().all() == []


def test_the_schema_number_is_that_of_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == f"{SCHEMA_VERSION:04}"


def test_all_tables_are_strict_with_integer_keys() -> None:
    for table in Base.metadata.sorted_tables:
        assert table.dialect_options["sqlite"]["strict"], table.name
        assert [str(column.type) for column in table.primary_key] == ["INTEGER"], table.name


def test_every_column_is_described() -> None:
    missing = [str(c) for table in Base.metadata.sorted_tables for c in table.columns if not c.comment]
    assert missing == []


def test_the_data_dictionary_is_current() -> None:
    page = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert page == data_dictionary(), "run: python -m storage.dictionary > docs/data-dictionary.md"


PLANS = [
    ("SELECT id FROM articles ORDER BY published_utc DESC LIMIT 5", "ix_articles_published_utc"),
    (
        "SELECT id FROM articles WHERE source_id = 1 ORDER BY published_utc",
        "ix_articles_source_id_published_utc",
    ),
    ("SELECT id FROM articles WHERE day = '2025-01-01'", "ix_articles_day"),
    ("SELECT id FROM articles WHERE origin = 'x'", "sqlite_autoindex_articles"),
    ("SELECT text FROM blocks WHERE article_id = 1 ORDER BY position", "ix_blocks_article_id_position"),
    ("SELECT id FROM pages WHERE outcome = 'pending'", "ix_pages_outcome_fingerprint"),
    ("SELECT id FROM pages WHERE origin = 'x' AND body_id = 1", "ix_pages_origin_body_id"),
]


@pytest.mark.parametrize(("query", "index"), PLANS)
def test_the_questions_people_ask_use_an_index(opened_file: Opened, query: str, index: str) -> None:
    with opened_file[0].reading() as connection:
        plan = " ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}"))
    assert index in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_datasette_shows_the_store_without_flags(opened_file: Opened) -> None:
    app = pytest.importorskip("datasette.app", reason="Datasette is an extra")
    store, run = opened_file
    put(store, run, noted_article(), "https://example.org/1")
    put(store, run, Rejected("u", Reason.EMPTY, "nothing", "c"), "https://example.org/2")
    store.close()

    async def ask() -> dict[str, object]:
        served = app.Datasette([str(store.path)])
        await served.invoke_startup()
        paths = {
            "tables": "/store.json",
            "found": "/store/articles.json?_search=互联&_shape=array",
            "label": "/store/blocks.json?_labels=on&_size=1&_shape=array",
            "removed": "/store/v_removed.json?_shape=array",
            "failures": "/store/v_failures.json?_shape=array",
        }
        answers = {name: (await served.client.get(path)).json() for name, path in paths.items()}
        for database in served.databases.values():
            database.close()
        return answers

    shown = asyncio.run(ask())
    gc.collect()  # Datasette leaves its connection to itself open; Python 3.13 warns when it goes
    tables = {table["name"]: table for table in shown["tables"]["tables"]}
    assert tables["articles"]["fts_table"] == "articles_fts"
    assert tables["articles_fts"]["hidden"]
    assert [row["title"] for row in shown["found"]] == ["互联网"]
    assert shown["label"][0]["article_id"]["label"] == "互联网"
    assert shown["label"][0]["rule_id"]["label"] == "extract.outside@1"
    assert [row["rule"] for row in shown["removed"]] == ["extract.outside@1", "credit.photo@2"]
    assert [row["reason"] for row in shown["failures"]] == ["empty"]
