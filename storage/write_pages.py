"""Stores raw pages and failures."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, delete, insert, select, update

from cleaners.model import Page
from storage.inserts import insert_rows
from storage.models import FailureRow, PageRow, PartRow, RejectionRow, SourceRow, table_of
from storage.numbers import new_numbers
from storage.postgres import lock_keys
from storage.records import Failure, PageRef
from storage.statements import Statement
from storage.texts import key_text, plain_text
from storage.times import now_utc, utc_text
from storage.upserts import Upsert

__all__ = ["source_ids", "write_failures", "write_pages", "write_parts"]

# Statements are made once: building one costs more than running it.
_PAGES = table_of(PageRow)
_FAILURES = table_of(FailureRow)
_SOURCES = table_of(SourceRow)
_OF_NAMES = Statement(
    lambda among: select(_SOURCES.c.id, _SOURCES.c.name).where(among(_SOURCES.c.name, "names"))
)
_OF_ORIGINS = Statement(
    lambda among: select(_PAGES.c.id, _PAGES.c.origin, _PAGES.c.body_id).where(
        among(_PAGES.c.origin, "origins")
    )
)
_SEEN = Statement(lambda _: update(_PAGES).where(_PAGES.c.id == bindparam("key")))
_PART = insert(table_of(PartRow))
_NO_PARTS = delete(table_of(PartRow)).where(table_of(PartRow).c.page_id == bindparam("key"))
_PARTS = bindparam("keys", expanding=True, type_=Integer())
_IS_PART = update(_PAGES).where(_PAGES.c.id.in_(_PARTS)).values(outcome="part", fingerprint=None)
_NO_REJECTIONS = delete(table_of(RejectionRow)).where(table_of(RejectionRow).c.page_id.in_(_PARTS))
_RESOLVE = Statement(
    lambda among: (
        update(_FAILURES)
        .where(among(_FAILURES.c.origin, "origins"), _FAILURES.c.resolved_at.is_(None))
        .values(resolved_at=bindparam("now"))
    )
)
_FAIL = Upsert(
    _FAILURES,
    ("source_id", "origin", "reason"),
    ("detail", "last_failed_at", "last_run_id", "resolved_at"),
    {"tries": _FAILURES.c.tries + 1},
)

NewPage = tuple[Page, str, str]
"""(page, source name, SHA-256 of its body)"""


def write_pages(
    connection: Connection, items: Sequence[NewPage], bodies: Mapping[str, int], run_id: int
) -> list[PageRef]:
    """Store pages; ``bodies`` has the row numbers of their bodies.

    The parts of a page are written with it by :func:`write_parts`.
    """
    now = now_utc()
    sources = source_ids(connection, {name for _, name, _ in items}, now)
    origins = [key_text(page.origin or page.url) for page, _, _ in items]
    known = _known(connection, origins)
    numbers = new_numbers(connection, _PAGES, len(items))
    refs: list[PageRef] = []
    new: list[dict[str, Any]] = []
    seen: list[dict[str, Any]] = []
    for origin, (page, source, sha) in zip(origins, items, strict=True):
        key = origin, bodies[sha]
        # Address and label decide what cleaning gives: the row keeps those that the outcome was made with.
        stated: dict[str, Any] = {"url": key_text(page.url), "content_type": plain_text(page.content_type)}
        stated |= {"last_seen_at": now, "last_run_id": run_id}
        if key in known:
            seen.append(stated | {"key": known[key]})
            refs.append(PageRef(known[key], new=False))
            continue
        known[key] = next(numbers)
        row = {"id": known[key], "origin": origin, "body_id": bodies[sha], "source_id": sources[source]}
        new.append(row | stated | {"run_id": run_id} | _arrival(page, now))
        refs.append(PageRef(known[key], new=True))
    insert_rows(connection, _PAGES, new)
    _SEEN.run_all(connection, seen)
    _RESOLVE.run(connection, {"origins": [row["origin"] for row in new], "now": now})
    return refs


def _known(connection: Connection, origins: Sequence[str]) -> dict[tuple[str, int], int]:
    """Give the numbers of the pages of these origins, by origin and body."""
    rows = _OF_ORIGINS.run(connection, {"origins": list(origins)})
    return {(origin, body_id): number for number, origin, body_id in rows}


def _arrival(page: Page, now: str) -> dict[str, Any]:
    return {
        "status": page.status,
        "headers": _headers(page.headers),
        "request_headers": _headers(page.request_headers),
        "via": str(page.via),
        "fetched_at": utc_text(page.fetched_at),
        "first_seen_at": now,
        "outcome": "pending",
    }


@lru_cache(maxsize=64)  # those of requests are mostly the same
def _headers(headers: tuple[tuple[str, str], ...]) -> str:
    return json.dumps([[plain_text(name), plain_text(value)] for name, value in headers], ensure_ascii=False)


def write_parts(connection: Connection, page_id: int, part_ids: Sequence[int]) -> None:
    """Note which pages an article goes on over: they are no articles of their own."""
    connection.execute(_NO_PARTS, {"key": page_id})
    rows = [{"page_id": page_id, "number": n, "part_id": i} for n, i in enumerate(part_ids, start=1)]
    if rows:
        connection.execute(_PART, rows)
        connection.execute(_IS_PART, {"keys": list(part_ids)})
        connection.execute(_NO_REJECTIONS, {"keys": list(part_ids)})


def source_ids(connection: Connection, names: set[str], now: str) -> dict[str, int]:
    """Give the row numbers of sources; those that are not there yet are made."""
    stored = {name: key_text(name) for name in sorted(names)}
    wanted = {"names": list(stored.values())}
    known = {name: number for number, name in _OF_NAMES.run(connection, wanted)}
    if len(known) < len(stored):
        lock_keys(connection, (), names=True)
        # Another process may have been faster.
        known = {name: number for number, name in _OF_NAMES.run(connection, wanted)}
    for name in stored.values():
        if name not in known:
            row = insert(_SOURCES).values(name=name, first_seen_at=now).returning(_SOURCES.c.id)
            known[name] = connection.execute(row).scalar_one()
    return {name: int(known[key]) for name, key in stored.items()}


def write_failures(connection: Connection, items: Sequence[Failure], run_id: int) -> None:
    """Store failures; one that is known counts one try more and is open again."""
    now = now_utc()
    sources = source_ids(connection, {item.source for item in items}, now)
    for item in items:
        row = {
            "source_id": sources[item.source],
            "origin": key_text(item.origin),
            "reason": plain_text(item.reason),
            "detail": plain_text(item.detail),
            "tries": 1,
            "first_failed_at": now,
            "last_failed_at": now,
            "last_run_id": run_id,
            "resolved_at": None,
        }
        _FAIL.run(connection, row)
