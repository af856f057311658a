"""Articles of the frontier under several addresses: which address stands for itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from storage.models import FrontierRow, table_of
from storage.texts import key_text

__all__ = ["article_row", "is_list", "stands"]

_T = table_of(FrontierRow)


def article_row(connection: Connection, source: int, url: str) -> Any:
    """The row of the article at ``url``, or None."""
    mine = (_T.c.source_id == source, _T.c.kind == "article", _T.c.url == key_text(url))
    return connection.execute(select(_T).where(*mine)).one_or_none()


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
