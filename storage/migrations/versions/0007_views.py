"""Views for the questions people ask most, and the indexes that answer them."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_articles_day", "articles")
    op.create_index("ix_articles_day_source_id", "articles", ["day", "source_id"], unique=False)
    op.create_index("ix_articles_updated_at", "articles", ["updated_at"], unique=False)
    for statement in VIEWS:
        op.execute(statement)


VIEWS = (
    """
    CREATE VIEW v_latest AS
    SELECT a.id, a.published_at, a.title, s.name AS source_name, a.source AS outlet, a.chars, a.language,
           substr(a.text, 1, 120) AS beginning, a.url, a.first_seen_at
    FROM articles AS a JOIN sources AS s ON s.id = a.source_id
    ORDER BY a.published_utc DESC NULLS LAST, a.id DESC
    """,
    """
    CREATE VIEW v_source_health AS
    SELECT h.source_name, h.articles, h.rejected, h.pending, h.failing,
           CAST(h.cleaned AS double precision) / nullif(h.cleaned + h.rejected, 0) AS article_share,
           h.newest_published_utc, h.last_new_at, h.last_seen_at, h.last_run_id,
           r.status AS last_run_status, r.started_at AS last_run_at
    FROM (
        SELECT s.name AS source_name,
               (SELECT count(*) FROM articles WHERE source_id = s.id) AS articles,
               (SELECT count(*) FROM pages WHERE source_id = s.id AND outcome = 'article') AS cleaned,
               (SELECT count(*) FROM pages WHERE source_id = s.id AND outcome = 'rejected') AS rejected,
               (SELECT count(*) FROM pages WHERE source_id = s.id AND outcome = 'pending') AS pending,
               (SELECT count(*) FROM failures
                WHERE source_id = s.id AND resolved_at IS NULL) AS failing,
               (SELECT max(published_utc) FROM articles WHERE source_id = s.id) AS newest_published_utc,
               (SELECT max(first_seen_at) FROM pages WHERE source_id = s.id) AS last_new_at,
               (SELECT max(last_seen_at) FROM pages WHERE source_id = s.id) AS last_seen_at,
               (SELECT max(last_run_id) FROM pages WHERE source_id = s.id) AS last_run_id
        FROM sources AS s
    ) AS h
    LEFT JOIN runs AS r ON r.id = h.last_run_id
    """,
)
