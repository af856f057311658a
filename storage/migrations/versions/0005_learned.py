"""What recurs over the articles of a site, and the evidence of rules that rest on it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.models.base import INTEGER, TEXT

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sites",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("articles", INTEGER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sites"),
        sa.UniqueConstraint("name", name="uq_sites_name"),
        sqlite_strict=True,
    )
    op.create_table(
        "site_blocks",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("site_id", INTEGER, nullable=False),
        sa.Column("hash", INTEGER, nullable=False),
        sa.Column("articles", INTEGER, nullable=False),
        sa.Column("first_at", INTEGER, nullable=False),
        sa.Column("since", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name="fk_site_blocks_site_id_sites", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_site_blocks"),
        sqlite_strict=True,
    )
    op.create_index("ix_site_blocks_site_id_hash", "site_blocks", ["site_id", "hash"], unique=True)
    op.create_index("ix_site_blocks_site_id_articles", "site_blocks", ["site_id", "articles"], unique=False)
    op.create_table(
        "sightings",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("page_id", INTEGER, nullable=False),
        sa.Column("site_id", INTEGER, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.Column("used", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"], ["pages.id"], name="fk_sightings_page_id_pages", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name="fk_sightings_site_id_sites", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sightings"),
        sa.UniqueConstraint("page_id", name="uq_sightings_page_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_sightings_site_id", "sightings", ["site_id"], unique=False)
    op.add_column("blocks", sa.Column("evidence", TEXT, nullable=True))
    op.execute("DROP VIEW v_removed")
    op.execute(REMOVED)


REMOVED = """
    CREATE VIEW v_removed AS
    SELECT b.article_id, a.title, s.name AS source_name, r.name AS rule, r.step, b.position, b.tag, b.chars,
           b.text, b.uncertain, b.evidence, a.updated_at
    FROM blocks AS b
    JOIN rules AS r ON r.id = b.rule_id
    JOIN articles AS a ON a.id = b.article_id
    JOIN sources AS s ON s.id = a.source_id
    """
