"""What the store gives back: frozen values, never rows of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "ArticleRecord",
    "EditRecord",
    "Failure",
    "FlagRecord",
    "Hit",
    "Listed",
    "PageRecord",
    "PageRef",
    "RemovedRecord",
    "RevisionRecord",
    "RunRecord",
    "Saved",
    "Stats",
    "StoredPage",
    "Trial",
]


@dataclass(frozen=True, slots=True)
class PageRef:
    """A stored page; ``new`` is false when the same bytes of the same origin were there already."""

    id: int
    new: bool


@dataclass(frozen=True, slots=True)
class Saved:
    """What storing an outcome did: ``new``, ``changed``, ``unchanged`` or ``rejected``.

    For ``rejected``, ``article_id`` is the article of an earlier page of the same origin, if any.
    ``site`` is where the blocks of an article were noted.
    """

    kind: str
    article_id: int | None = None
    site: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Failure:
    """A page that could not be fetched or read at all."""

    source: str
    origin: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of a list: an article, or a rejected or pending page (``article_id`` is None then)."""

    article_id: int | None
    page_id: int
    source: str
    published_at: str | None
    published_precision: str | None
    title: str | None
    chars: int | None
    outcome: str
    origin: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class RemovedRecord:
    """A block that a rule removed from an article; ``position`` is its number in the page."""

    position: int
    tag: str
    step: str
    rule: str
    text: str
    uncertain: bool
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class FlagRecord:
    """Something noticed about an article: ``start`` is an offset in its ``text``."""

    step: str
    rule: str
    start: int
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class EditRecord:
    """A change to the text; ``context`` is the finished paragraph (None for the page's markup)."""

    position: int
    block: int | None
    step: str
    rule: str
    offset: int
    before: str
    after: str
    uncertain: bool
    context: str | None = None


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """An article with everything that the store knows of it, but its notes.

    ``fields`` has all columns of the table by name, lists as lists.
    """

    id: int
    page_id: int
    crawl_source: str
    fields: Mapping[str, Any]
    images: tuple[Mapping[str, Any], ...] = ()
    candidates: tuple[Mapping[str, Any], ...] = ()
    fetched_at: str | None = None
    via: str | None = None


@dataclass(frozen=True, slots=True)
class PageRecord:
    """A stored page without its bytes, and what became of it."""

    id: int
    origin: str
    url: str
    source: str
    outcome: str
    status: int | None
    content_type: str | None
    size: int
    sha256: str
    via: str
    fetched_at: str | None
    first_seen_at: str
    last_seen_at: str
    reason: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class RevisionRecord:
    """A state that an article has or had: how it came about, and what made it.

    ``cause`` is ``new``, ``source``, ``cleaner`` or ``both``; ``fields`` names what differs from the
    state before, ``rules`` has (before, after) for each rule that acted more or less often.
    """

    number: int
    cause: str
    made_at: str
    run_id: int
    page_id: int
    fingerprint: str
    chars: int
    fields: tuple[str, ...] = ()
    rules: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page that could be cleaned again; ``fingerprint`` is the cleaner that judged it last.

    ``site`` and ``hashes`` say where it belongs and which blocks of it may be the site's.
    """

    id: int
    source: str
    via: str
    fingerprint: str | None
    pending: bool
    site: str | None = None
    hashes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """What storing an outcome would do: as :class:`Saved`, and for a change, both states.

    The states are as :data:`storage.states.State`; ``rules`` as in :class:`RevisionRecord`.
    """

    kind: str
    article_id: int | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    rules: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run of a command; ``counts`` and ``versions`` as it reported them."""

    id: int
    command: str
    status: str
    started_at: str
    finished_at: str | None
    sources: tuple[str, ...]
    counts: Mapping[str, int]
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Hit:
    """A search result, best first; ``snippet`` is (text, is a match) in order."""

    article_id: int
    source: str
    published_at: str | None
    published_precision: str | None
    title: str | None
    origin: str
    chars: int
    score: float
    title_parts: tuple[tuple[str, bool], ...]
    snippet: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Stats:
    """What the store holds: counts by source and outcome, rules by effect, sizes in bytes."""

    outcomes: tuple[tuple[str, str, int], ...]
    reasons: tuple[tuple[str, int], ...]
    removing_rules: tuple[tuple[str, int, int, int], ...]
    changing_rules: tuple[tuple[str, int, int], ...]
    totals: Mapping[str, int] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
