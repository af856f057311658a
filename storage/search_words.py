"""The search of a store on PostgreSQL: a tree of what is asked for, as SQL over the table of words."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    cast,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from storage.expressions import All, Either, Field, Node, Term
from storage.filters import Where, conditions
from storage.models import ArticleRow
from storage.words import VECTOR, WORDS, plain

__all__ = ["ask_index", "ranked"]

_RANKED = 2000
"""Of so many articles, the newest that match, the best are given: ranking reads their whole texts."""

_TITLE_WEIGHT = 8
_TYPICAL = 13_000.0
"""Bytes of the tokens of an ordinary article, with which others are compared (as bm25 does)."""


_BY_INDEX = "SET LOCAL enable_seqscan = off"
"""Where most articles match, PostgreSQL would rather make the vector of each one anew than ask the index:
it takes that for cheap, and it takes a hundred times as long."""


def ask_index(connection: Connection) -> None:
    """Let the queries of this transaction find words by the index."""
    connection.exec_driver_sql(_BY_INDEX)


def ranked(tree: Node, where: Where, limit: int | None) -> Select[*tuple[Any, ...]]:
    """Give the query for (id, score) of the articles that match, the lowest score the best."""
    exact = _exact(tree)
    words = exact or _superset(tree)
    have = select(WORDS.c.article_id.label("id")).where(_has(words)).cte("have").prefix_with("MATERIALIZED")
    found = select(WORDS.c.article_id, WORDS.c.title, WORDS.c.text).join(
        have, have.c.id == WORDS.c.article_id
    )
    if exact is None:
        found = found.where(_matches(tree, None))
    if chosen := conditions(where):
        found = found.where(have.c.id.in_(select(ArticleRow.id).where(*chosen)))
    newest = found.order_by(have.c.id.desc())
    some = newest.limit(None if limit is None else max(limit, _RANKED)).subquery()
    length = 0.25 + 0.75 * func.octet_length(some.c.text) / _TYPICAL
    score: ColumnElement[Any] = literal(0.0)
    for term in _wanted(tree):
        times = _count(some.c.title, term) * _TITLE_WEIGHT + _count(some.c.text, term)
        score = score - times * 2.2 / (times + 1.2 * length)
    scored = select(some.c.article_id.label("id"), score.label("score"))
    return scored.order_by(literal_column("score"), some.c.article_id.desc()).limit(limit)


def _has(words: str) -> ColumnElement[bool]:
    return literal_column(VECTOR).op("@@", is_comparison=True)(cast(words, TSQUERY))


def _pattern(term: Term) -> str:
    return " " + " ".join(map(plain, term.tokens)) + ("" if term.prefix else " ")


def _superset(node: Node) -> str:
    """Give the tsquery for the articles that have all tokens, wherever they stand."""
    match node:
        case Term(tokens, prefix):
            words = [f"'{plain(token)}'" for token in tokens]
            return f"({' & '.join(words)}{':*' if prefix else ''})"
        case Field(_, inner):
            return _superset(inner)
        case Either(parts):
            return "(" + " | ".join(map(_superset, parts)) + ")"
        case All(wanted):
            return "(" + " & ".join(map(_superset, wanted)) + ")"


def _exact(node: Node) -> str | None:
    """Give the tsquery for the very articles that match, if neither order nor field of tokens matters."""
    match node:
        case Term(tokens, _):
            return _superset(node) if len(tokens) == 1 else None
        case Field():
            return None
        case Either(parts):
            found = [_exact(part) for part in parts]
            return None if None in found else "(" + " | ".join(map(str, found)) + ")"
        case All(wanted, unwanted):
            found = [*map(_exact, wanted), *(one and f"!{one}" for one in map(_exact, unwanted))]
            return None if None in found else "(" + " & ".join(map(str, found)) + ")"


def _matches(node: Node, field: str | None) -> ColumnElement[bool]:
    match node:
        case Term():
            columns = [WORDS.c.title, WORDS.c.text] if field is None else [WORDS.c[field]]
            # Tokens are letters and digits: nothing in them means something to LIKE.
            return or_(*((literal(" ") + c + literal(" ")).like(f"%{_pattern(node)}%") for c in columns))
        case Field(name, inner):
            return _matches(inner, name) if field in (None, name) else false()
        case Either(parts):
            return or_(*(_matches(part, field) for part in parts))
        case All(wanted, unwanted):
            left_out = [not_(_matches(part, field)) for part in unwanted]
            return and_(*(_matches(part, field) for part in wanted), *left_out)


def _wanted(node: Node) -> list[Term]:
    match node:
        case Term():
            return [node]
        case Field(_, inner):
            return _wanted(inner)
        case Either(parts) | All(parts):
            return [term for part in parts for term in _wanted(part)]


def _count(column: ColumnElement[Any], term: Term) -> ColumnElement[Any]:
    pattern = _pattern(term)
    padded = literal(" ") + column + literal(" ")
    left = func.octet_length(func.replace(padded, pattern, ""))
    return (func.octet_length(padded) - left) / float(len(pattern.encode()))
