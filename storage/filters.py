"""Which articles a list, a search or an export is about."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select, text, tuple_
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased

from storage.errors import FilterInvalid
from storage.models import ArticleRow, BlockRow, EditRow, PageRow, RejectionRow, RuleRow, SourceRow
from storage.store import Store
from storage.texts import key_text

__all__ = ["Where", "check_condition", "check_day", "conditions"]

_DAY = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")


@dataclass(frozen=True, slots=True)
class Where:
    """A selection of articles.

    ``source`` is the name of a crawl source, or of the outlet that the article names. ``since``
    and ``until`` are days, months or years (``2025-01-19``, ``2025-01``, ``2025``), both
    inclusive, compared with the day that the page states; articles without a date are left out
    when one of them is given. ``rule`` is a rule that acted on the article, with or without its
    version. ``language`` is BCP 47 (``zh``, ``en``; ``zh-Hant`` asks for the script of the page).
    ``outcome`` is what became of the latest page of its origin: ``article``, ``rejected``, ``pending``
    or a reason such as ``soft_404``. ``sql`` is a condition on the columns of the table ``articles``,
    as SQLite writes it.
    """

    source: str | None = None
    since: str | None = None
    until: str | None = None
    rule: str | None = None
    language: str | None = None
    outcome: str | None = None
    sql: str | None = None

    @property
    def empty(self) -> bool:
        """Whether this selects everything."""
        return self == Where()

    def __post_init__(self) -> None:
        for day in (self.since, self.until):
            check_day(day)


def check_day(day: str | None) -> None:
    """Raise :class:`FilterInvalid` if ``day`` is no day, month or year."""
    if day is not None and not _DAY.fullmatch(day):
        raise FilterInvalid(f"{day!r} is no day, month or year; write 2025-01-19, 2025-01 or 2025")


def conditions(where: Where) -> list[ColumnElement[bool]]:
    """Give the conditions of ``where`` on the table of articles."""
    out: list[ColumnElement[bool]] = []
    if where.source is not None:
        name = key_text(where.source)
        crawled = select(SourceRow.id).where(SourceRow.name == name)
        out.append(or_(ArticleRow.source_id.in_(crawled), ArticleRow.source == name))
    if where.since is not None:
        out.append(ArticleRow.day >= where.since)
    if where.until is not None:
        out.append(ArticleRow.day <= where.until + "~")  # sorts behind every day of a month or year
    if where.rule is not None:
        named = or_(RuleRow.name == where.rule, RuleRow.name.startswith(where.rule + "@", autoescape=True))
        rules = select(RuleRow.id).where(named)
        removed = select(BlockRow.article_id).where(BlockRow.rule_id.in_(rules))
        changed = select(EditRow.article_id).where(EditRow.rule_id.in_(rules))
        out.append(or_(ArticleRow.id.in_(removed), ArticleRow.id.in_(changed)))
    if where.language is not None:
        family = ArticleRow.language.startswith(where.language + "-", autoescape=True)
        out.append(or_(ArticleRow.language == where.language, family, ArticleRow.script == where.language))
    if where.outcome is not None:
        out.append(_latest_outcome(where.outcome))
    if where.sql is not None:
        out.append(ArticleRow.id.in_(text(_condition_query(where.sql))))
    return out


def _latest_outcome(outcome: str) -> ColumnElement[bool]:
    """Say that the latest page of the article's origin was judged so: a page may be gone since.

    Few origins with an article end in another outcome, so these are looked up, whichever is asked for.
    """
    page, later = aliased(PageRow), aliased(PageRow)
    newer = tuple_(later.last_seen_at, later.id) > tuple_(page.last_seen_at, page.id)
    superseded = select(later.id).where(later.origin == page.origin, newer).correlate(page).exists()
    ended = select(page.origin).where(page.outcome.in_(("rejected", "pending")), ~superseded)
    if outcome == "article":
        return ArticleRow.origin.not_in(ended)
    judged = select(RejectionRow.page_id).where(RejectionRow.reason == outcome)
    return ArticleRow.origin.in_(ended.where(or_(page.outcome == outcome, page.id.in_(judged))))


def _condition_query(sql: str) -> str:
    # In a query of its own, so that a name can only mean a column of articles; on a line of its own,
    # because a comment at its end must not swallow the parenthesis.
    escaped = sql.replace(":", "\\:")  # no parameters of ours
    return f"SELECT id FROM articles WHERE ({escaped}\n)"  # noqa: S608  the user's own store, only read


def check_condition(store: Store, sql: str | None) -> None:
    """Raise :class:`FilterInvalid` if ``sql`` is no condition that SQLite understands."""
    if sql is None:
        return
    with store.reading() as connection:
        try:
            connection.execute(text("EXPLAIN " + _condition_query(sql)))
        except DBAPIError as error:
            raise FilterInvalid(f"--where {sql!r} is no condition on articles: {error.orig}") from error
