"""The store at a glance: articles by day, outcomes, and how each source fares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import column, func, select, table

from storage.models import ArticleRow, FailureRow, PageRow, RejectionRow, SourceRow
from storage.store import Store
from storage.times import now_utc, utc_text

__all__ = ["Daily", "SourceHealth", "Totals", "daily", "days_ago", "languages", "source_health", "totals"]

_HEALTH = table(
    "v_source_health",
    *map(
        column,
        (
            *("source_name", "articles", "rejected", "pending", "failing", "article_share"),
            *("newest_published_utc", "last_new_at", "last_seen_at"),
            *("last_run_id", "last_run_status", "last_run_at"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Totals:
    """How many there are of each; ``undated`` articles have no day, ``failing`` never arrived."""

    articles: int
    undated: int
    rejected: int
    pending: int
    failing: int
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Daily:
    """Articles by the day that they state: ``counts`` is (day, source, articles), days in ISO 8601."""

    first: date
    last: date
    counts: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """A row of ``v_source_health``; times in UTC, ``article_share`` from 0 to 1."""

    source: str
    articles: int
    rejected: int
    pending: int
    failing: int
    article_share: float | None
    newest_published: str | None
    last_new_at: str | None
    last_seen_at: str | None
    last_run_id: int | None
    last_run_status: str | None
    last_run_at: str | None


def totals(store: Store) -> Totals:
    """Count articles, pages without one, and what failed."""
    count = func.count()
    with store.reading() as connection:
        outcomes = dict(connection.execute(select(PageRow.outcome, count).group_by(PageRow.outcome)).all())
        articles = connection.execute(select(count).select_from(ArticleRow)).scalar_one()
        dated = connection.execute(
            select(count).select_from(ArticleRow).where(ArticleRow.day.is_not(None))
        ).scalar_one()
        failing = connection.execute(
            select(count).select_from(FailureRow).where(FailureRow.resolved_at.is_(None))
        ).scalar_one()
        reasons = connection.execute(
            select(RejectionRow.reason, count)
            .group_by(RejectionRow.reason)
            .order_by(count.desc(), RejectionRow.reason)
        ).all()
    return Totals(
        articles=articles,
        undated=articles - dated,
        rejected=outcomes.get("rejected", 0),
        pending=outcomes.get("pending", 0),
        failing=failing,
        reasons=tuple((reason, number) for reason, number in reasons),
    )


def daily(store: Store, days: int, today: date | None = None) -> Daily:
    """Count the articles of the last ``days`` days that have any, by day and source.

    The last day is the newest with an article up to tomorrow (somewhere it is tomorrow already): pages
    that state a day in the far future do not empty the picture.
    """
    today = today or datetime.fromisoformat(now_utc()).astimezone(UTC).date()
    limit = (today + timedelta(days=1)).isoformat()
    with store.reading() as connection:
        newest = connection.execute(select(func.max(ArticleRow.day)).where(ArticleRow.day <= limit)).scalar()
        last = date.fromisoformat(newest) if newest else today
        first = date.fromordinal(max(1, last.toordinal() - days + 1))
        query = (
            select(ArticleRow.day, SourceRow.name, func.count())
            .join(SourceRow, SourceRow.id == ArticleRow.source_id)
            .where(ArticleRow.day >= first.isoformat(), ArticleRow.day <= last.isoformat())
            .group_by(ArticleRow.day, SourceRow.name)
            .order_by(ArticleRow.day, SourceRow.name)
        )
        rows = connection.execute(query).all()
    return Daily(first, last, tuple((str(day), source, number) for day, source, number in rows))


def source_health(store: Store) -> list[SourceHealth]:
    """Tell how each source fares, by name."""
    with store.reading() as connection:
        rows = connection.execute(select(*_HEALTH.c).order_by(_HEALTH.c.source_name)).all()
    return [SourceHealth(*row) for row in rows]


def languages(store: Store) -> list[str]:
    """Give the languages of the articles, the most frequent first."""
    query = (
        select(ArticleRow.language)
        .where(ArticleRow.language.is_not(None))
        .group_by(ArticleRow.language)
        .order_by(func.count().desc(), ArticleRow.language)
    )
    with store.reading() as connection:
        return [language for (language,) in connection.execute(query) if language]


def days_ago(days: int) -> str:
    """Give the time ``days`` days ago as the store writes times (UTC)."""
    text = utc_text(datetime.now(UTC) - timedelta(days=days), timespec="milliseconds")
    assert text is not None
    return text
