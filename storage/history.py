"""The states that an article had, the oldest first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Row, select

from storage.models import ArticleRow, RevisionRow, table_of
from storage.records import RevisionRecord
from storage.states import State, unpack_state
from storage.store import Store
from storage.write_revisions import current_state

__all__ = ["made_in_run", "revisions", "states"]

_ARTICLES = table_of(ArticleRow)
_REVISIONS = table_of(RevisionRow)
_BATCH = 200

RevisionChange = tuple[int, Mapping[str, tuple[int, int]]]
"""(number, how often each rule acted before and after)"""

_UNKNOWN = "unknown"
"""The cause of a state from before the store kept history."""


def revisions(store: Store, article_id: int) -> list[RevisionRecord]:
    """Tell how each state came about, the first one first. Raises ``KeyError`` for no such article."""
    with store.reading() as connection:
        article, rows = _rows(connection, article_id)
    oldest = article.revision - len(rows)
    made: list[tuple[Any, ...]] = [
        (oldest, "new" if oldest == 1 else _UNKNOWN, article.first_seen_at, article.first_run_id, (), {})
    ]
    made += [
        (row.number, row.cause, row.made_at, row.run_id, tuple(json.loads(row.fields)), _pairs(row.rules))
        for row in rows
    ]
    sources = [(row.page_id, row.fingerprint, row.chars) for row in rows]
    sources.append((article.page_id, article.fingerprint, article.chars))
    return [
        RevisionRecord(number, cause, at, run, *source, fields, rules)
        for (number, cause, at, run, fields, rules), source in zip(made, sources, strict=True)
    ]


def _pairs(stored: str) -> Mapping[str, tuple[int, int]]:
    return {name: (before, after) for name, (before, after) in json.loads(stored).items()}


def states(store: Store, article_id: int) -> dict[int, State]:
    """Give all states that are kept, by number.

    Raises ``KeyError`` for no such article, :class:`storage.errors.StoreDamaged` if one can not be read.
    """
    with store.reading() as connection:
        article, rows = _rows(connection, article_id)
        state: State = current_state(connection, article_id)
    found = {article.revision: state}
    for row in reversed(rows):
        state = unpack_state(row.before, state)
        found[row.number - 1] = state
    return dict(sorted(found.items()))


def made_in_run(store: Store, run_id: int) -> Iterator[tuple[int, RevisionChange]]:
    """Give (article, change) for each revision that a run made, in the order of their making."""
    query = (
        select(_REVISIONS.c.id, _REVISIONS.c.article_id, _REVISIONS.c.number, _REVISIONS.c.rules)
        .where(_REVISIONS.c.run_id == run_id)
        .order_by(_REVISIONS.c.id)
        .limit(_BATCH)
    )
    last = 0
    while True:
        with store.reading() as connection:
            rows = connection.execute(query.where(_REVISIONS.c.id > last)).all()
        if not rows:
            return
        yield from ((row.article_id, (row.number, _pairs(row.rules))) for row in rows)
        last = rows[-1].id


def _rows(connection: Connection, article_id: int) -> tuple[Row[*tuple[Any, ...]], list[Any]]:
    article = connection.execute(select(_ARTICLES).where(_ARTICLES.c.id == article_id)).one_or_none()
    if article is None:
        raise KeyError(article_id)
    query = select(_REVISIONS).where(_REVISIONS.c.article_id == article_id).order_by(_REVISIONS.c.number)
    return article, list(connection.execute(query).all())
