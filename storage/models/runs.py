"""Who brought the pages in: sources, runs, and what could not be fetched."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import STRICT, Base, key

__all__ = ["FailureRow", "RunRow", "SourceRow"]


class SourceRow(Base):
    """Where pages come from: a crawled site, or a local dump."""

    __tablename__ = "sources"
    __table_args__ = STRICT

    id: Mapped[int] = key()
    name: Mapped[str] = mapped_column(unique=True, comment="Name of the source, as the user wrote it.")
    first_seen_at: Mapped[str] = mapped_column(comment="When the first page of it was stored (UTC).")


class RunRow(Base):
    """One call of a command that brings pages in or cleans them."""

    __tablename__ = "runs"
    __table_args__ = (Index(None, "started_at"), STRICT)

    id: Mapped[int] = key()
    command: Mapped[str] = mapped_column(comment="The command: `crawl`, `clean`, `reclean`.")
    status: Mapped[str] = mapped_column(
        comment="`running`, then how it ended: `finished`, `partial`, `failed`, `interrupted` ..."
    )
    started_at: Mapped[str] = mapped_column(comment="Start (UTC).")
    finished_at: Mapped[str | None] = mapped_column(
        comment="End (UTC); empty while it runs, or when it was killed."
    )
    sources: Mapped[str] = mapped_column(comment="Names of the sources asked for (JSON list).")
    counts: Mapped[str] = mapped_column(comment="What happened to how many pages (JSON object).")
    versions: Mapped[str] = mapped_column(comment="Versions of the program and its libraries (JSON object).")
    process: Mapped[str | None] = mapped_column(
        comment="Host, number and start of the process, to tell whether it still runs."
    )


class FailureRow(Base):
    """A page that could not be fetched or read at all; one row for each origin and reason."""

    __tablename__ = "failures"
    __table_args__ = (
        Index(None, "source_id", "origin", "reason", unique=True),
        Index(None, "origin"),
        Index(None, "last_run_id"),
        STRICT,
    )

    id: Mapped[int] = key()
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), comment="The source it belongs to.")
    origin: Mapped[str] = mapped_column(comment="The URL asked for, or the path of the file.")
    reason: Mapped[str] = mapped_column(comment="Stable code of the reason.")
    detail: Mapped[str] = mapped_column(comment="One sentence for a person.")
    tries: Mapped[int] = mapped_column(comment="How often it failed this way.")
    first_failed_at: Mapped[str] = mapped_column(comment="First time (UTC).")
    last_failed_at: Mapped[str] = mapped_column(comment="Last time (UTC).")
    last_run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), comment="The run of the last time.")
    resolved_at: Mapped[str | None] = mapped_column(
        comment="When the page was stored after all (UTC); empty while it still fails."
    )
