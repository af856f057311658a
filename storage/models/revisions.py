"""What articles were before: one row for each change of an article."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import STRICT, Base, key

__all__ = ["RevisionRow"]


class RevisionRow(Base):
    """A change of an article: when and why it was made, and what the article was before it."""

    __tablename__ = "revisions"
    __table_args__ = (
        Index(None, "article_id", "number", unique=True),
        Index(None, "run_id"),
        Index(None, "page_id"),
        STRICT,
    )

    id: Mapped[int] = key()
    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), comment="The article."
    )
    number: Mapped[int] = mapped_column(
        comment="The revision that the change made: 2 is the first change of a new article."
    )
    made_at: Mapped[str] = mapped_column(comment="When (UTC).")
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), comment="The run that made it.")
    cause: Mapped[str] = mapped_column(
        comment="`source` (the page came with other bytes), `cleaner` (the same bytes, another cleaner) "
        "or `both`."
    )
    fields: Mapped[str] = mapped_column(comment="What differs: names of columns, and `images` (JSON list).")
    rules: Mapped[str] = mapped_column(
        comment="Rules that acted more or less often than before: [before, after] by rule (JSON object)."
    )
    page_id: Mapped[int] = mapped_column(
        ForeignKey("pages.id"), comment="The raw page that the state before was made from."
    )
    fingerprint: Mapped[str] = mapped_column(comment="The cleaner that made the state before.")
    chars: Mapped[int] = mapped_column(comment="Length in characters of the text before.")
    before: Mapped[bytes] = mapped_column(
        comment="The state before (JSON in zstd, with the texts of the state after as dictionary)."
    )
