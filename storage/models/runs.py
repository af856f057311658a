"""Who brought the pages in: sources, runs, and what could not be fetched."""

from __future__ import annotations

from sqlalchemy import REAL, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import STRICT, Base, key

__all__ = ["FailureRow", "RunRow", "SourceRow", "SourceRunRow"]


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


class SourceRunRow(Base):
    """What one crawl did with one source, and how that compares with the source's own history."""

    __tablename__ = "source_runs"
    __table_args__ = (Index(None, "run_id", "source_id", unique=True), Index(None, "source_id", "id"), STRICT)

    id: Mapped[int] = key()
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), comment="The run.")
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), comment="The source.")
    ended_at: Mapped[str] = mapped_column(comment="When the run was done with it (UTC).")
    complete: Mapped[int] = mapped_column(comment="1 if nothing cut it short: it can be judged.")
    seconds: Mapped[float] = mapped_column(REAL(), comment="How long the run worked, in seconds.")
    requested: Mapped[int] = mapped_column(comment="Requests sent, retries and robots.txt included.")
    bytes: Mapped[int] = mapped_column(comment="Bytes of article pages as they came, unpacked.")
    lists: Mapped[int] = mapped_column(comment="Feeds, sitemaps and listing pages that were read.")
    named: Mapped[int] = mapped_column(comment="How many articles these named, known ones included.")
    fetched: Mapped[int] = mapped_column(comment="Articles asked for and answered.")
    new: Mapped[int] = mapped_column(comment="Of these: articles stored for the first time.")
    changed: Mapped[int] = mapped_column(comment="Of these: articles that differ from what was stored.")
    unchanged: Mapped[int] = mapped_column(comment="Of these: articles as they were.")
    rejected: Mapped[int] = mapped_column(comment="Of these: pages that gave no article.")
    failed: Mapped[int] = mapped_column(comment="URLs that could not be fetched.")
    skipped: Mapped[int] = mapped_column(comment="Articles not asked for by decision, such as robots.txt.")
    refused: Mapped[int] = mapped_column(
        comment="Answers that keep us out: status 401, 403, 429, 451, 503, captcha and login pages."
    )
    titled: Mapped[int] = mapped_column(comment="New and changed articles with a title.")
    dated: Mapped[int] = mapped_column(comment="New and changed articles with a publication time.")
    authored: Mapped[int] = mapped_column(comment="New and changed articles with an author or editor.")
    chars: Mapped[int] = mapped_column(comment="Characters of their texts together.")
    same_time: Mapped[int] = mapped_column(
        comment="The most new articles that state one and the same minute of publication."
    )
    reasons: Mapped[str] = mapped_column(
        comment="Why pages were rejected, failed or skipped (JSON object: `rejected.too_short` ...: count)."
    )
    findings: Mapped[str] = mapped_column(
        comment="What is wrong, against the source's own history (JSON list of [code, sentence])."
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
