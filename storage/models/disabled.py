"""Rules that a person has taken out of service for a source."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import STRICT, Base, key

__all__ = ["DisabledRuleRow"]


class DisabledRuleRow(Base):
    """A rule that must not act on the pages of a source, beside those that the source's file names."""

    __tablename__ = "disabled_rules"
    __table_args__ = (Index(None, "source_id", "rule", unique=True), STRICT)

    id: Mapped[int] = key()
    source_id: Mapped[int] = mapped_column(
        ForeignKey("sources.id", ondelete="CASCADE"), comment="The source."
    )
    rule: Mapped[str] = mapped_column(comment="`family.name`, without a version.")
    disabled_at: Mapped[str] = mapped_column(comment="When (UTC).")
