"""The full-text index of a store on PostgreSQL: the same tokens as in SQLite's, found by GIN.

PostgreSQL's parsers find no Chinese words, and a ``tsvector`` forgets positions behind 16,383. So
the table ``article_words`` keeps the tokens of :mod:`storage.grams` in order, as text; the index
over them (a ``tsvector`` without positions) gives the articles that have all tokens of a query, and
what must stand side by side is looked up in the text.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from sqlalchemy import Column, MetaData, Table

from storage.grams import grams, is_gram_char
from storage.models.base import INTEGER, TEXT

__all__ = ["VECTOR", "WORDS", "plain", "word_row"]

WORDS = Table(
    "article_words",
    MetaData(),
    Column("article_id", INTEGER, primary_key=True, autoincrement=False),
    Column("title", TEXT, nullable=False),
    Column("text", TEXT, nullable=False),
)

VECTOR = "array_to_tsvector(string_to_array(btrim(article_words.title || ' ' || article_words.text), ' '))"
"""What is indexed; written out, because a query with other words would not use the index."""

_LATIN = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
_LONGEST_TOKEN = 200
_LONG_TOKEN = re.compile(f"([^ ]{{{_LONGEST_TOKEN}}})[^ ]+")
_LONGEST = {"title": 20_000, "text": 900_000}
"""Bytes of tokens that are kept: a ``tsvector`` has room for a million, and a Chinese character takes 7."""


def word_row(article_id: int, title: str | None, text: str) -> dict[str, Any]:
    """Give the row of the index for an article."""
    kept = {"title": _tokens(title), "text": _tokens(text)}
    return {"article_id": article_id} | {name: _bounded(kept[name], most) for name, most in _LONGEST.items()}


def _tokens(text: str | None) -> str:
    return plain(grams(text))


def plain(words: str) -> str:
    """Give tokens without the marks on Latin letters, and cut where a token is too long for the index."""
    if _LATIN.search(words):
        words = " ".join(map(_unmarked, words.split(" ")))
    return _LONG_TOKEN.sub(r"\1", words)


def _unmarked(token: str) -> str:
    if is_gram_char(token[:1]):
        return token
    return "".join(c for c in unicodedata.normalize("NFD", token) if not unicodedata.combining(c))


def _bounded(words: str, most: int) -> str:
    if len(words) * 4 <= most:
        return words
    packed = words.encode()
    return words if len(packed) <= most else packed[:most].decode(errors="ignore").rpartition(" ")[0]
