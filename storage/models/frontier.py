"""Every URL that a source has named, and how far we are with it."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import STRICT, Base, key

__all__ = ["FrontierRow"]


class FrontierRow(Base):
    """A URL of a source: what it is wanted as, how far we are with it, when it is due again."""

    __tablename__ = "frontier"
    __table_args__ = (
        Index(None, "source_id", "kind", "url", unique=True),
        Index(
            None,
            *("source_id", "host", "waiting", "id"),
            sqlite_where=text("waiting IS NOT NULL"),
            postgresql_where=text("waiting IS NOT NULL"),
        ),
        Index(None, "source_id", "due_at"),
        Index(None, "source_id", "state"),
        Index(None, "last_run_id"),
        STRICT,
    )

    id: Mapped[int] = key()
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), comment="The source it belongs to.")
    kind: Mapped[str] = mapped_column(
        comment="What it is wanted as: `home`, `feed`, `sitemap`, `listing`, `article`."
    )
    url: Mapped[str] = mapped_column(comment="The URL; for an article the `origin` of its page.")
    host: Mapped[str] = mapped_column(comment="Host of the URL, with a port that is not the usual one.")
    state: Mapped[str] = mapped_column(
        comment="`new`, `leased` (under way), `fetched` (raw page stored), `stored`, `unchanged`, "
        "`rejected`, `failed`, `gone`, `skipped`."
    )
    reason: Mapped[str | None] = mapped_column(comment="Stable code of why, for the last four of these.")
    referrer: Mapped[str | None] = mapped_column(
        comment="Where it was named first; empty for the source's own starting points."
    )
    depth: Mapped[int] = mapped_column(comment="Steps from the home page over lists.")
    page: Mapped[int] = mapped_column(comment="Which page of a list, from 1.")
    guessed: Mapped[int] = mapped_column(comment="1 if nobody named it: it may just be there.")
    waiting: Mapped[int | None] = mapped_column(
        comment="Place in the queue, smaller first; empty when it waits for nothing."
    )
    due_at: Mapped[str | None] = mapped_column(comment="When it is due again (UTC); empty: never.")
    tries: Mapped[int] = mapped_column(comment="Failures in a row.")
    streak: Mapped[int] = mapped_column(comment="Visits in a row that brought nothing new.")
    stated_at: Mapped[str | None] = mapped_column(
        comment="Newest time that a feed or a sitemap gave for it (UTC)."
    )
    etag: Mapped[str | None] = mapped_column(comment="Header ETag of the last answer.")
    last_modified: Mapped[str | None] = mapped_column(comment="Header Last-Modified of the last answer.")
    digest: Mapped[str | None] = mapped_column(
        comment="SHA-256 of what a list named (hex), to tell whether it changed."
    )
    found_at: Mapped[str] = mapped_column(comment="When it was named first (UTC).")
    fetched_at: Mapped[str | None] = mapped_column(comment="When it was answered last (UTC).")
    last_run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), comment="The run that touched it last.")
