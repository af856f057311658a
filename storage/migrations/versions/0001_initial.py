"""The first schema: pages, articles with their notes, runs, search index and views."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _tables()
    if op.get_bind().dialect.name == "sqlite":
        for statement in (*SEARCH, *VIEWS):
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


def _tables() -> None:
    op.create_table(
        "bodies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stored_size", sa.Integer(), nullable=False),
        sa.Column("codec", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bodies"),
        sa.UniqueConstraint("sha256", name="uq_bodies_sha256"),
        sqlite_strict=True,
    )
    op.create_table(
        "rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rules"),
        sqlite_strict=True,
    )
    op.create_index("ix_rules_name_step", "rules", ["name", "step"], unique=True)
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.Text(), nullable=True),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("versions", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sqlite_strict=True,
    )
    op.create_index("ix_runs_started_at", "runs", ["started_at"], unique=False)
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_seen_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
        sa.UniqueConstraint("name", name="uq_sources_name"),
        sqlite_strict=True,
    )
    op.create_table(
        "failures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("first_failed_at", sa.Text(), nullable=False),
        sa.Column("last_failed_at", sa.Text(), nullable=False),
        sa.Column("last_run_id", sa.Integer(), nullable=False),
        sa.Column("resolved_at", sa.Text(), nullable=True),
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
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("last_run_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("content_type", sa.Text(), nullable=True),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.Text(), nullable=True),
        sa.Column("first_seen_at", sa.Text(), nullable=False),
        sa.Column("last_seen_at", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=True),
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
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.Text(), nullable=True),
        sa.Column("published_utc", sa.Text(), nullable=True),
        sa.Column("published_precision", sa.Text(), nullable=True),
        sa.Column(
            "day", sa.Text(), sa.Computed("substr(published_at, 1, 10)", persisted=False), nullable=True
        ),
        sa.Column("chars", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("canonical_url", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=True),
        sa.Column("subtitle", sa.Text(), nullable=True),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("editors", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("producer", sa.Text(), nullable=True),
        sa.Column("site_name", sa.Text(), nullable=True),
        sa.Column("original_title", sa.Text(), nullable=True),
        sa.Column("published_raw", sa.Text(), nullable=True),
        sa.Column("timezone_source", sa.Text(), nullable=True),
        sa.Column("modified_at", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("script", sa.Text(), nullable=True),
        sa.Column("section", sa.Text(), nullable=True),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("access", sa.Text(), nullable=True),
        sa.Column("image_credit", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source_text", sa.Text(), nullable=False),
        sa.Column("encoding", sa.Text(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("removed_count", sa.Integer(), nullable=False),
        sa.Column("notes_count", sa.Integer(), nullable=False),
        sa.Column("first_run_id", sa.Integer(), nullable=False),
        sa.Column("last_run_id", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.Text(), nullable=False),
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
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("rejected_at", sa.Text(), nullable=False),
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
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("chars", sa.Integer(), nullable=False),
        sa.Column("link_chars", sa.Integer(), nullable=False),
        sa.Column("uncertain", sa.Integer(), nullable=False),
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
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
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
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("block", sa.Integer(), nullable=True),
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("offset", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("uncertain", sa.Integer(), nullable=False),
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
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("alt", sa.Text(), nullable=True),
        sa.Column("caption", sa.Text(), nullable=True),
        sa.Column("block", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_images_article_id_articles", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_images"),
        sqlite_strict=True,
    )
    op.create_index("ix_images_article_id_position", "images", ["article_id", "position"], unique=True)
