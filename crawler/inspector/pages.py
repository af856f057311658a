"""The pages about many articles: overview, search, failures, rules."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from datasette.utils.asgi import NotFound, Request, Response
from markupsafe import Markup

from crawler.inspector.chart import chart, fitting
from storage import Store
from storage.disabled import disabled_rules
from storage.errors import FilterInvalid, QuerySyntaxError
from storage.filters import Where
from storage.inspection import overview as at_a_glance
from storage.inspection.failures import failures
from storage.inspection.rules import rule_use, samples
from storage.listing import list_articles, list_runs
from storage.records import Hit, Listed
from storage.search import search
from storage.source_runs import latest_source_runs

__all__ = ["Pages"]

T = TypeVar("T")

_LOG = logging.getLogger("taosha.inspector")

_SPANS = (30, 90, 365)
_PER_PAGE = 20
_LAST_PAGE = 50
"""Beyond that many pages nobody reads; ranking them would cost as much as all before."""

_LINES = 50
_SAMPLES = 10


class Pages:
    """The views; each takes Datasette's request and gives its response."""

    def __init__(self, store: Store, datasette: Any, tables: str) -> None:
        self.store = store
        self._datasette = datasette
        self._tables = tables

    async def ask(self, question: Callable[..., T], *arguments: Any, **options: Any) -> T:
        """Put a question to the store without holding up other requests."""
        return await asyncio.to_thread(question, self.store, *arguments, **options)

    async def draw(self, request: Request, name: str, status: int = 200, **values: Any) -> Response:
        """Give the page of a template."""
        values |= {"tables": self._tables, "store_name": self.store.path.name}
        html = await self._datasette.render_template(f"inspector/{name}.html", values, request=request)
        return Response.html(html, status=status)

    async def problem(self, request: Request, exception: Exception) -> Response:
        """Give the page for what went wrong, and log what is no fault of the address."""
        status = getattr(exception, "status", 500)
        message = getattr(exception, "message", None) or str(exception)
        if status >= 500:
            _LOG.error("%s: %s: %s", request.path, type(exception).__name__, exception)
            message = "The page could not be made; the program's output names the cause."
        if request.path.endswith(".json"):
            return Response.json({"ok": False, "error": message, "status": status}, status=status)
        # Some of Datasette's own messages are HTML, in which it has escaped what is not its own.
        shown = Markup(message) if getattr(exception, "message_is_html", False) else message  # noqa: S704
        values = {"code": status, "title": getattr(exception, "title", None), "error": shown}
        return await self.draw(request, "error", status=status, **values)

    async def overview(self, request: Request) -> Response:
        """How much there is, by day and source, and how the sources fare."""
        daily = await self.ask(at_a_glance.daily, _SPANS[-1])
        span = _choice(request, "days", _SPANS, fitting(daily, _SPANS))
        daily = daily if span == _SPANS[-1] else await self.ask(at_a_glance.daily, span)
        return await self.draw(
            request,
            "overview",
            chart=chart(daily),
            spans=_SPANS,
            span=span,
            totals=await self.ask(at_a_glance.totals),
            sources=await self.ask(at_a_glance.source_health),
            crawls=[crawl for crawl in await self.ask(latest_source_runs) if crawl.findings],
            latest=await self.ask(list_articles, Where(), 12),
            runs=await self.ask(list_runs, 6),
        )

    async def search(self, request: Request) -> Response:
        """Articles by their words; without any, the newest."""
        asked = {name: request.args.get(name) or "" for name in (*_FILTERS, "q")}
        page = _number(request, "page", 1, _LAST_PAGE)
        hits: list[Hit | Listed] = []
        problem = None
        try:
            where = Where(**{name: asked[name] or None for name in _FILTERS})
            wanted = page * _PER_PAGE + 1
            if asked["q"].strip():
                hits += await self.ask(search, asked["q"], where, wanted)
            else:
                hits += await self.ask(list_articles, where, wanted)
        except (QuerySyntaxError, FilterInvalid) as error:
            problem = str(error)
        start = (page - 1) * _PER_PAGE
        return await self.draw(
            request,
            "search",
            status=400 if problem else 200,
            asked=asked,
            problem=problem,
            hits=hits[start : start + _PER_PAGE],
            ranked=bool(asked["q"].strip()),
            first=start + 1,
            links=_turning(asked, page, more=len(hits) > page * _PER_PAGE and page < _LAST_PAGE),
            sources=[s.source for s in await self.ask(at_a_glance.source_health)],
            languages=await self.ask(at_a_glance.languages),
        )

    async def failures(self, request: Request) -> Response:
        """What gave no article, and why."""
        asked = {name: request.args.get(name) or "" for name in ("q", "source", "reason")}
        page = _number(request, "page", 1, 10_000)
        found = await self.ask(
            failures,
            reason=asked["reason"],
            source=asked["source"],
            words=asked["q"],
            limit=_LINES,
            skip=(page - 1) * _LINES,
        )
        links = _turning(asked, page, more=found.more)
        return await self.draw(request, "failures", asked=asked, found=found, links=links)

    async def rules(self, request: Request) -> Response:
        """Which rules removed and changed most."""
        days = _choice(request, "days", (0, 1, 7, 30), 0)
        source = request.args.get("source") or ""
        since = at_a_glance.days_ago(days) if days else None
        return await self.draw(
            request,
            "rules",
            used=await self.ask(rule_use, Where(source=source or None), since),
            days=days,
            source=source,
            disabled=await self.ask(_disabled),
            sources=[s.source for s in await self.ask(at_a_glance.source_health)],
        )

    async def rule(self, request: Request) -> Response:
        """One rule: what it means, and samples of what it did."""
        name = request.url_vars["rule"]
        seed = _number(request, "more", 0, 10_000)
        source = request.args.get("source") or ""
        removed, changed = await self.ask(samples, name, _SAMPLES, source=source or None, seed=seed)
        if not removed and not changed and not source:
            raise NotFound(f"no rule {name} has acted on anything in this store")
        return await self.draw(
            request,
            "rule",
            rule=name,
            removed=removed,
            changed=changed,
            seed=seed,
            source=source,
            disabled=(await self.ask(_disabled)).get(name.partition("@")[0], ()),
            sources=[s.source for s in await self.ask(at_a_glance.source_health)],
        )


_FILTERS = ("source", "since", "until", "language", "outcome")


def _disabled(store: Store) -> dict[str, list[str]]:
    """Give the sources for which each rule is disabled."""
    found: dict[str, list[str]] = {}
    for row in disabled_rules(store):
        found.setdefault(row.rule, []).append(row.source)
    return found


def _choice(request: Request, name: str, options: tuple[int, ...], default: int) -> int:
    """Give a number that the address asks for, if it is one of those offered."""
    asked = request.args.get(name) or ""
    return next((option for option in options if str(option) == asked), default)


def _number(request: Request, name: str, least: int, most: int) -> int:
    asked = request.args.get(name) or ""
    known = asked.isascii() and asked.isdigit() and len(asked) < 10
    return max(least, min(most, int(asked))) if known else least


def _turning(asked: Mapping[str, str], page: int, *, more: bool) -> dict[str, dict[str, str]]:
    """Give what the links to the pages before and after have to ask for."""
    kept = {name: value for name, value in asked.items() if value}
    links = {}
    if page > 1:
        links["earlier"] = kept | {"page": str(page - 1)}
    if more:
        links["later"] = kept | {"page": str(page + 1)}
    return links
