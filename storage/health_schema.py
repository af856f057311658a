"""Compares the schema of a store's file with the one of its version, and puts back what is missing."""

from __future__ import annotations

import sqlite3
from functools import cache

from sqlalchemy import Connection, StaticPool, create_engine

from storage.findings import Finding
from storage.grams import grams
from storage.migrate import upgrade
from storage.search import INDEX_NAME, rebuild_index
from storage.store import Store

__all__ = ["restore", "schema"]

_OBJECTS = "SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"


@cache
def _expected() -> dict[str, tuple[str, str]]:
    """Give what a new store has, by name: its type and how it is made, in the order of making."""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        connection.create_function("taosha_grams", 1, grams, deterministic=True)
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool)
    try:
        with engine.begin() as made:
            upgrade(made)
            return {name: (kind, sql) for name, kind, sql in made.exec_driver_sql(_OBJECTS)}
    finally:
        engine.dispose()


def _missing(connection: Connection) -> dict[str, tuple[str, str]]:
    there = {name for name, *_ in connection.exec_driver_sql(_OBJECTS)}
    return {name: made for name, made in _expected().items() if name not in there}


def _of_search(name: str) -> bool:
    return name == INDEX_NAME or name.startswith(f"{INDEX_NAME}_")


def schema(connection: Connection) -> Finding:
    """Look whether all tables, views, indexes and triggers are there."""
    missing = _missing(connection)
    if not missing:
        return Finding("schema", True, "all tables, views and indexes are there")
    told = "missing: " + ", ".join(f"{kind} {name}" for name, (kind, _) in missing.items())
    tables = [name for name, (kind, _) in missing.items() if kind == "table"]
    if not all(map(_of_search, tables)):
        return Finding("schema", False, f"{told}: go back to a backup")
    if tables and INDEX_NAME not in tables:
        return Finding("schema", False, f"{told}: `taosha copy` makes a store that is whole again")
    return Finding("schema", False, told, "restore")


def restore(store: Store) -> None:
    """Make what is missing anew; no table that holds data of its own can be."""
    with store.writing() as connection:
        missing = _missing(connection)
        for name, (kind, sql) in missing.items():
            if kind != "table" or name == INDEX_NAME:  # which brings its other tables along
                connection.exec_driver_sql(sql)
    if any(_of_search(name) for name in missing):
        rebuild_index(store)
