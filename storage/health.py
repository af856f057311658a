"""Checks a store for what a crash, a full disk or another program may have done to it, and mends it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from storage.grams import grams
from storage.search import rebuild_index
from storage.store import Store

__all__ = ["Finding", "check", "mend"]

_PROBLEMS = 20
"""How many problems SQLite's own check lists."""

_SAMPLE = 1000
"""Articles whose entries in the search index are looked at closely."""

_SLACK = 0.25
"""Share of unused pages in the file above which it is worth rewriting."""

_INDEX_ONLY = re.compile(
    r"row \d+ missing from index|wrong # of entries in index|non-unique entry in index", re.I
)
_FEW_PAGES = 1000


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check; ``remedy`` names what :func:`mend` would do about it."""

    name: str
    ok: bool
    detail: str
    remedy: str | None = None


def check(store: Store, *, quick: bool = False) -> Iterator[Finding]:
    """Run all checks; ``quick`` leaves out those that read the whole file.

    Raises :class:`storage.errors.StoreError` when the store can not even be read.
    """
    checks: list[Callable[[Connection], Finding]] = [_keys, _index, _bodies, _revisions, _pending, _slack]
    if not quick:
        checks.insert(0, _integrity)
    for run in checks:
        with store.reading() as connection:
            yield run(connection)


def mend(store: Store, remedy: str) -> None:
    """Do what a finding proposes. Raises :class:`storage.errors.StoreError`."""
    _REMEDIES[remedy](store)


def _scalar(connection: Connection, query: str) -> int:
    return int(connection.exec_driver_sql(query).scalar_one() or 0)


def _integrity(connection: Connection) -> Finding:
    problems = [str(row[0]) for row in connection.exec_driver_sql(f"PRAGMA integrity_check({_PROBLEMS})")]
    if problems == ["ok"]:
        return Finding("integrity", True, "the file is sound")
    told = "; ".join(problems[:3])
    if all(_INDEX_ONLY.search(problem) for problem in problems):
        return Finding("integrity", False, told, "reindex")
    return Finding("integrity", False, f"{told}: go back to a backup")


def _keys(connection: Connection) -> Finding:
    broken: dict[str, int] = {}
    for table, *_ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        broken[table] = broken.get(table, 0) + 1
    told = ", ".join(f"{table} {count}" for table, count in sorted(broken.items()))
    return Finding("keys", not broken, f"rows that point nowhere: {told}" if broken else "all rows belong")


def _index(connection: Connection) -> Finding:
    missing = _scalar(
        connection,
        "SELECT count(*) FROM articles WHERE id NOT IN (SELECT id FROM articles_fts_docsize)",
    )
    extra = _scalar(
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
        (_SAMPLE, _SAMPLE),
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


def _bodies(connection: Connection) -> Finding:
    count, size = connection.exec_driver_sql(
        "SELECT count(*), coalesce(sum(stored_size), 0) FROM bodies "
        "WHERE NOT EXISTS (SELECT 1 FROM pages WHERE pages.body_id = bodies.id)"
    ).one()
    if count:
        return Finding("bodies", False, f"{count:,} of no page, {size:,} bytes", "drop bodies")
    return Finding("bodies", True, "each belongs to a page")


def _revisions(connection: Connection) -> Finding:
    broken = _scalar(
        connection,
        "SELECT count(*) FROM (SELECT 1 FROM revisions AS v JOIN articles AS a ON a.id = v.article_id "
        "GROUP BY v.article_id HAVING max(v.number) != a.revision "
        "OR max(v.number) - min(v.number) + 1 != count(*))",
    )
    if broken:
        return Finding("history", False, f"{broken:,} articles lack a revision in between")
    return Finding("history", True, "no revision is missing")


def _pending(connection: Connection) -> Finding:
    count = _scalar(connection, "SELECT count(*) FROM pages WHERE outcome = 'pending'")
    if count:
        told = f"{count:,} stored but not cleaned; if nothing runs now, `taosha reclean` takes them up"
        return Finding("pages", True, told)
    return Finding("pages", True, "all are cleaned")


def _slack(connection: Connection) -> Finding:
    pages, unused, size = (
        _scalar(connection, f"PRAGMA {name}") for name in ("page_count", "freelist_count", "page_size")
    )
    told = f"{unused * size / 1e6:,.1f} of {pages * size / 1e6:,.1f} MB are unused"
    if unused > _FEW_PAGES and unused > _SLACK * pages:
        return Finding("space", False, told, "vacuum")
    return Finding("space", True, told)


def _drop_bodies(store: Store) -> None:
    with store.writing() as connection:
        connection.exec_driver_sql(
            "DELETE FROM bodies WHERE NOT EXISTS (SELECT 1 FROM pages WHERE pages.body_id = bodies.id)"
        )


def _reindex(store: Store) -> None:
    with store.writing() as connection:
        connection.exec_driver_sql("REINDEX")


_REMEDIES: dict[str, Callable[[Store], None]] = {
    "rebuild": rebuild_index,
    "drop bodies": _drop_bodies,
    "reindex": _reindex,
    "vacuum": Store.rewrite,
}
