"""The pages about one article, and about a page that gave none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from datasette.utils.asgi import NotFound, Request, Response

from crawler.inspector.pages import Pages
from crawler.inspector.present import counted
from crawler.inspector.rows import by_rule, rows, rule_counts
from storage.articles import article, flags
from storage.differences import difference
from storage.disabled import disabled_by_source
from storage.errors import BodyMissing, StoreUnusable
from storage.history import revisions, states
from storage.inspection.explained import explain
from storage.inspection.fetches import fetches
from storage.listing import find_articles
from storage.raw_pages import load_page, page_record
from storage.records import ArticleRecord, FlagRecord

__all__ = ["ArticlePages"]

_MOST_ROWS = 1500
"""Rows of the two columns; pages with more blocks are rare and slow to draw."""

_POINTED = 40
"""Characters of the text that are shown where something was noticed."""

_FACTS = (
    *("title", "subtitle", "original_title", "authors", "editors", "source", "producer", "site_name"),
    *("published_at", "published_raw", "timezone_source", "modified_at", "language", "script", "section"),
    *("tags", "description", "access", "image_credit", "encoding", "chars"),
)
_FIELD_OF = {
    "published_at": "published",
    "modified_at": "modified",
    "authors": "author",
    "editors": "editor",
}
"""Fields that evidence calls by another name."""

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class ArticlePages:
    """The views of an article: its text with the metadata, why it is so, and what it was before."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def text(self, request: Request) -> Response:
        """The clean text, and the metadata with the evidence for it."""
        found = await self._article(request)
        return await self._draw(
            request, found, "text", facts=list(_facts(found)), paragraphs=found.fields["text"].split("\n")
        )

    async def why(self, request: Request) -> Response:
        """The page beside the article: what was dropped, what was changed, by which rule."""
        found = await self._article(request)
        only = request.args.get("rule") or None
        explanation = await self._pages.ask(explain, found.id)
        counts = rule_counts(explanation)
        only = next((name for name in counts if only in (name, name.partition("@")[0])), only)
        shown = rows(explanation, only)
        disabled = await self._pages.ask(disabled_by_source)
        return await self._draw(
            request,
            found,
            "why",
            rules=counts,
            rows=shown[:_MOST_ROWS],
            left_out=max(0, len(shown) - _MOST_ROWS),
            markup=by_rule([e for e in explanation.markup if only in (None, e.rule)]),
            only=only,
            noticed=[_noticed(flag, found) for flag in await self._pages.ask(flags, found.id, only)],
            disabled=sorted(disabled.get(found.crawl_source, ())),
        )

    async def history(self, request: Request) -> Response:
        """The revisions, what changed in the chosen one, and the raw pages that came."""
        found = await self._article(request)
        made = await self._pages.ask(revisions, found.id)
        numbers = [revision.number for revision in made]
        asked = request.args.get("revision") or ""
        chosen = int(asked) if asked in map(str, numbers[1:]) else numbers[-1]
        changes = None
        if chosen > numbers[0]:
            kept = await self._pages.ask(states, found.id)
            changes = difference(kept[chosen - 1], kept[chosen])
        came = await self._pages.ask(fetches, found.fields["origin"])
        return await self._draw(
            request, found, "history", revisions=made[::-1], chosen=chosen, changes=changes, fetches=came
        )

    async def page(self, request: Request) -> Response:
        """A page that came, whether it gave an article or not."""
        found = await self._pages.ask(page_record, _id(request))
        if found is None:
            raise NotFound("there is no such page in this store")
        articles = await self._pages.ask(find_articles, found.origin) if found.outcome == "article" else []
        facts = asdict(found) | {"id": f"p{found.id}", "size": counted(found.size, "byte")}
        return await self._pages.draw(
            request, "page", page=found, facts=facts, gave=next(iter(articles), None)
        )

    async def raw(self, request: Request) -> Response:
        """The page as it came, to save: never as something that a browser would run."""
        number = _id(request)
        try:
            found = await self._pages.ask(load_page, number)
        except KeyError as error:
            raise NotFound("there is no such page in this store") from error
        except (BodyMissing, StoreUnusable) as error:
            raise NotFound("the bytes of this page are not kept") from error
        name = _UNSAFE.sub("-", found.url.rsplit("/", 1)[-1])[:80].strip("-.") or "page"
        return Response(
            found.body,
            content_type="application/octet-stream",
            headers={"Content-Disposition": f'attachment; filename="{number}-{name}"'},
        )

    async def _article(self, request: Request) -> ArticleRecord:
        found = await self._pages.ask(article, _id(request))
        if found is None:
            raise NotFound("there is no such article in this store")
        return found

    async def _draw(self, request: Request, found: ArticleRecord, view: str, **values: Any) -> Response:
        values |= {"article": found, "fields": found.fields, "view": view, "lang": _lang(found.fields)}
        return await self._pages.draw(request, f"article_{view}", **values)


def _noticed(flag: FlagRecord, found: ArticleRecord) -> tuple[FlagRecord, str]:
    """Give a flag with the words of the article that it points at."""
    text: str = found.fields["text"]
    return flag, text[flag.start : flag.start + _POINTED].partition("\n")[0]


def _id(request: Request) -> int:
    number: str = request.url_vars["id"]
    if len(number) > 18:  # SQLite's integers have 64 bits
        raise NotFound("there is no such number in this store")
    return int(number)


def _lang(fields: Mapping[str, Any]) -> str:
    """Give the language of the clean text for the browser, which picks the shapes of characters by it."""
    language: str | None = fields["language"]
    return "zh-Hans" if language is None or language.startswith("zh") else language


def _facts(found: ArticleRecord) -> Iterable[tuple[str, Any, list[tuple[str, str]]]]:
    """Give (field, value, the (value, place)s that the page offers for it), stated fields only."""
    offered: dict[str, list[tuple[str, str]]] = {}
    for candidate in found.candidates:
        offered.setdefault(candidate["field"], []).append((candidate["value"], candidate["place"]))
    for name in _FACTS:
        evidence = offered.get(name) or offered.get(_FIELD_OF.get(name, name)) or []
        if found.fields[name] not in (None, "", []) or evidence:
            yield name, found.fields[name], evidence
