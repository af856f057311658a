"""The clean articles: text and metadata, and every change that led to them."""

from __future__ import annotations

from sqlalchemy import Computed, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import STRICT, TEXT, Base, key

__all__ = ["ArticleRow", "BlockRow", "CandidateRow", "EditRow", "FlagRow", "ImageRow", "RuleRow"]


class ArticleRow(Base):
    """A clean article: one row for each origin, in its latest state."""

    __tablename__ = "articles"
    __table_args__ = (
        Index(None, "published_utc"),
        Index(None, "source_id", "published_utc"),
        Index(None, "day", "source_id"),
        Index(None, "updated_at"),
        Index(None, "host"),
        Index(None, "url"),
        Index(None, "canonical_url"),
        Index(None, "source_id", "text_key"),
        Index(None, "page_id"),
        STRICT,
    )

    id: Mapped[int] = key()
    title: Mapped[str | None] = mapped_column(comment="Headline, in normal form.")
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), comment="The source that brought it.")
    published_at: Mapped[str | None] = mapped_column(comment="When it was published, with the page's offset.")
    published_utc: Mapped[str | None] = mapped_column(comment="The same moment in UTC, for sorting.")
    published_precision: Mapped[str | None] = mapped_column(
        comment="How much of it the page stated: `year`, `month`, `day`, `minute`, `second`."
    )
    day: Mapped[str | None] = mapped_column(
        TEXT, Computed("substr(published_at, 1, 10)", persisted=False), comment="Day of `published_at`."
    )
    chars: Mapped[int] = mapped_column(comment="Length of `text` in characters.")
    url: Mapped[str] = mapped_column(comment="Where the page came from in the end.")
    canonical_url: Mapped[str | None] = mapped_column(comment="The address that the page calls its own.")
    origin: Mapped[str] = mapped_column(unique=True, comment="Identity: the URL asked for, or the path.")
    host: Mapped[str | None] = mapped_column(comment="Host of `url`, lower case; empty for files.")
    subtitle: Mapped[str | None] = mapped_column(comment="Second headline.")
    authors: Mapped[str] = mapped_column(comment="Authors (JSON list).")
    editors: Mapped[str] = mapped_column(comment="Editors (JSON list).")
    source: Mapped[str | None] = mapped_column(comment="The outlet that the page names as its source.")
    producer: Mapped[str | None] = mapped_column(comment="Who produced the piece, as stated.")
    site_name: Mapped[str | None] = mapped_column(comment="What the site calls itself.")
    original_title: Mapped[str | None] = mapped_column(
        comment="The headline of the original, if the page states it."
    )
    published_raw: Mapped[str | None] = mapped_column(comment="The date as the page writes it.")
    timezone_source: Mapped[str | None] = mapped_column(
        comment="Where the offset came from: `stated`, `rules`, `assumed`."
    )
    modified_at: Mapped[str | None] = mapped_column(comment="When it was changed, with the page's offset.")
    language: Mapped[str | None] = mapped_column(comment="Language (BCP 47).")
    script: Mapped[str | None] = mapped_column(
        comment="Script of the page, for Chinese: `zh-Hans` or `zh-Hant`."
    )
    section: Mapped[str | None] = mapped_column(comment="Section of the site.")
    tags: Mapped[str] = mapped_column(comment="Keywords (JSON list).")
    description: Mapped[str | None] = mapped_column(comment="Summary that the page offers.")
    access: Mapped[str | None] = mapped_column(comment="Access mark, such as a paywall.")
    image_credit: Mapped[str | None] = mapped_column(comment="Picture credit.")
    text: Mapped[str] = mapped_column(comment="The article in normal form, one paragraph a line.")
    source_text: Mapped[str] = mapped_column(
        comment="The same words, repaired, in the page's own script and punctuation."
    )
    encoding: Mapped[str] = mapped_column(comment="The encoding that the page was read in.")
    page_id: Mapped[int] = mapped_column(
        ForeignKey("pages.id"), comment="The raw page that this state was made from."
    )
    fingerprint: Mapped[str] = mapped_column(comment="The cleaner that made it.")
    content_hash: Mapped[str] = mapped_column(
        comment="SHA-256 of text and metadata (hex): equal = unchanged."
    )
    text_key: Mapped[str | None] = mapped_column(
        comment="Digest of the longest sentence: finds the article under other addresses of the source."
    )
    revision: Mapped[int] = mapped_column(comment="1 when new, one more with each change.")
    removed_count: Mapped[int] = mapped_column(comment="How many blocks of the page were removed.")
    notes_count: Mapped[int] = mapped_column(comment="How many changes were made to the text that was kept.")
    first_run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), comment="The run that stored it first.")
    last_run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), comment="The run that looked at it last.")
    first_seen_at: Mapped[str] = mapped_column(comment="When it was stored first (UTC).")
    updated_at: Mapped[str] = mapped_column(comment="When it changed last (UTC).")
    checked_at: Mapped[str] = mapped_column(comment="When it was looked at last (UTC).")


class RuleRow(Base):
    """A rule of the cleaners with its version, as far as it acted on something stored."""

    __tablename__ = "rules"
    __table_args__ = (Index(None, "name", "step", unique=True), STRICT)

    id: Mapped[int] = key()
    name: Mapped[str] = mapped_column(comment="`family.name@version`.")
    step: Mapped[str] = mapped_column(
        comment="Stage and step: `extract`, `judge/…`, `repair/…`, `normalize/…`."
    )


class BlockRow(Base):
    """A block of the article's page, in page order: kept as text, or removed by a rule."""

    __tablename__ = "blocks"
    __table_args__ = (Index(None, "article_id", "position", unique=True), Index(None, "rule_id"), STRICT)

    id: Mapped[int] = key()
    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), comment="The article."
    )
    position: Mapped[int] = mapped_column(comment="Number of the block in the page, from 0.")
    tag: Mapped[str] = mapped_column(comment="HTML tag, such as `p` or `h2`.")
    rule_id: Mapped[int | None] = mapped_column(
        ForeignKey("rules.id"), comment="The rule that removed it; empty if it was kept."
    )
    text: Mapped[str | None] = mapped_column(
        comment="The removed text; empty if it was kept (then it is in the article)."
    )
    start: Mapped[int | None] = mapped_column(
        comment="Offset in the article's `text`, in characters, if it was kept."
    )
    chars: Mapped[int] = mapped_column(comment="Length in characters of what was kept or removed.")
    link_chars: Mapped[int] = mapped_column(comment="How many characters were inside links.")
    uncertain: Mapped[int] = mapped_column(comment="1 if the rule was not sure.")
    evidence: Mapped[str | None] = mapped_column(
        comment="What the rule rests on, where that is not on the page itself."
    )


class EditRow(Base):
    """Changes that a rule made to the kept text in one pass; `v_edits` has one row for each change."""

    __tablename__ = "edits"
    __table_args__ = (Index(None, "article_id", "position", unique=True), Index(None, "rule_id"), STRICT)

    id: Mapped[int] = key()
    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), comment="The article."
    )
    position: Mapped[int] = mapped_column(
        comment="Number of the row in the article, from 0: in each block, lower ones were made first."
    )
    rule_id: Mapped[int] = mapped_column(ForeignKey("rules.id"), comment="The rule that made them.")
    count: Mapped[int] = mapped_column(comment="How many changes these are.")
    changes: Mapped[str] = mapped_column(
        comment="Each distinct change with its places (JSON list of [before, after, [block, offset, "
        "offset ...], [block ...] ...]). `block` is the `position` of the block, null for the page's "
        "markup; the offset counts characters of the block's text after all earlier changes."
    )
    uncertain: Mapped[int] = mapped_column(comment="1 if the rule was not sure.")


class FlagRow(Base):
    """Something noticed about an article that changed nothing: two articles in one, a rule in vain."""

    __tablename__ = "flags"
    __table_args__ = (Index(None, "article_id", "position", unique=True), Index(None, "rule_id"), STRICT)

    id: Mapped[int] = key()
    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), comment="The article."
    )
    position: Mapped[int] = mapped_column(comment="Order, from 0.")
    rule_id: Mapped[int] = mapped_column(ForeignKey("rules.id"), comment="What was noticed.")
    start: Mapped[int] = mapped_column(comment="Where, as an offset in the article's `text`, in characters.")
    evidence: Mapped[str | None] = mapped_column(comment="What it rests on.")


class ImageRow(Base):
    """A picture of an article."""

    __tablename__ = "images"
    __table_args__ = (Index(None, "article_id", "position", unique=True), STRICT)

    id: Mapped[int] = key()
    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), comment="The article."
    )
    position: Mapped[int] = mapped_column(comment="Number of the picture in the article, from 0.")
    url: Mapped[str] = mapped_column(comment="Its address.")
    alt: Mapped[str | None] = mapped_column(comment="The replacement text of the page.")
    caption: Mapped[str | None] = mapped_column(comment="Its caption.")
    block: Mapped[int | None] = mapped_column(comment="`position` of the block that it stands before.")


class CandidateRow(Base):
    """A value that the page offers for a field of the metadata; winners first."""

    __tablename__ = "candidates"
    __table_args__ = (Index(None, "article_id", "position", unique=True), STRICT)

    id: Mapped[int] = key()
    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), comment="The article."
    )
    position: Mapped[int] = mapped_column(comment="Order, from 0.")
    field: Mapped[str] = mapped_column(comment="The field, such as `title`.")
    value: Mapped[str] = mapped_column(comment="The value, as the page offers it.")
    place: Mapped[str] = mapped_column(comment="Where it stands: `json-ld`, `og:title`, `byline` ...")
