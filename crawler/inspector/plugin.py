"""What is hung into Datasette: our pages, and search that understands words of any length."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator
from typing import Any, TypeVar

from datasette import hookimpl
from datasette.utils import escape_fts
from datasette.utils.asgi import Request

from crawler.inspector.article_pages import ArticlePages
from crawler.inspector.pages import Pages
from storage import Store
from storage.errors import QuerySyntaxError
from storage.grams import grams
from storage.query import parse_query

__all__ = ["Plugin"]

F = TypeVar("F", bound=Callable[..., Any])
_hook: Callable[[F], F] = hookimpl
_last: Callable[[F], F] = hookimpl(trylast=True)
_around: Callable[[F], F] = hookimpl(wrapper=True)

_NOTHING = '""'
"""A query that the index understands, and that nothing answers."""


class Plugin:
    """Acts on one Datasette only: another one in the same process stays as it is."""

    __name__ = "crawler.inspector"  # Datasette looks for the package of a plugin by this

    def __init__(self, datasette: Any, store: Store, tables: str) -> None:
        self._datasette = datasette
        self._pages = Pages(store, datasette, tables)
        self._article = ArticlePages(self._pages)

    @_hook
    def register_routes(self, datasette: Any) -> list[tuple[str, Any]]:
        """Put our pages where people look first; Datasette's own stay under the name of the store."""
        if datasette is not self._datasette:
            return []
        pages, article = self._pages, self._article
        return [
            (r"^/$", pages.overview),
            (r"^/search$", pages.search),
            (r"^/failures$", pages.failures),
            (r"^/rules$", pages.rules),
            (r"^/rules/(?P<rule>[A-Za-z0-9._@-]+)$", pages.rule),
            (r"^/article/(?P<id>[0-9]+)$", article.text),
            (r"^/article/(?P<id>[0-9]+)/why$", article.why),
            (r"^/article/(?P<id>[0-9]+)/history$", article.history),
            (r"^/page/(?P<id>[0-9]+)$", article.page),
            (r"^/page/(?P<id>[0-9]+)/raw$", article.raw),
        ]

    @_last  # after Datasette has made its own `escape_fts`
    def prepare_connection(self, conn: sqlite3.Connection, datasette: Any) -> None:
        """Let SQL, and the search box of the table of articles, ask as `taosha search` does."""
        if datasette is self._datasette:
            conn.create_function("taosha_match", 1, _match, deterministic=True)
            conn.create_function("taosha_grams", 1, grams, deterministic=True)
            conn.create_function("escape_fts", 1, _match, deterministic=True)

    @_around
    def handle_exception(
        self, datasette: Any, request: Request, exception: Exception
    ) -> Generator[None, list[Any], list[Any]]:
        """Answer for Datasette, which would print to stderr what its frames held of the pages."""
        theirs = yield
        return theirs if datasette is not self._datasette else [self._pages.problem(request, exception)]

    @_hook
    def skip_csrf(self, datasette: Any) -> bool:
        """No form of ours is sent by POST: nothing needs a cookie."""
        return datasette is self._datasette


def _match(words: str | None) -> str:
    """Give the query for the index; what can not be understood is looked for as it is."""
    try:
        return parse_query(words or "").match
    except QuerySyntaxError:
        return str(escape_fts(words or "")) or _NOTHING
