"""Stores raw pages and failures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, Integer, bindparam, delete, insert, select, update

from cleaners.model import Page
from storage.inserts import insert_rows
from storage.models import FailureRow, PageRow, PartRow, RejectionRow, SourceRow, table_of
from storage.numbers import new_numbers
from storage.postgres import lock_keys
from storage.records import Failure, PageRef
from storage.texts import key_text, plain_text
from storage.times import now_utc, utc_text
from storage.upserts import Upsert

__all__ = ["source_ids", "write_failures", "write_pages", "write_parts"]

# Statements are made once: building one costs more than running it.
_PAGES = table_of(PageRow)
_FAILURES = table_of(FailureRow)
_ASK = 400
"""How many keys go into one question; SQLite limits the parameters of a statement."""

_KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
_OF_ORIGINS = select(_PAGES.c.id, _PAGES.c.origin, _PAGES.c.body_id).where(_PAGES.c.origin.in_(_KEYS))
_SEEN = update(_PAGES).where(_PAGES.c.id == bindparam("key"))
_PART = insert(table_of(PartRow))
_NO_PARTS = delete(table_of(PartRow)).where(table_of(PartRow).c.page_id == bindparam("key"))
_PARTS = bindparam("keys", expanding=True, type_=Integer())
_IS_PART = update(_PAGES).where(_PAGES.c.id.in_(_PARTS)).values(outcome="part", fingerprint=None)
_NO_REJECTIONS = delete(table_of(RejectionRow)).where(table_of(RejectionRow).c.page_id.in_(_PARTS))
_RESOLVE = update(_FAILURES).where(_FAILURES.c.origin.in_(_KEYS), _FAILURES.c.resolved_at.is_(None))
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
    if seen:
        connection.execute(_SEEN, seen)
    _resolve(connection, [row["origin"] for row in new], now)
    return refs


def _known(connection: Connection, origins: Sequence[str]) -> dict[tuple[str, int], int]:
    """Give the numbers of the pages of these origins, by origin and body."""
    found: dict[tuple[str, int], int] = {}
    for start in range(0, len(origins), _ASK):
        rows = connection.execute(_OF_ORIGINS, {"keys": list(origins[start : start + _ASK])})
        found.update(((row.origin, row.body_id), row.id) for row in rows)
    return found


def _resolve(connection: Connection, origins: Sequence[str], now: str) -> None:
    for start in range(0, len(origins), _ASK):
        values = {"keys": list(origins[start : start + _ASK]), "resolved_at": now}
        connection.execute(_RESOLVE, values)


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


def _headers(headers: Iterable[tuple[str, str]]) -> str:
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
    found: dict[str, int] = {}
    for name in sorted(names):
        stored = key_text(name)
        query = select(SourceRow.id).where(SourceRow.name == stored)
        number = connection.execute(query).scalar_one_or_none()
        if number is None:
            lock_keys(connection, (), names=True)
            number = connection.execute(query).scalar_one_or_none()  # another process may have been faster
        if number is None:
            row = insert(SourceRow).values(name=stored, first_seen_at=now)
            number = connection.execute(row.returning(SourceRow.id)).scalar_one()
        found[name] = int(number)
    return found


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
        connection.execute(_FAIL.on(connection), row)
