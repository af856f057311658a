"""Articles of a source that say the same: found by their longest sentence.

The longest sentence of an article is its own in every view of it, whatever lines of the site stand
around it. Its digest is kept with the article and finds those few that are worth comparing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from storage.models import ArticleRow, SourceRow, table_of
from storage.store import Store
from storage.texts import key_text

__all__ = ["Likeness", "likenesses"]

_ARTICLES, _SOURCES = table_of(ArticleRow), table_of(SourceRow)
_MOST = 20
"""Articles that are compared with one: a site that says the same so often says nothing by it."""
_QUERY = (
    select(*(_ARTICLES.c[name] for name in ("origin", "title", "text", "published_utc", "text_key")))
    .join(_SOURCES, _SOURCES.c.id == _ARTICLES.c.source_id)
    .where(_SOURCES.c.name == bindparam("source"), _ARTICLES.c.text_key == bindparam("key"))
    .order_by(_ARTICLES.c.id.desc())
    .limit(_MOST)
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """What of an article is compared; ``published`` is in UTC as the store writes it."""

    origin: str
    title: str | None
    text: str
    published: str | None


def likenesses(store: Store, source: str, keys: Iterable[str]) -> dict[str, list[Likeness]]:
    """The articles of ``source`` that have one of ``keys``, the newest first."""
    found: dict[str, list[Likeness]] = {}
    with store.reading() as connection:
        for key in keys:
            rows = connection.execute(_QUERY, {"source": key_text(source), "key": key})
            found[key] = [Likeness(row.origin, row.title, row.text, row.published_utc) for row in rows]
    return found
