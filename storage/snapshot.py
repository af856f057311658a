"""The newest schema as SQL, which makes a new file in hundredths of a second.

``python -m storage.snapshot`` writes it from what the migrations give. Stores that exist are upgraded
by the migrations themselves, and so are new ones on a server.
"""

from __future__ import annotations

import sqlite3
from importlib.resources import files
from pathlib import Path

from sqlalchemy import Connection, StaticPool, create_engine

from storage.grams import grams
from storage.migrate import mark, upgrade
from storage.schema import SCHEMA_VERSION

__all__ = ["create", "migrated", "snapshot"]

_FILE = "schema.sql"
_END = ";\n--\n"
_OPTION = "INSERT INTO articles_fts (articles_fts, rank) VALUES ('{}', {})"
_NUMBER = "INSERT INTO alembic_version VALUES ('{:04}')"
# The search index brings its own tables along.
_OBJECTS = """
SELECT sql FROM sqlite_master
WHERE type = 'trigger' OR sql IS NOT NULL AND name NOT LIKE 'articles!_fts!_%' ESCAPE '!'
ORDER BY rowid
"""
_OPTIONS = "SELECT k, v FROM articles_fts_config WHERE k != 'version' ORDER BY k"


def create(connection: Connection) -> None:
    """Give an empty file, inside a write transaction, the newest schema.

    A file that only claims to be empty (its number is lost) is left to the migrations.
    """
    if connection.exec_driver_sql("SELECT EXISTS (SELECT * FROM sqlite_master)").scalar_one():
        upgrade(connection)
        return
    for statement in (files("storage") / "data" / _FILE).read_text("utf-8").split(_END):
        if statement.strip():
            connection.exec_driver_sql(statement)
    mark(connection, SCHEMA_VERSION)


def snapshot() -> str:
    """Give the SQL for the schema that the migrations make."""
    made = migrated()
    try:
        statements = [sql for (sql,) in made.execute(_OBJECTS)]
        options = made.execute(_OPTIONS).fetchall()
    finally:
        made.close()
    statements += [_OPTION.format(*option) for option in options]
    statements.append(_NUMBER.format(SCHEMA_VERSION))
    return "".join(statement + _END for statement in statements)


def migrated() -> sqlite3.Connection:
    """Make an empty store in memory by the migrations alone."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.create_function("taosha_grams", 1, grams, deterministic=True)
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    with engine.begin() as made:
        upgrade(made)
    return connection


if __name__ == "__main__":
    (Path(__file__).parent / "data" / _FILE).write_text(snapshot(), encoding="utf-8")
