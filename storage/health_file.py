"""Checks of a store in a file: what a crash, a full disk or another program may have done to it."""

from __future__ import annotations

import re
import sqlite3

from sqlalchemy import Connection

from storage.findings import SAMPLE, Finding, scalar
from storage.grams import grams
from storage.store import Store

__all__ = ["index", "integrity", "keys", "reindex", "slack"]

_PROBLEMS = 20
"""How many problems SQLite's own check lists."""

_SLACK = 0.25
"""Share of unused pages in the file above which it is worth rewriting."""

_INDEX_ONLY = re.compile(
    r"row \d+ missing from index|wrong # of entries in index|non-unique entry in index", re.I
)
_FEW_PAGES = 1000


def integrity(connection: Connection) -> Finding:
    """Let SQLite read the whole file."""
    problems = [str(row[0]) for row in connection.exec_driver_sql(f"PRAGMA integrity_check({_PROBLEMS})")]
    if problems == ["ok"]:
        return Finding("integrity", True, "the file is sound")
    told = "; ".join(problems[:3])
    if all(_INDEX_ONLY.search(problem) for problem in problems):
        return Finding("integrity", False, told, "reindex")
    return Finding("integrity", False, f"{told}: go back to a backup")


def keys(connection: Connection) -> Finding:
    """Look for rows that point nowhere."""
    broken: dict[str, int] = {}
    for table, *_ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        broken[table] = broken.get(table, 0) + 1
    told = ", ".join(f"{table} {count}" for table, count in sorted(broken.items()))
    return Finding("keys", not broken, f"rows that point nowhere: {told}" if broken else "all rows belong")


def index(connection: Connection) -> Finding:
    """Compare the search index with the articles."""
    missing = scalar(
        connection,
        "SELECT count(*) FROM articles WHERE id NOT IN (SELECT id FROM articles_fts_docsize)",
    )
    extra = scalar(
        connection,
        "SELECT count(*) FROM articles_fts_docsize WHERE id NOT IN (SELECT id FROM articles)",
    )
    stale = _stale(connection)
    if missing or extra or stale:
        told = f"{missing:,} articles are missing, {extra:,} are too many, {stale:,} of a sample are stale"
        return Finding("search index", False, told, "rebuild")
    return Finding("search index", True, "holds every article")


def _stale(connection: Connection) -> int:
    """Count articles of a sample whose entry has another number of tokens than their text gives now."""
    rows = connection.exec_driver_sql(
        "SELECT a.title, a.text, d.sz FROM articles AS a JOIN articles_fts_docsize AS d ON d.id = a.id "
        "WHERE a.id % max(1, (SELECT count(*) / ? FROM articles)) = 0 LIMIT ?",
        (SAMPLE, SAMPLE),
    ).all()
    made = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE name = 'articles_fts'"
    ).scalar_one()
    tokenizer = re.search(r"tokenize\s*=\s*(\"[^\"]*\"|'[^']*')", str(made))
    spare = sqlite3.connect(":memory:")
    try:
        option = f", tokenize={tokenizer[1]}" if tokenizer else ""
        spare.execute(f"CREATE VIRTUAL TABLE fts USING fts5(title, text, content=''{option})")
        entries = [(i, grams(title), grams(text)) for i, (title, text, _) in enumerate(rows, 1)]
        spare.executemany("INSERT INTO fts (rowid, title, text) VALUES (?, ?, ?)", entries)
        sizes = dict(spare.execute("SELECT id, sz FROM fts_docsize").fetchall())
    finally:
        spare.close()
    return sum(sizes[i] != size for i, (_, _, size) in enumerate(rows, 1))


def slack(connection: Connection) -> Finding:
    """Look how much of the file is unused."""
    pages, unused, size = (
        scalar(connection, f"PRAGMA {name}") for name in ("page_count", "freelist_count", "page_size")
    )
    told = f"{unused * size / 1e6:,.1f} of {pages * size / 1e6:,.1f} MB are unused"
    if unused > _FEW_PAGES and unused > _SLACK * pages:
        return Finding("space", False, told, "vacuum")
    return Finding("space", True, told)


def reindex(store: Store) -> None:
    """Make all indexes anew, but for the search index."""
    with store.writing() as connection:
        connection.exec_driver_sql("REINDEX")
