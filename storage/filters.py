"""Which articles a list, a search or an export is about."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select

from storage.errors import FilterInvalid
from storage.models import ArticleRow, SourceRow
from storage.texts import key_text

__all__ = ["Where", "conditions"]

_DAY = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")


@dataclass(frozen=True, slots=True)
class Where:
    """A selection of articles.

    ``source`` is the name of a crawl source, or of the outlet that the article names. ``since``
    and ``until`` are days, months or years (``2025-01-19``, ``2025-01``, ``2025``), both
    inclusive, compared with the day that the page states; articles without a date are left out
    when one of them is given.
    """

    source: str | None = None
    since: str | None = None
    until: str | None = None

    def __post_init__(self) -> None:
        for day in (self.since, self.until):
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
    return out
