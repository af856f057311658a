"""What the reader's own articles taught the repair."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import STRICT, Base, key

__all__ = ["PhraseRow"]


class PhraseRow(Base):
    """A phrase that the clean articles of the store have; the repair of damaged pages prefers it."""

    __tablename__ = "phrases"
    __table_args__ = STRICT

    id: Mapped[int] = key()
    phrase: Mapped[str] = mapped_column(unique=True, comment="Three or four characters, simplified.")
