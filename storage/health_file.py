"""Checks of a store in a file: what a crash, a full disk or another program may have done to it."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter

from sqlalchemy import Connection, text

from storage.errors import StoreDamaged
from storage.faults import translated
from storage.findings import SAMPLE, Finding, scalar
from storage.grams import grams
from storage.search import INDEX_NAME
from storage.store import Store

__all__ = ["drop_loose_rows", "first_problem", "index", "integrity", "keys", "reindex", "slack"]

_PROBLEMS = 20
"""How many problems SQLite's own check lists."""

_SLACK = 0.25
"""Share of unused pages in the file above which it is worth rewriting."""

_INDEX_ONLY = re.compile(
    r"row \d+ missing from index|wrong # of entries in index|non-unique entry in index", re.I
)
_FEW_PAGES = 1000
_TOLD = 300
"""Characters of what SQLite says about damage; it may fill pages."""

_PLACE = "the search index"
_BACKUP = "; go back to a backup"
_WORDS = "CREATE VIRTUAL TABLE temp.taosha_words USING fts5vocab('main', '{}', 'row')"


def integrity(connection: Connection) -> Finding:
    """Let SQLite read the whole file."""
    problems = [str(row[0]) for row in connection.exec_driver_sql(f"PRAGMA integrity_check({_PROBLEMS})")]
    if problems == ["ok"]:
        return Finding("integrity", True, "the file is sound")
    told = _short("; ".join(problems[:3]))
    if all(_INDEX_ONLY.search(problem) for problem in problems):
        return Finding("integrity", False, told, "reindex")
    return Finding("integrity", False, f"{told}: go back to a backup")


def first_problem(connection: Connection) -> str | None:
    """Give the first thing that SQLite finds wrong with a file, if any."""
    problem = str(connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar())
    return None if problem == "ok" else _short(problem)


def _short(problem: str) -> str:
    told = " ".join(problem.split())
    return told if len(told) <= _TOLD else told[:_TOLD] + "…"


def keys(connection: Connection) -> Finding:
    """Look for rows that point nowhere."""
    loose, lost = _loose_rows(connection)
    if not loose and not lost:
        return Finding("keys", True, "all rows belong")
    remedy = "drop rows" if loose else None
    all_rows = Counter({table: len(rows) for table, rows in loose.items()}) + lost
    told = ", ".join(f"{table} {count}" for table, count in sorted(all_rows.items()))
    advice = "another program removed what they belong to"
    return Finding(
        "keys", False, f"rows that point nowhere: {told}: {advice}{_BACKUP if lost else ''}", remedy
    )


def drop_loose_rows(store: Store) -> None:
    """Remove the rows that would have gone with what they belong to; the history of articles stays."""
    with store.writing() as connection:
        loose, _ = _loose_rows(connection)
        for table, rows in loose.items():
            connection.execute(text(f"DELETE FROM {table} WHERE rowid = :row"), rows)  # noqa: S608


def _loose_rows(connection: Connection) -> tuple[dict[str, list[dict[str, int]]], Counter[str]]:
    """Give the rows that are nothing by themselves, by table, and count the others that point nowhere."""
    loose: dict[str, list[dict[str, int]]] = {}
    lost: Counter[str] = Counter()
    for table, row, _, key in connection.exec_driver_sql("PRAGMA foreign_key_check").all():
        actions = {
            found[0]: found[6] for found in connection.exec_driver_sql(f"PRAGMA foreign_key_list({table})")
        }
        if actions[key] == "CASCADE" and table != "revisions":
            loose.setdefault(table, []).append({"row": row})
        else:
            lost[table] += 1
    return loose, lost


def index(connection: Connection, *, quick: bool = False) -> Finding:
    """Compare the search index with the articles, and read all of it, unless ``quick``."""
    try:
        with translated(_PLACE):
            if not quick and (held := _tokens_held(connection)) != (noted := _tokens_noted(connection)):
                return Finding("search index", False, f"holds {held:,} words, not {noted:,}", "rebuild")
            return _compared(connection)
    except StoreDamaged as error:
        return Finding("search index", False, str(error).removeprefix(f"{_PLACE}: "), "rebuild")


def _tokens_noted(connection: Connection) -> int:
    """Give how many tokens the index says it holds.

    Its first record counts the articles, then the tokens of each column. Numbers are written seven bits
    a byte, the highest first; all bytes but the last have the eighth bit (sqlite.org/fts5.html).
    """
    record = connection.exec_driver_sql(f"SELECT block FROM {INDEX_NAME}_data WHERE id = 1").scalar()  # noqa: S608
    numbers, number = [], 0
    for byte in bytes(record or b""):
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            numbers.append(number)
            number = 0
    return sum(numbers[1:])


def _tokens_held(connection: Connection) -> int:
    """Read every entry: a page of the index that is empty or damaged shows in no list of articles."""
    # What is made for it is temporary, so it may be made beside a store that is only read.
    reading = scalar(connection, "PRAGMA query_only")
    connection.exec_driver_sql("PRAGMA query_only = OFF")
    try:
        connection.exec_driver_sql(_WORDS.format(INDEX_NAME))
        try:
            return scalar(connection, "SELECT sum(cnt) FROM temp.taosha_words")
        finally:
            connection.exec_driver_sql("DROP TABLE temp.taosha_words")
    finally:
        connection.exec_driver_sql(f"PRAGMA query_only = {reading}")


def _compared(connection: Connection) -> Finding:
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
