"""The phrases that the repair was taught from the store's own articles, and the texts to learn from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, func, insert, select

from storage.models import ArticleRow, EditRow, PhraseRow, table_of

if TYPE_CHECKING:
    from storage.store import Store

__all__ = ["read_phrases", "sure_texts", "write_phrases"]

_PHRASES = table_of(PhraseRow)
_BATCH = 200


def read_phrases(connection: Connection) -> tuple[str, ...]:
    """All phrases, in a stable order."""
    return tuple(sorted(connection.execute(select(_PHRASES.c.phrase)).scalars()))


def write_phrases(connection: Connection, phrases: Sequence[str]) -> None:
    """Put ``phrases`` in the place of all that were there."""
    connection.execute(delete(_PHRASES))
    if phrases:
        connection.execute(insert(_PHRASES), [{"phrase": phrase} for phrase in phrases])


def sure_texts(store: Store, most: int) -> Iterator[str]:
    """The texts of the latest ``most`` Chinese articles in which no repair was uncertain, newest first.

    An uncertain repair must not teach itself.
    """
    doubted = select(EditRow.article_id).where(EditRow.uncertain == 1)
    query = (
        select(ArticleRow.id, ArticleRow.text)
        .where(ArticleRow.language.like("zh%"), ArticleRow.id.not_in(doubted))
        .order_by(ArticleRow.id.desc())
        .limit(_BATCH)
    )
    with store.reading() as connection:
        last = (connection.execute(select(func.max(ArticleRow.id))).scalar() or 0) + 1
    while most > 0:
        with store.reading() as connection:
            rows = connection.execute(query.where(ArticleRow.id < last)).all()
        if not rows:
            return
        yield from (row.text for row in rows[:most])
        most -= len(rows)
        last = rows[-1].id
