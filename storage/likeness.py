"""Articles of a source that say the same: found by their longest sentence.

The longest sentence of an article is its own in every view of it, whatever lines of the site stand
around it. Its digest is kept with the article and finds those few that are worth comparing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from storage.models import ArticleRow, SourceRow, table_of
from storage.statements import Statement
from storage.store import Store
from storage.texts import key_text

__all__ = ["Likeness", "likenesses"]

_ARTICLES, _SOURCES = table_of(ArticleRow), table_of(SourceRow)
_THERE = Statement(
    lambda among: (
        select(_ARTICLES.c.text_key)
        .distinct()
        .join(_SOURCES, _SOURCES.c.id == _ARTICLES.c.source_id)
        .where(_SOURCES.c.name == bindparam("source"), among(_ARTICLES.c.text_key, "keys"))
    )
)
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
    found: dict[str, list[Likeness]] = {key: [] for key in keys}
    of = {"source": key_text(source)}
    with store.reading() as connection:
        # One question for all of them: nearly all are new.
        for key in _THERE.run(connection, of | {"keys": list(found)}).scalars().all():
            rows = connection.execute(_QUERY, of | {"key": key})
            found[key] = [Likeness(row.origin, row.title, row.text, row.published_utc) for row in rows]
    return found
