"""Rules that a person has taken out of service for a source."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.models.base import INTEGER, TEXT

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "disabled_rules",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("source_id", INTEGER, nullable=False),
        sa.Column("rule", TEXT, nullable=False),
        sa.Column("disabled_at", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name="fk_disabled_rules_source_id_sources", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_disabled_rules"),
        sqlite_strict=True,
    )
    op.create_index("ix_disabled_rules_source_id_rule", "disabled_rules", ["source_id", "rule"], unique=True)
