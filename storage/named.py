"""Which articles a source's lists have named."""

from __future__ import annotations

from sqlalchemy import select

from storage.models import FrontierRow, SourceRow, table_of
from storage.store import Store
from storage.texts import key_text

__all__ = ["named_articles"]

_T, _SOURCES = table_of(FrontierRow), table_of(SourceRow)


def named_articles(store: Store, source: str, limit: int = 2000) -> list[str]:
    """The URLs that are known as articles of ``source``, oldest first; twins are left out."""
    query = (
        select(_T.c.url)
        .join(_SOURCES, _SOURCES.c.id == _T.c.source_id)
        .where(_SOURCES.c.name == key_text(source), _T.c.kind == "article")
        .where((_T.c.reason != "duplicate") | _T.c.reason.is_(None))
        .order_by(_T.c.id)
        .limit(limit)
    )
    with store.reading() as connection:
        return list(connection.execute(query).scalars())
