"""Stores what cleaning gave: articles with their notes, or rejections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, Table, bindparam, delete, insert, select, update

from cleaners.model import Article, Reason, Rejected
from storage.inserts import insert_rows
from storage.models import (
    ArticleRow,
    BlockRow,
    CandidateRow,
    EditRow,
    FlagRow,
    ImageRow,
    PageRow,
    RejectionRow,
    RuleRow,
    SourceRow,
    table_of,
)
from storage.numbers import new_numbers
from storage.postgres import SCHEME, lock_keys
from storage.prepare import Prepared, RuleKey, prepare
from storage.records import Saved
from storage.site_memory import Seen, note_sightings, site_name
from storage.statements import Statement, deleting
from storage.texts import plain_text
from storage.times import now_utc
from storage.upserts import Upsert
from storage.words import WORDS, word_row
from storage.write_revisions import write_revision

__all__ = ["OutcomeWriter", "Ready", "find_articles", "find_pages", "ready", "superseded"]

Ready = Prepared | Rejected

AnyRow = Row[*tuple[Any, ...]]

# Statements are made once: building one costs more than running it.
_ARTICLES = table_of(ArticleRow)
_PAGES = table_of(PageRow)
_REJECTIONS = table_of(RejectionRow)
_RULES = table_of(RuleRow)
_SOURCES = table_of(SourceRow)
_PARTS = {
    "blocks": table_of(BlockRow),
    "edits": table_of(EditRow),
    "images": table_of(ImageRow),
    "candidates": table_of(CandidateRow),
    "flags": table_of(FlagRow),
}
_PAGE = Statement(
    lambda among: (
        select(*(_PAGES.c[name] for name in ("id", "origin", "source_id", "last_seen_at", "outcome")))
        .add_columns(_SOURCES.c.name.label("source"))
        .join(_SOURCES, _SOURCES.c.id == _PAGES.c.source_id)
        .where(among(_PAGES.c.id, "keys"))
    )
)
_DECIDE = Statement(lambda _: update(_PAGES).where(_PAGES.c.id == bindparam("key")))
_CLEAR = delete(_REJECTIONS).where(_REJECTIONS.c.page_id == bindparam("key"))
_OLD = Statement(
    lambda among: (
        select(*(_ARTICLES.c[n] for n in ("id", "origin", "page_id", "fingerprint", "content_hash")))
        .add_columns(_ARTICLES.c.revision, _PAGES.c.last_seen_at)
        .join(_PAGES, _PAGES.c.id == _ARTICLES.c.page_id)
        .where(among(_ARTICLES.c.origin, "keys"))
    )
)
_UPDATE = Statement(lambda _: update(_ARTICLES).where(_ARTICLES.c.id == bindparam("key")))
_CLEAR_PARTS = {f"old {name}": deleting(table.c.article_id) for name, table in _PARTS.items()}
_KNOWN_RULES = Statement(
    lambda among: select(_RULES.c.id, _RULES.c.name, _RULES.c.step).where(among(_RULES.c.name, "names"))
)
_RULE = select(_RULES.c.id).where(_RULES.c.name == bindparam("name"), _RULES.c.step == bindparam("step"))
_INSERT_RULE = insert(_RULES).returning(_RULES.c.id)
_REJECT = Upsert(_REJECTIONS, ("page_id",), ("run_id", "reason", "detail", "fingerprint", "rejected_at"))
_STATEMENTS: dict[str, Statement | Table] = {
    **_CLEAR_PARTS,
    "decisions": _DECIDE,
    "rejections": _REJECT,
    "articles": _ARTICLES,
    "words": Upsert(WORDS, ("article_id",), ("title", "text")),
    **_PARTS,
}
"""By kind of row (for a table: new rows), in an order that foreign keys allow."""

_TOGETHER = 400
"""Outcomes that share a question to pages and articles; SQLite limits the parameters of a statement."""


def ready(outcome: Article | Rejected) -> Ready:
    """Turn an outcome into rows. An article whose notes do not replay is rejected as a fault."""
    if isinstance(outcome, Rejected):
        return outcome
    try:
        return prepare(outcome)
    except ValueError as error:
        detail = f"The notes do not fit the text: {error}"
        return Rejected(outcome.url, Reason.FAULT, detail, outcome.fingerprint)


def find_pages(connection: Connection, page_ids: Sequence[int]) -> dict[int, AnyRow]:
    """Give what decides where outcomes go. Raises ``KeyError`` when a page is not there."""
    found = {row.id: row for row in _PAGE.run(connection, {"keys": list(page_ids)})}
    for page_id in page_ids:
        if page_id not in found:
            raise KeyError(page_id)
    return found


def find_articles(connection: Connection, origins: Iterable[str]) -> dict[str, AnyRow]:
    """Give what decides whether articles change, by origin, as far as there are any."""
    return {row.origin: row for row in _OLD.run(connection, {"keys": list(origins)})}


def superseded(page: AnyRow, old: AnyRow) -> bool:
    """Say whether the article came from a newer page of the same origin than this one."""
    return bool((page.last_seen_at, page.id) < (old.last_seen_at, old.page_id))


class OutcomeWriter:
    """Writes outcomes inside one transaction; rows are collected and written many at a time."""

    def __init__(self, connection: Connection, run_id: int) -> None:
        self._connection = connection
        self._run_id = run_id
        self._now = now_utc()
        self._rules: dict[RuleKey, int] = {}
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._numbers: Iterator[int] = iter(())
        self._words = connection.dialect.name == SCHEME  # in a file, triggers keep the search index

    def write(self, items: Sequence[tuple[int, Ready]]) -> list[Saved]:
        """Store the outcomes of pages, in order. Raises ``KeyError`` when there is no such page."""
        saved: list[Saved] = []
        parts = [items[start : start + _TOGETHER] for start in range(0, len(items), _TOGETHER)]
        found = [find_pages(self._connection, [page_id for page_id, _ in part]) for part in parts]
        lock_keys(self._connection, (key for both in zip(parts, found, strict=True) for key in _keys(*both)))
        self._numbers = new_numbers(self._connection, _ARTICLES, len(items))
        for part, pages in zip(parts, found, strict=True):
            for group in _without_repeats(part, pages):
                old = find_articles(self._connection, {pages[page_id].origin for page_id, _ in group})
                self._find_rules([outcome for _, outcome in group if isinstance(outcome, Prepared)])
                taken = [self._take(pages[page_id], outcome, old) for page_id, outcome in group]
                self._flush()
                seen = [_seen(pages[page_id], outcome) for page_id, outcome in group]
                note_sightings(self._connection, [one for one in seen if one], self._now)
                saved += [
                    replace(result, site=one.site) if one else result
                    for result, one in zip(taken, seen, strict=True)
                ]
        return saved

    def _take(self, page: AnyRow, outcome: Ready, known: Mapping[str, AnyRow]) -> Saved:
        old = known.get(page.origin)
        if isinstance(outcome, Rejected):
            self._reject(page, outcome)
            return Saved("rejected", None if old is None else int(old.id))
        if page.outcome == "rejected":
            self._connection.execute(_CLEAR, {"key": page.id})
        self._decide(page.id, "article", outcome.article["fingerprint"])
        if old is None:
            return Saved("new", self._insert(page, outcome))
        if superseded(page, old):
            return Saved("unchanged", int(old.id))
        return self._update(page, outcome, old)

    def _put(self, kind: str, row: dict[str, Any]) -> None:
        self._rows.setdefault(kind, []).append(row)

    def _flush(self) -> None:
        for kind, statement in _STATEMENTS.items():
            if rows := self._rows.pop(kind, None):
                if isinstance(statement, Table):
                    insert_rows(self._connection, statement, rows)
                else:
                    statement.run_all(self._connection, rows)

    def _decide(self, page_id: int, outcome: str, fingerprint: str) -> None:
        self._put("decisions", {"key": page_id, "outcome": outcome, "fingerprint": fingerprint})

    def _reject(self, page: AnyRow, rejected: Rejected) -> None:
        values: dict[str, Any] = {
            "page_id": page.id,
            "run_id": self._run_id,
            "reason": str(rejected.reason),
            "detail": plain_text(rejected.detail),
            "fingerprint": plain_text(rejected.fingerprint),
            "rejected_at": self._now,
        }
        self._put("rejections", values)
        self._decide(page.id, "rejected", values["fingerprint"])

    def _insert(self, page: AnyRow, prepared: Prepared) -> int:
        number = next(self._numbers)
        values = prepared.article | {
            "id": number,
            "origin": page.origin,
            "page_id": page.id,
            "source_id": page.source_id,
            "revision": 1,
            "first_run_id": self._run_id,
            "last_run_id": self._run_id,
            "first_seen_at": self._now,
            "updated_at": self._now,
            "checked_at": self._now,
        }
        self._put("articles", values)
        if self._words:
            self._put("words", word_row(number, values["title"], values["text"]))
        self._put_parts(number, prepared)
        return number

    def _update(self, page: AnyRow, prepared: Prepared, old: AnyRow) -> Saved:
        values: dict[str, Any] = {"last_run_id": self._run_id, "checked_at": self._now}
        same_text = old.content_hash == prepared.article["content_hash"]
        remade = old.fingerprint != prepared.article["fingerprint"] or old.page_id != page.id
        if not same_text:
            values |= {"revision": old.revision + 1, "updated_at": self._now}
            write_revision(self._connection, old, prepared, page.id, (self._run_id, self._now))
        if remade or not same_text:
            values |= prepared.article | {"page_id": page.id}
        _UPDATE.run(self._connection, values | {"key": old.id})
        if self._words and not same_text:
            self._put("words", word_row(int(old.id), values["title"], values["text"]))
        if remade or not same_text:
            for name in _CLEAR_PARTS:
                self._put(name, {"key": old.id})
            self._put_parts(int(old.id), prepared)
        return Saved("unchanged" if same_text else "changed", int(old.id))

    def _put_parts(self, article_id: int, prepared: Prepared) -> None:
        for name in _PARTS:
            if rows := getattr(prepared, name):
                linked = [self._linked(row, article_id) for row in rows]
                self._rows.setdefault(name, []).extend(linked)

    def _linked(self, row: dict[str, Any], article_id: int) -> dict[str, Any]:
        linked = {**row, "article_id": article_id}
        if "rule" in linked:
            rule = linked.pop("rule")
            linked["rule_id"] = None if rule is None else self._rule_id(rule)
        return linked

    def _find_rules(self, outcomes: Sequence[Prepared]) -> None:
        """One question for all rules that are there; few are new."""
        if names := {rule[0] for one in outcomes for rule in one.rules if rule not in self._rules}:
            rows = _KNOWN_RULES.run(self._connection, {"names": sorted(names)})
            self._rules.update(((name, step), number) for number, name, step in rows)

    def _rule_id(self, rule: RuleKey) -> int:
        if rule not in self._rules:
            values = {"name": rule[0], "step": rule[1]}
            number = self._connection.execute(_RULE, values).scalar_one_or_none()
            if number is None:
                lock_keys(self._connection, (), names=True)
                number = self._connection.execute(_RULE, values).scalar_one_or_none()
            if number is None:
                number = self._connection.execute(_INSERT_RULE, values).scalar_one()
            self._rules[rule] = int(number)
        return self._rules[rule]


def _seen(page: AnyRow, outcome: Ready) -> Seen | None:
    if isinstance(outcome, Rejected):
        return None
    site = site_name(outcome.article["url"], page.source)
    return Seen(int(page.id), page.origin, site, outcome.sighting)


def _keys(items: Sequence[tuple[int, Ready]], pages: Mapping[int, AnyRow]) -> Iterator[str]:
    """Give what only one writer may write at a time."""
    for page_id, outcome in items:
        page = pages[page_id]
        yield page.origin
        if seen := _seen(page, outcome):
            yield f"site {seen.site}"


def _without_repeats(
    items: Sequence[tuple[int, Ready]], pages: Mapping[int, AnyRow]
) -> Iterator[list[tuple[int, Ready]]]:
    """Cut into groups in which no origin comes twice: the second must find what the first has written."""
    group: list[tuple[int, Ready]] = []
    seen: set[str] = set()
    for item in items:
        origin = pages[item[0]].origin
        if origin in seen:
            yield group
            group, seen = [], set()
        group.append(item)
        seen.add(origin)
    if group:
        yield group
