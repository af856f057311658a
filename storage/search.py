"""Full-text search over titles and texts, ranked, with the matches marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    column,
    delete,
    func,
    insert,
    literal_column,
    select,
    table,
    text,
)

from storage.filters import Where, conditions
from storage.grams import fold, is_gram_char
from storage.models import ArticleRow, SourceRow
from storage.postgres import SCHEME
from storage.query import parse_query
from storage.records import Hit
from storage.search_words import ask_index, ranked
from storage.store import Store
from storage.words import WORDS, word_row

__all__ = ["INDEX_NAME", "mark", "rebuild_index", "search", "snippet"]

INDEX_NAME = "articles_fts"
"""The full-text index of a store in a file."""

_INDEX = table(INDEX_NAME, column("rowid"))
_ROW: ColumnElement[int] = literal_column("+articles_fts.rowid")
"""With the plus, a filter is a look-up for each match; without it, FTS5 runs the query again for each
article that the filter lets through."""
_RANKED = 20_000
"""Of so many articles, the newest that match, the best are given: ranking looks at each of them."""

_TITLE_WEIGHT = 8.0
"""A word in the title says more of what an article is about than one among a thousand characters."""

_SNIPPET = 80
"""Length of a snippet in characters: about two lines of a terminal."""

_LOOK = 100_000
"""How far into a text snippets look, in characters."""

_BATCH = 500

_TRIED = 400
"""How many matches are tried as the start of a snippet: a text may have thousands of 的."""

Parts = tuple[tuple[str, bool], ...]


def search(store: Store, query: str, where: Where | None = None, limit: int | None = 20) -> list[Hit]:
    """Give the articles that match, the best first (equal ones: the newest first).

    Raises :class:`storage.errors.QuerySyntaxError` when the query can not be understood.
    """
    parsed = parse_query(query)
    pattern = _pattern(parsed.words)
    # Ranked inside the index first: the wide rows of articles are read only for what is shown.
    if store.dialect == SCHEME:
        best = ranked(parsed.tree, where or Where(), limit)
    else:
        best = _ranked(parsed.match, where or Where(), limit)
    with store.reading() as connection:
        if store.dialect == SCHEME:
            ask_index(connection)
        return [_hit(row, pattern) for row in connection.execute(_shown(best))]


def _ranked(match: str, where: Where, limit: int | None) -> Select[*tuple[Any, ...]]:
    score = func.bm25(text("articles_fts"), _TITLE_WEIGHT, 1.0)
    found = select(_INDEX.c.rowid.label("id"), score.label("score")).where(
        text("articles_fts MATCH :match").bindparams(match=match)
    )
    if chosen := conditions(where):
        found = found.where(_ROW.in_(select(ArticleRow.id).where(*chosen)))
    if limit is not None:  # in the order of the index, which stops early
        newest = found.order_by(_INDEX.c.rowid.desc()).limit(max(limit, _RANKED)).subquery()
        found = select(newest.c.id, newest.c.score)
        return found.order_by(newest.c.score, newest.c.id.desc()).limit(limit)
    return found.order_by(text("score"), _INDEX.c.rowid.desc())


def _shown(ranked: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    best = ranked.subquery()
    columns = (
        *(ArticleRow.id, SourceRow.name, ArticleRow.published_at, ArticleRow.published_precision),
        *(ArticleRow.title, ArticleRow.origin, ArticleRow.chars, best.c.score),
        func.substr(ArticleRow.text, 1, _LOOK).label("text"),
    )
    return (
        select(*columns)
        .join(best, best.c.id == ArticleRow.id)
        .join(SourceRow, SourceRow.id == ArticleRow.source_id)
        .order_by(best.c.score, ArticleRow.id.desc())
    )


def _hit(row: Row[*tuple[Any, ...]], pattern: re.Pattern[str]) -> Hit:
    return Hit(
        article_id=row.id,
        source=row.name,
        published_at=row.published_at,
        published_precision=row.published_precision,
        title=row.title,
        origin=row.origin,
        chars=row.chars,
        score=round(-row.score, 4),
        title_parts=mark(row.title, pattern) if row.title else ((row.origin, False),),
        snippet=snippet(row.text, pattern),
    )


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    """Give what to mark: Han words anywhere (the page may have spaces in them), others from their start."""
    options = []
    for word in sorted(words, key=len, reverse=True):
        if is_gram_char(word[0]):
            options.append("[ \u3000]*".join(map(re.escape, word)))
        else:
            options.append(rf"(?<![^\W_]){re.escape(word)}")
    return re.compile("|".join(options) or r"(?!)")


def mark(content: str, pattern: re.Pattern[str]) -> Parts:
    """Cut ``content`` into (text, is a match), in order and complete."""
    return tuple(_parts(content, [m.span() for m in pattern.finditer(fold(content))]))


def _parts(content: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    done = 0
    for start, end in spans:
        if start > done:
            yield content[done:start], False
        yield content[start:end], True
        done = end
    if done < len(content):
        yield content[done:], False


def snippet(content: str, pattern: re.Pattern[str]) -> Parts:
    """Give the stretch of ``content`` with the most different matches, marked, with … where it was cut."""
    folded = fold(content)
    spans = [(m.start(), m.end(), m[0]) for m in pattern.finditer(folded)]
    start = _best_start(spans, len(content))
    end = min(len(content), start + _SNIPPET)
    inside = [(a - start, min(b, end) - start) for a, b, _ in spans if start <= a < end]
    parts = list(_parts(content[start:end], inside))
    if start > 0:
        parts.insert(0, ("…", False))
    if end < len(content):
        parts.append(("…", False))
    return tuple(parts)


def _best_start(spans: Sequence[tuple[int, int, str]], length: int) -> int:
    best, most = 0, 0
    for index, (first, _, _) in enumerate(spans[:_TRIED]):
        words = {w for a, b, w in spans[index : index + _SNIPPET] if b <= first + _SNIPPET * 3 // 4}
        if len(words) > most:
            best, most = first, len(words)
    return max(0, min(best - _SNIPPET // 4, length - _SNIPPET))


def rebuild_index(store: Store) -> None:
    """Make the full-text index anew from the articles."""
    if store.dialect == SCHEME:
        _rebuild_words(store)
        return
    with store.writing() as connection:
        connection.exec_driver_sql("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
        connection.exec_driver_sql(
            "INSERT INTO articles_fts (rowid, title, text) "
            "SELECT id, taosha_grams(title), taosha_grams(text) FROM articles"
        )


def _rebuild_words(store: Store) -> None:
    with store.writing() as connection:
        connection.execute(delete(WORDS))
        query = select(ArticleRow.id, ArticleRow.title, ArticleRow.text).order_by(ArticleRow.id).limit(_BATCH)
        last = 0
        while rows := connection.execute(query.where(ArticleRow.id > last)).all():
            connection.execute(insert(WORDS), [word_row(*row) for row in rows])
            last = rows[-1].id
