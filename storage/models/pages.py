"""What was fetched or read: raw bodies, pages, and why a page gave no article."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import STRICT, Base, key

__all__ = ["BodyRow", "PageRow", "PartRow", "RejectionRow"]


class BodyRow(Base):
    """The bytes of pages, each distinct body once; the bytes themselves are in a file of their own."""

    __tablename__ = "bodies"
    __table_args__ = STRICT

    id: Mapped[int] = key()
    sha256: Mapped[str] = mapped_column(unique=True, comment="SHA-256 of the raw bytes (hex).")
    size: Mapped[int] = mapped_column(comment="Raw size in bytes.")
    stored_size: Mapped[int] = mapped_column(comment="Bytes that they take, packed.")
    dropped_at: Mapped[str | None] = mapped_column(
        comment="When they were dropped to save room (UTC); empty while they are kept."
    )


class PageRow(Base):
    """A page as it came: one row for each origin and body."""

    __tablename__ = "pages"
    __table_args__ = (
        Index(None, "origin", "body_id", unique=True),
        Index(None, "url"),
        Index(None, "source_id", "outcome"),
        Index(None, "body_id"),
        Index(None, "last_run_id"),
        Index(None, "outcome", "fingerprint"),
        STRICT,
    )

    id: Mapped[int] = key()
    origin: Mapped[str] = mapped_column(
        comment="The URL asked for, or the path of the file or archive record."
    )
    url: Mapped[str] = mapped_column(comment="Where the page came from in the end, after redirects.")
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), comment="The source it belongs to.")
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), comment="The run that stored it first.")
    last_run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), comment="The run that saw it last.")
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"), comment="Its raw bytes.")
    status: Mapped[int | None] = mapped_column(comment="HTTP status; empty for files.")
    content_type: Mapped[str | None] = mapped_column(comment="The header Content-Type, as sent.")
    headers: Mapped[str] = mapped_column(comment="Response headers (JSON list of [name, value]).")
    request_headers: Mapped[str] = mapped_column(
        server_default="[]", comment="Request headers, without credentials (JSON list of [name, value])."
    )
    via: Mapped[str] = mapped_column(comment="How it reached us: `crawl`, `file`, `archive`, `stdin`.")
    fetched_at: Mapped[str | None] = mapped_column(comment="When it was fetched or written (UTC).")
    first_seen_at: Mapped[str] = mapped_column(comment="When it was stored (UTC).")
    last_seen_at: Mapped[str] = mapped_column(comment="When the same bytes came last (UTC).")
    outcome: Mapped[str] = mapped_column(
        comment="`pending` (not cleaned yet), `article`, `rejected` (see rejections) or `part` (see parts)."
    )
    fingerprint: Mapped[str | None] = mapped_column(comment="The cleaner that decided the outcome.")


class PartRow(Base):
    """A later part of an article in several pages: it is cleaned with the first one, and is none itself."""

    __tablename__ = "parts"
    __table_args__ = (Index(None, "page_id", "number", unique=True), Index(None, "part_id"), STRICT)

    id: Mapped[int] = key()
    page_id: Mapped[int] = mapped_column(
        ForeignKey("pages.id", ondelete="CASCADE"), comment="The page that the article begins on."
    )
    number: Mapped[int] = mapped_column(comment="Order of the parts; the second page of the article is 1.")
    part_id: Mapped[int] = mapped_column(
        ForeignKey("pages.id", ondelete="CASCADE"), comment="The page of the part."
    )


class RejectionRow(Base):
    """Why a page gave no article, as the cleaners judged it last."""

    __tablename__ = "rejections"
    __table_args__ = (Index(None, "reason"), STRICT)

    id: Mapped[int] = key()
    page_id: Mapped[int] = mapped_column(
        ForeignKey("pages.id", ondelete="CASCADE"), unique=True, comment="The page."
    )
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), comment="The run that judged it.")
    reason: Mapped[str] = mapped_column(comment="Stable code of the reason.")
    detail: Mapped[str] = mapped_column(comment="One sentence for a person.")
    fingerprint: Mapped[str] = mapped_column(comment="The cleaner that judged it.")
    rejected_at: Mapped[str] = mapped_column(comment="When (UTC).")
