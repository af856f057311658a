"""Checks of a store on a server, which sees to its files and keys by itself."""

from __future__ import annotations

from sqlalchemy import Connection, select

from storage.findings import SAMPLE, Finding, scalar
from storage.models import ArticleRow
from storage.words import WORDS, word_row

__all__ = ["index", "server"]


def server(connection: Connection) -> Finding:
    """Tell which server it is."""
    version = str(connection.exec_driver_sql("SHOW server_version").scalar_one())
    encoding = str(connection.exec_driver_sql("SHOW server_encoding").scalar_one())
    return Finding("server", encoding == "UTF8", f"PostgreSQL {version}, encoding {encoding}")


def index(connection: Connection) -> Finding:
    """Compare the search index with the articles: that each is there, and a sample closely."""
    missing = scalar(
        connection,
        "SELECT count(*) FROM articles AS a WHERE NOT EXISTS "
        "(SELECT 1 FROM article_words AS w WHERE w.article_id = a.id)",
    )
    every = max(1, scalar(connection, "SELECT count(*) FROM articles") // SAMPLE)
    query = (
        select(ArticleRow.id, ArticleRow.title, ArticleRow.text, WORDS.c.title, WORDS.c.text)
        .join(WORDS, WORDS.c.article_id == ArticleRow.id)
        .where(ArticleRow.id % every == 0)
        .limit(SAMPLE)
    )
    stale = 0
    for number, title, text, *kept in connection.execute(query):
        row = word_row(number, title, text)
        stale += [row["title"], row["text"]] != kept
    if missing or stale:
        told = f"{missing:,} articles are missing, {stale:,} of a sample are stale"
        return Finding("search index", False, told, "rebuild")
    return Finding("search index", True, "holds every article")
