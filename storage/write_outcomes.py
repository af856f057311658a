"""Stores what cleaning gave: articles with their notes, or rejections."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from cleaners.model import Article, Reason, Rejected
from storage.models import (
    ArticleRow,
    BlockRow,
    CandidateRow,
    EditRow,
    ImageRow,
    PageRow,
    RejectionRow,
    RuleRow,
    table_of,
)
from storage.prepare import Prepared, RuleKey, prepare
from storage.records import Saved
from storage.texts import plain_text
from storage.times import now_utc
from storage.write_revisions import write_revision

__all__ = ["OutcomeWriter", "Ready", "find_article", "find_page", "ready", "superseded"]

Ready = Prepared | Rejected

AnyRow = Row[*tuple[Any, ...]]

# Statements are made once: building one costs more than running it.
_ARTICLES = table_of(ArticleRow)
_PAGES = table_of(PageRow)
_REJECTIONS = table_of(RejectionRow)
_RULES = table_of(RuleRow)
_PARTS = {
    "blocks": table_of(BlockRow),
    "edits": table_of(EditRow),
    "images": table_of(ImageRow),
    "candidates": table_of(CandidateRow),
}
_PAGE = select(_PAGES.c.id, _PAGES.c.origin, _PAGES.c.source_id, _PAGES.c.last_seen_at).where(
    _PAGES.c.id == bindparam("key")
)
_DECIDE = update(_PAGES).where(_PAGES.c.id == bindparam("key"))
_CLEAR = delete(_REJECTIONS).where(_REJECTIONS.c.page_id == bindparam("key"))
_KNOWN = select(_ARTICLES.c.id).where(_ARTICLES.c.origin == bindparam("key"))
_OLD = (
    select(
        _ARTICLES.c.id,
        _ARTICLES.c.page_id,
        _ARTICLES.c.fingerprint,
        _ARTICLES.c.content_hash,
        _ARTICLES.c.revision,
        _PAGES.c.last_seen_at,
    )
    .join(_PAGES, _PAGES.c.id == _ARTICLES.c.page_id)
    .where(_ARTICLES.c.origin == bindparam("key"))
)
_INSERT = insert(_ARTICLES)
_UPDATE = update(_ARTICLES).where(_ARTICLES.c.id == bindparam("key"))
_INSERT_PART = {name: insert(table) for name, table in _PARTS.items()}
_CLEAR_PART = {
    name: delete(table).where(table.c.article_id == bindparam("key")) for name, table in _PARTS.items()
}
_RULE = select(_RULES.c.id).where(_RULES.c.name == bindparam("name"), _RULES.c.step == bindparam("step"))
_INSERT_RULE = insert(_RULES)


def ready(outcome: Article | Rejected) -> Ready:
    """Turn an outcome into rows. An article whose notes do not replay is rejected as a fault."""
    if isinstance(outcome, Rejected):
        return outcome
    try:
        return prepare(outcome)
    except ValueError as error:
        detail = f"The notes do not fit the text: {error}"
        return Rejected(outcome.url, Reason.FAULT, detail, outcome.fingerprint)


def find_page(connection: Connection, page_id: int) -> AnyRow:
    """Give what decides where an outcome goes. Raises ``KeyError`` when there is no such page."""
    page = connection.execute(_PAGE, {"key": page_id}).one_or_none()
    if page is None:
        raise KeyError(page_id)
    return page


def find_article(connection: Connection, origin: str) -> AnyRow | None:
    """Give what decides whether the article of ``origin`` changes; ``None`` if there is none."""
    return connection.execute(_OLD, {"key": origin}).one_or_none()


def superseded(page: AnyRow, old: AnyRow) -> bool:
    """Say whether the article came from a newer page of the same origin than this one."""
    return bool((page.last_seen_at, page.id) < (old.last_seen_at, old.page_id))


class OutcomeWriter:
    """Writes outcomes inside one transaction; remembers the numbers of rules between them."""

    def __init__(self, connection: Connection, run_id: int) -> None:
        self._connection = connection
        self._run_id = run_id
        self._now = now_utc()
        self._rules: dict[RuleKey, int] = {}

    def write(self, page_id: int, outcome: Ready) -> Saved:
        """Store the outcome of a page. Raises ``KeyError`` when there is no such page."""
        page = find_page(self._connection, page_id)
        if isinstance(outcome, Rejected):
            return self._reject(page, outcome)
        self._connection.execute(_CLEAR, {"key": page_id})
        self._decide(page_id, "article", outcome.article["fingerprint"])
        return self._save(page, outcome)

    def _decide(self, page_id: int, outcome: str, fingerprint: str) -> None:
        values = {"key": page_id, "outcome": outcome, "fingerprint": fingerprint}
        self._connection.execute(_DECIDE, values)

    def _reject(self, page: AnyRow, rejected: Rejected) -> Saved:
        values: dict[str, Any] = {
            "run_id": self._run_id,
            "reason": str(rejected.reason),
            "detail": plain_text(rejected.detail),
            "fingerprint": plain_text(rejected.fingerprint),
            "rejected_at": self._now,
        }
        row = upsert(_REJECTIONS).values(values | {"page_id": page.id})
        self._connection.execute(row.on_conflict_do_update(index_elements=["page_id"], set_=values))
        self._decide(page.id, "rejected", values["fingerprint"])
        known = self._connection.execute(_KNOWN, {"key": page.origin}).scalar_one_or_none()
        return Saved("rejected", known)

    def _save(self, page: AnyRow, prepared: Prepared) -> Saved:
        old = find_article(self._connection, page.origin)
        if old is None:
            return Saved("new", self._insert(page, prepared))
        if superseded(page, old):
            return Saved("unchanged", int(old.id))
        return self._update(page, prepared, old)

    def _insert(self, page: AnyRow, prepared: Prepared) -> int:
        values = prepared.article | {
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
        number = self._connection.execute(_INSERT, values).lastrowid
        self._insert_notes(int(number), prepared)
        return int(number)

    def _update(self, page: AnyRow, prepared: Prepared, old: AnyRow) -> Saved:
        values: dict[str, Any] = {"last_run_id": self._run_id, "checked_at": self._now}
        same_text = old.content_hash == prepared.article["content_hash"]
        remade = old.fingerprint != prepared.article["fingerprint"] or old.page_id != page.id
        if not same_text:
            values |= {"revision": old.revision + 1, "updated_at": self._now}
            write_revision(self._connection, old, prepared, page.id, (self._run_id, self._now))
        if remade or not same_text:
            values |= prepared.article | {"page_id": page.id}
        self._connection.execute(_UPDATE, values | {"key": old.id})
        if remade or not same_text:
            for clear in _CLEAR_PART.values():
                self._connection.execute(clear, {"key": old.id})
            self._insert_notes(int(old.id), prepared)
        return Saved("unchanged" if same_text else "changed", int(old.id))

    def _insert_notes(self, article_id: int, prepared: Prepared) -> None:
        for name, statement in _INSERT_PART.items():
            if rows := getattr(prepared, name):
                self._connection.execute(statement, [self._linked(row, article_id) for row in rows])

    def _linked(self, row: dict[str, Any], article_id: int) -> dict[str, Any]:
        linked = row | {"article_id": article_id}
        if "rule" in linked:
            rule = linked.pop("rule")
            linked["rule_id"] = None if rule is None else self._rule_id(rule)
        return linked

    def _rule_id(self, rule: RuleKey) -> int:
        if rule not in self._rules:
            values = {"name": rule[0], "step": rule[1]}
            number = self._connection.execute(_RULE, values).scalar_one_or_none()
            if number is None:
                number = self._connection.execute(_INSERT_RULE, values).lastrowid
            self._rules[rule] = int(number)
        return self._rules[rule]
