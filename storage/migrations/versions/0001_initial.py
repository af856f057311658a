"""The first schema: pages, articles with their notes, runs, search index and views."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.models.base import INTEGER, TEXT

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _tables()
    search = SEARCH if op.get_bind().dialect.name == "sqlite" else SEARCH_POSTGRES
    for statement in (*search, *VIEWS):
        op.execute(statement)


# The FTS table names its content table the way in which Datasette looks for it. The content is
# never read by FTS itself: the triggers hand it prepared tokens (see storage/grams.py), and a
# program that lacks `taosha_grams` is refused rather than allowed to spoil the index.
SEARCH = (
    """
    CREATE VIRTUAL TABLE articles_fts USING fts5(
        title, text, content="articles", content_rowid="id", tokenize="unicode61 remove_diacritics 2"
    )
    """,
    """
    CREATE TRIGGER articles_fts_insert AFTER INSERT ON articles BEGIN
        INSERT INTO articles_fts (rowid, title, text)
        VALUES (new.id, taosha_grams(new.title), taosha_grams(new.text));
    END
    """,
    """
    CREATE TRIGGER articles_fts_delete AFTER DELETE ON articles BEGIN
        INSERT INTO articles_fts (articles_fts, rowid, title, text)
        VALUES ('delete', old.id, taosha_grams(old.title), taosha_grams(old.text));
    END
    """,
    """
    CREATE TRIGGER articles_fts_update AFTER UPDATE OF id, title, text ON articles
    WHEN old.id IS NOT new.id OR old.title IS NOT new.title OR old.text IS NOT new.text BEGIN
        INSERT INTO articles_fts (articles_fts, rowid, title, text)
        VALUES ('delete', old.id, taosha_grams(old.title), taosha_grams(old.text));
        INSERT INTO articles_fts (rowid, title, text)
        VALUES (new.id, taosha_grams(new.title), taosha_grams(new.text));
    END
    """,
)

# The program writes this table itself, because the tokens are made in Python (see storage/words.py).
SEARCH_POSTGRES = (
    """
    CREATE TABLE article_words (
        article_id bigint PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
        title text COLLATE "C" NOT NULL,
        text text COLLATE "C" NOT NULL
    )
    """,
    """
    CREATE INDEX ix_article_words ON article_words USING gin (
        array_to_tsvector(string_to_array(btrim(title || ' ' || text), ' '))
    )
    """,
)

VIEWS = (
    """
    CREATE VIEW v_articles AS
    SELECT a.id, a.title, s.name AS source_name, a.published_at, a.published_utc, a.day, a.source AS outlet,
           a.authors, a.language, a.chars, a.removed_count, a.notes_count, a.host, a.url, a.origin, a.text,
           a.revision, a.first_seen_at, a.updated_at
    FROM articles AS a JOIN sources AS s ON s.id = a.source_id
    """,
    """
    CREATE VIEW v_removed AS
    SELECT b.article_id, a.title, s.name AS source_name, r.name AS rule, r.step, b.position, b.tag, b.chars,
           b.text, b.uncertain, a.updated_at
    FROM blocks AS b
    JOIN rules AS r ON r.id = b.rule_id
    JOIN articles AS a ON a.id = b.article_id
    JOIN sources AS s ON s.id = a.source_id
    """,
    """
    CREATE VIEW v_failures AS
    SELECT 'failed' AS kind, s.name AS source_name, f.origin, f.reason, f.detail, f.tries,
           f.last_failed_at AS at, NULL AS page_id
    FROM failures AS f JOIN sources AS s ON s.id = f.source_id
    WHERE f.resolved_at IS NULL
    UNION ALL
    SELECT 'rejected', s.name, p.origin, j.reason, j.detail, 1, j.rejected_at, p.id
    FROM rejections AS j JOIN pages AS p ON p.id = j.page_id JOIN sources AS s ON s.id = p.source_id
    """,
)


def _stored() -> bool:
    """PostgreSQL computes such columns when it writes a row, SQLite when it reads one."""
    return op.get_bind().dialect.name != "sqlite"


def _tables() -> None:
    op.create_table(
        "bodies",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("size", INTEGER, nullable=False),
        sa.Column("stored_size", INTEGER, nullable=False),
        sa.Column("codec", TEXT, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bodies"),
        sa.UniqueConstraint("sha256", name="uq_bodies_sha256"),
        sqlite_strict=True,
    )
    op.create_table(
        "rules",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("step", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rules"),
        sqlite_strict=True,
    )
    op.create_index("ix_rules_name_step", "rules", ["name", "step"], unique=True)
    op.create_table(
        "runs",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("command", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("started_at", TEXT, nullable=False),
        sa.Column("finished_at", TEXT, nullable=True),
        sa.Column("sources", TEXT, nullable=False),
        sa.Column("counts", TEXT, nullable=False),
        sa.Column("versions", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sqlite_strict=True,
    )
    op.create_index("ix_runs_started_at", "runs", ["started_at"], unique=False)
    op.create_table(
        "sources",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("first_seen_at", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
        sa.UniqueConstraint("name", name="uq_sources_name"),
        sqlite_strict=True,
    )
    op.create_table(
        "failures",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("source_id", INTEGER, nullable=False),
        sa.Column("origin", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("detail", TEXT, nullable=False),
        sa.Column("tries", INTEGER, nullable=False),
        sa.Column("first_failed_at", TEXT, nullable=False),
        sa.Column("last_failed_at", TEXT, nullable=False),
        sa.Column("last_run_id", INTEGER, nullable=False),
        sa.Column("resolved_at", TEXT, nullable=True),
        sa.ForeignKeyConstraint(["last_run_id"], ["runs.id"], name="fk_failures_last_run_id_runs"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_failures_source_id_sources"),
        sa.PrimaryKeyConstraint("id", name="pk_failures"),
        sqlite_strict=True,
    )
    op.create_index("ix_failures_last_run_id", "failures", ["last_run_id"], unique=False)
    op.create_index("ix_failures_origin", "failures", ["origin"], unique=False)
    op.create_index(
        "ix_failures_source_id_origin_reason", "failures", ["source_id", "origin", "reason"], unique=True
    )
    op.create_table(
        "pages",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("origin", TEXT, nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.Column("source_id", INTEGER, nullable=False),
        sa.Column("run_id", INTEGER, nullable=False),
        sa.Column("last_run_id", INTEGER, nullable=False),
        sa.Column("body_id", INTEGER, nullable=False),
        sa.Column("status", INTEGER, nullable=True),
        sa.Column("content_type", TEXT, nullable=True),
        sa.Column("headers", TEXT, nullable=False),
        sa.Column("via", TEXT, nullable=False),
        sa.Column("fetched_at", TEXT, nullable=True),
        sa.Column("first_seen_at", TEXT, nullable=False),
        sa.Column("last_seen_at", TEXT, nullable=False),
        sa.Column("outcome", TEXT, nullable=False),
        sa.Column("fingerprint", TEXT, nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name="fk_pages_body_id_bodies"),
        sa.ForeignKeyConstraint(["last_run_id"], ["runs.id"], name="fk_pages_last_run_id_runs"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_pages_run_id_runs"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_pages_source_id_sources"),
        sa.PrimaryKeyConstraint("id", name="pk_pages"),
        sqlite_strict=True,
    )
    op.create_index("ix_pages_body_id", "pages", ["body_id"], unique=False)
    op.create_index("ix_pages_last_run_id", "pages", ["last_run_id"], unique=False)
    op.create_index("ix_pages_origin_body_id", "pages", ["origin", "body_id"], unique=True)
    op.create_index("ix_pages_outcome_fingerprint", "pages", ["outcome", "fingerprint"], unique=False)
    op.create_index("ix_pages_source_id_outcome", "pages", ["source_id", "outcome"], unique=False)
    op.create_index("ix_pages_url", "pages", ["url"], unique=False)
    op.create_table(
        "articles",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("title", TEXT, nullable=True),
        sa.Column("source_id", INTEGER, nullable=False),
        sa.Column("published_at", TEXT, nullable=True),
        sa.Column("published_utc", TEXT, nullable=True),
        sa.Column("published_precision", TEXT, nullable=True),
        sa.Column(
            "day", TEXT, sa.Computed("substr(published_at, 1, 10)", persisted=_stored()), nullable=True
        ),
        sa.Column("chars", INTEGER, nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.Column("canonical_url", TEXT, nullable=True),
        sa.Column("origin", TEXT, nullable=False),
        sa.Column("host", TEXT, nullable=True),
        sa.Column("subtitle", TEXT, nullable=True),
        sa.Column("authors", TEXT, nullable=False),
        sa.Column("editors", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=True),
        sa.Column("producer", TEXT, nullable=True),
        sa.Column("site_name", TEXT, nullable=True),
        sa.Column("original_title", TEXT, nullable=True),
        sa.Column("published_raw", TEXT, nullable=True),
        sa.Column("timezone_source", TEXT, nullable=True),
        sa.Column("modified_at", TEXT, nullable=True),
        sa.Column("language", TEXT, nullable=True),
        sa.Column("script", TEXT, nullable=True),
        sa.Column("section", TEXT, nullable=True),
        sa.Column("tags", TEXT, nullable=False),
        sa.Column("description", TEXT, nullable=True),
        sa.Column("access", TEXT, nullable=True),
        sa.Column("image_credit", TEXT, nullable=True),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("source_text", TEXT, nullable=False),
        sa.Column("encoding", TEXT, nullable=False),
        sa.Column("page_id", INTEGER, nullable=False),
        sa.Column("fingerprint", TEXT, nullable=False),
        sa.Column("content_hash", TEXT, nullable=False),
        sa.Column("revision", INTEGER, nullable=False),
        sa.Column("removed_count", INTEGER, nullable=False),
        sa.Column("notes_count", INTEGER, nullable=False),
        sa.Column("first_run_id", INTEGER, nullable=False),
        sa.Column("last_run_id", INTEGER, nullable=False),
        sa.Column("first_seen_at", TEXT, nullable=False),
        sa.Column("updated_at", TEXT, nullable=False),
        sa.Column("checked_at", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["first_run_id"], ["runs.id"], name="fk_articles_first_run_id_runs"),
        sa.ForeignKeyConstraint(["last_run_id"], ["runs.id"], name="fk_articles_last_run_id_runs"),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name="fk_articles_page_id_pages"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_articles_source_id_sources"),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sa.UniqueConstraint("origin", name="uq_articles_origin"),
        sqlite_strict=True,
    )
    op.create_index("ix_articles_canonical_url", "articles", ["canonical_url"], unique=False)
    op.create_index("ix_articles_content_hash", "articles", ["content_hash"], unique=False)
    op.create_index("ix_articles_day", "articles", ["day"], unique=False)
    op.create_index("ix_articles_host", "articles", ["host"], unique=False)
    op.create_index("ix_articles_page_id", "articles", ["page_id"], unique=False)
    op.create_index("ix_articles_published_utc", "articles", ["published_utc"], unique=False)
    op.create_index(
        "ix_articles_source_id_published_utc", "articles", ["source_id", "published_utc"], unique=False
    )
    op.create_index("ix_articles_url", "articles", ["url"], unique=False)
    op.create_table(
        "rejections",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("page_id", INTEGER, nullable=False),
        sa.Column("run_id", INTEGER, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("detail", TEXT, nullable=False),
        sa.Column("fingerprint", TEXT, nullable=False),
        sa.Column("rejected_at", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"], ["pages.id"], name="fk_rejections_page_id_pages", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_rejections_run_id_runs"),
        sa.PrimaryKeyConstraint("id", name="pk_rejections"),
        sa.UniqueConstraint("page_id", name="uq_rejections_page_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_rejections_reason", "rejections", ["reason"], unique=False)
    op.create_table(
        "blocks",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("article_id", INTEGER, nullable=False),
        sa.Column("position", INTEGER, nullable=False),
        sa.Column("tag", TEXT, nullable=False),
        sa.Column("rule_id", INTEGER, nullable=True),
        sa.Column("text", TEXT, nullable=True),
        sa.Column("start", INTEGER, nullable=True),
        sa.Column("chars", INTEGER, nullable=False),
        sa.Column("link_chars", INTEGER, nullable=False),
        sa.Column("uncertain", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_blocks_article_id_articles", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["rule_id"], ["rules.id"], name="fk_blocks_rule_id_rules"),
        sa.PrimaryKeyConstraint("id", name="pk_blocks"),
        sqlite_strict=True,
    )
    op.create_index("ix_blocks_article_id_position", "blocks", ["article_id", "position"], unique=True)
    op.create_index("ix_blocks_rule_id", "blocks", ["rule_id"], unique=False)
    op.create_table(
        "candidates",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("article_id", INTEGER, nullable=False),
        sa.Column("position", INTEGER, nullable=False),
        sa.Column("field", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.Column("place", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_candidates_article_id_articles", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_candidates"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_candidates_article_id_position", "candidates", ["article_id", "position"], unique=True
    )
    op.create_table(
        "edits",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("article_id", INTEGER, nullable=False),
        sa.Column("position", INTEGER, nullable=False),
        sa.Column("block", INTEGER, nullable=True),
        sa.Column("rule_id", INTEGER, nullable=False),
        sa.Column("offset", INTEGER, nullable=False),
        sa.Column("before", TEXT, nullable=False),
        sa.Column("after", TEXT, nullable=False),
        sa.Column("uncertain", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_edits_article_id_articles", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["rule_id"], ["rules.id"], name="fk_edits_rule_id_rules"),
        sa.PrimaryKeyConstraint("id", name="pk_edits"),
        sqlite_strict=True,
    )
    op.create_index("ix_edits_article_id_position", "edits", ["article_id", "position"], unique=True)
    op.create_index("ix_edits_rule_id", "edits", ["rule_id"], unique=False)
    op.create_table(
        "images",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("article_id", INTEGER, nullable=False),
        sa.Column("position", INTEGER, nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.Column("alt", TEXT, nullable=True),
        sa.Column("caption", TEXT, nullable=True),
        sa.Column("block", INTEGER, nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_images_article_id_articles", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_images"),
        sqlite_strict=True,
    )
    op.create_index("ix_images_article_id_position", "images", ["article_id", "position"], unique=True)
