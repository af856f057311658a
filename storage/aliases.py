"""Articles of the frontier under several addresses: which address stands for itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select, update

from storage.models import FrontierRow, table_of
from storage.texts import key_text

__all__ = ["article_row", "give_way", "is_list", "stands", "twin_row"]

_T = table_of(FrontierRow)


def article_row(connection: Connection, source: int, url: str) -> Any:
    """The row of the article at ``url``, or None."""
    mine = (_T.c.source_id == source, _T.c.kind == "article", _T.c.url == key_text(url))
    return connection.execute(select(_T).where(*mine)).one_or_none()


def give_way(connection: Connection, source: int, twin: str, article: str) -> None:
    """Note that ``twin`` is another address of the article at ``article``, which is known."""
    mine = (_T.c.source_id == source, _T.c.kind == "article", _T.c.url == key_text(twin))
    connection.execute(update(_T).where(*mine).values(referrer=key_text(article)))


def twin_row(connection: Connection, source: int, article: str) -> Any:
    """The row of a page that gave way to the article at ``article``, or None."""
    twins = (_T.c.source_id == source, _T.c.kind == "article", _T.c.referrer == key_text(article))
    given_way = (_T.c.state == "skipped", _T.c.reason == "duplicate")
    return connection.execute(select(_T).where(*twins, *given_way).order_by(_T.c.id).limit(1)).one_or_none()


def stands(connection: Connection, row: Any, referrer: str) -> bool:
    """Whether ``row`` is more than another address of the article at ``referrer``."""
    if row.state in ("failed", "gone", "rejected"):
        return False
    if (row.state, row.reason) != ("skipped", "duplicate") or row.referrer is None:
        return True
    # It was taken for the article that led to it; or a list named it, and it was found to be a twin itself.
    return row.referrer != key_text(referrer) and not is_list(connection, row.source_id, row.referrer)


def is_list(connection: Connection, source: int, url: str) -> bool:
    """Whether ``url`` is known as a home page, a list, a feed or a sitemap."""
    these = (_T.c.source_id == source, _T.c.kind != "article", _T.c.url == key_text(url))
    return connection.execute(select(_T.c.id).where(*these).limit(1)).first() is not None
