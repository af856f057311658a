"""Articles in several pages, and what is noticed about an article without changing it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.models.base import INTEGER, TEXT

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parts",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("page_id", INTEGER, nullable=False),
        sa.Column("number", INTEGER, nullable=False),
        sa.Column("part_id", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name="fk_parts_page_id_pages", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["part_id"], ["pages.id"], name="fk_parts_part_id_pages", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_parts"),
        sqlite_strict=True,
    )
    op.create_index("ix_parts_page_id_number", "parts", ["page_id", "number"], unique=True)
    op.create_index("ix_parts_part_id", "parts", ["part_id"], unique=False)
    op.create_table(
        "flags",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("article_id", INTEGER, nullable=False),
        sa.Column("position", INTEGER, nullable=False),
        sa.Column("rule_id", INTEGER, nullable=False),
        sa.Column("start", INTEGER, nullable=False),
        sa.Column("evidence", TEXT, nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_flags_article_id_articles", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["rule_id"], ["rules.id"], name="fk_flags_rule_id_rules"),
        sa.PrimaryKeyConstraint("id", name="pk_flags"),
        sqlite_strict=True,
    )
    op.create_index("ix_flags_article_id_position", "flags", ["article_id", "position"], unique=True)
    op.create_index("ix_flags_rule_id", "flags", ["rule_id"], unique=False)
    op.execute(
        """
    CREATE VIEW v_flags AS
    SELECT f.article_id, a.title, s.name AS source_name, r.name AS rule, r.step, f.start, f.evidence,
           a.updated_at
    FROM flags AS f
    JOIN rules AS r ON r.id = f.rule_id
    JOIN articles AS a ON a.id = f.article_id
    JOIN sources AS s ON s.id = a.source_id
    """
    )
