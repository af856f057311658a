"""What recurs over the pages of a site."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import STRICT, Base, key

__all__ = ["SightingRow", "SiteBlockRow", "SiteRow"]


class SiteRow(Base):
    """A site whose recurring blocks are learned: a host, or the source of files without an address."""

    __tablename__ = "sites"
    __table_args__ = STRICT

    id: Mapped[int] = key()
    name: Mapped[str] = mapped_column(unique=True, comment="Host without `www.`, or `source:` and its name.")
    articles: Mapped[int] = mapped_column(comment="Articles counted; copies of one count once.")


class SiteBlockRow(Base):
    """A block at the edge of a site's articles, and on how many of them it stood."""

    __tablename__ = "site_blocks"
    __table_args__ = (
        Index(None, "site_id", "hash", unique=True),
        Index(None, "site_id", "articles"),
        STRICT,
    )

    id: Mapped[int] = key()
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), comment="The site.")
    hash: Mapped[int] = mapped_column(comment="Hash of the block's letters (48 bits).")
    articles: Mapped[int] = mapped_column(comment="Articles that have it.")
    first_at: Mapped[int] = mapped_column(comment="Number of the site's article that had it first.")
    since: Mapped[str] = mapped_column(comment="When that article was stored (UTC).")


class SightingRow(Base):
    """The blocks at the edge of one page's article: what decides whether a learned block bears on it."""

    __tablename__ = "sightings"
    __table_args__ = (Index(None, "site_id"), STRICT)

    id: Mapped[int] = key()
    page_id: Mapped[int] = mapped_column(
        ForeignKey("pages.id", ondelete="CASCADE"), unique=True, comment="The page."
    )
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), comment="Its site.")
    hashes: Mapped[bytes] = mapped_column(comment="Hashes of the blocks, six bytes each, in page order.")
    used: Mapped[str] = mapped_column(comment="The learned blocks among them that the cleaner was told of.")
