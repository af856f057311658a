"""Phrases that the repair was taught from the store's own articles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.models.base import INTEGER, TEXT

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "phrases",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("phrase", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_phrases"),
        sa.UniqueConstraint("phrase", name="uq_phrases_phrase"),
        sqlite_strict=True,
    )
