"""A page on its way through the ingest, and what it becomes."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field

from cleaners.model import Article, Page, Precision, Reason, Rejected, Rules
from crawler.isolation import Outcome
from storage import Failure
from storage.visits import Visit

__all__ = ["Arrival", "Ingested", "ReleasedError", "ingested", "refused"]

_TO_THE_MINUTE = (Precision.MINUTE, Precision.SECOND)


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of a page, known once it is committed.

    ``kind`` is ``new``, ``changed``, ``unchanged`` or ``rejected``; ``reason`` is set for the last.
    ``stated`` has those of ``title``, ``published_at`` and ``people`` (authors or editors) that the article
    has, ``minute`` its time of publication if it states one to the minute, ``chars`` the length of its text.
    ``text_key`` is the same, in this process, for articles of the same text.
    """

    page_id: int | None
    kind: str
    article_id: int | None = None
    reason: Reason | None = None
    detail: str | None = None
    title: str | None = None
    stated: tuple[str, ...] = ()
    minute: str | None = None
    chars: int = 0
    text_key: int | None = None


class ReleasedError(Exception):
    """The run was stopped before this page was cleaned; it is cleaned when it comes in again."""


@dataclass(slots=True, eq=False)
class Arrival:
    """A page in the ingest; `page_id` is set once it is stored, `outcome` once it is cleaned."""

    page: Page
    source: str
    rules: Rules | None
    visit: Visit | None = None
    future: Future[Ingested] = field(default_factory=Future)
    page_id: int = 0
    outcome: Outcome | None = None


def ingested(arrival: Arrival, kind: str, article_id: int | None) -> Ingested:
    """What to tell about an arrival whose outcome the store took as `kind`."""
    outcome, page_id = arrival.outcome, arrival.page_id or None
    if isinstance(outcome, Rejected):
        return Ingested(page_id, kind, article_id, outcome.reason, outcome.detail)
    if not isinstance(outcome, Article):
        return Ingested(page_id, kind, article_id)
    meta, text = outcome.meta, outcome.text
    fields = {"title": meta.title, "published_at": meta.published_at, "people": meta.authors or meta.editors}
    exact = meta.published_at if meta.published_precision in _TO_THE_MINUTE else None
    return Ingested(
        page_id,
        kind,
        article_id,
        title=meta.title,
        stated=tuple(name for name, value in fields.items() if value),
        minute=exact.strftime("%Y-%m-%dT%H:%M%z") if exact else None,
        chars=len(text),
        text_key=hash(text),
    )


def refused(arrival: Arrival, error: Exception) -> tuple[Failure, Rejected]:
    """What to record and to tell about an arrival that the store does not take because of `error`."""
    detail = f"not stored: {type(error).__name__}: {error}"[:500]
    page = arrival.page
    failure = Failure(arrival.source, page.origin or page.url, Reason.FAULT.value, detail)
    return failure, Rejected(page.url, Reason.FAULT, detail)
