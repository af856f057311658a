"""What a writer does that thinks of no batches: the same rows and the same search index, one commit each.

The file has SQLite's default settings (a rollback journal, each commit on the disk).
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import zstandard

from cleaners.model import Article, Page
from storage.bodies import digest
from storage.grams import grams
from storage.prepare import Prepared, prepare

PARTS = ("blocks", "edits", "images", "candidates", "flags")
SAMPLES = 21
Row = tuple[str, Mapping[str, Any]]


def naive(path: Path, items: Iterable[tuple[Page, Article]], *, together: bool) -> float:
    """Write articles, each row in its own transaction, or all rows of one article in one (``together``).

    Gives articles a second.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    start, done = time.perf_counter(), 0
    for done, (page, article) in enumerate(items, 1):
        if together:
            connection.execute("BEGIN")
        for table, row in rows(done, page, prepare(article)):
            insert(connection, table, row)
        if together:
            connection.execute("COMMIT")
    taken = time.perf_counter() - start
    connection.close()
    return done / taken


def rows(number: int, page: Page, prepared: Prepared) -> Iterator[Row]:
    """Give what is stored of a page and its article: bytes, page, article, notes, index."""
    sha = digest(page.body)
    data = zstandard.compress(page.body)
    yield "bodies", {"id": number, "sha256": sha, "size": len(page.body), "data": data}
    yield "pages", {"id": number, "origin": page.origin, "url": page.url, "body_id": number}
    values = prepared.article | {"id": number, "origin": page.origin, "page_id": number}
    yield "articles", values
    for name in PARTS:
        for row in getattr(prepared, name):
            rule = {"rule": "/".join(row["rule"])} if row.get("rule") else {}
            yield name, row | rule | {"article_id": number}
    yield "search", {"rowid": number, "title": grams(values["title"]), "text": grams(values["text"])}


UNIQUE = {"bodies": "sha256", "pages": "origin", "articles": "origin"}


def insert(connection: sqlite3.Connection, table: str, row: Mapping[str, Any]) -> None:
    """Insert a row; the first one of a table makes it, with an index over what rows are found by."""
    names = ", ".join(row)
    statement = f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})"
    try:
        connection.execute(statement, tuple(row.values()))
    except sqlite3.OperationalError:
        if table == "search":
            connection.execute("CREATE VIRTUAL TABLE search USING fts5(title, text, content='')")
        else:
            columns = names.replace("id,", "id INTEGER PRIMARY KEY,", 1) if row.get("id") else names
            connection.execute(f"CREATE TABLE {table} ({columns})")
            if key := UNIQUE.get(table):
                connection.execute(f"CREATE UNIQUE INDEX {table}_{key} ON {table} ({key})")
            if "article_id" in row:
                connection.execute(f"CREATE INDEX {table}_article ON {table} (article_id)")
        connection.execute(statement, tuple(row.values()))


def sync_time(folder: Path) -> float:
    """Give the median time in milliseconds until a few pages at the end of a file are on the disk."""
    times = []
    with (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(SAMPLES):
            file.write(bytes(8 * 4096))
            start = time.perf_counter()
            os.fsync(file.fileno())
            times.append(1000 * (time.perf_counter() - start))
    (folder / "sync").unlink()
    return statistics.median(times)
