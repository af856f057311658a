"""The frontier: every URL with its state; and which process a run belongs to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.models.base import INTEGER, TEXT

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("runs", sa.Column("process", TEXT, nullable=True))
    op.create_table(
        "frontier",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("source_id", INTEGER, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.Column("host", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=True),
        sa.Column("referrer", TEXT, nullable=True),
        sa.Column("depth", INTEGER, nullable=False),
        sa.Column("page", INTEGER, nullable=False),
        sa.Column("guessed", INTEGER, nullable=False),
        sa.Column("waiting", INTEGER, nullable=True),
        sa.Column("due_at", TEXT, nullable=True),
        sa.Column("tries", INTEGER, nullable=False),
        sa.Column("streak", INTEGER, nullable=False),
        sa.Column("stated_at", TEXT, nullable=True),
        sa.Column("etag", TEXT, nullable=True),
        sa.Column("last_modified", TEXT, nullable=True),
        sa.Column("digest", TEXT, nullable=True),
        sa.Column("found_at", TEXT, nullable=False),
        sa.Column("fetched_at", TEXT, nullable=True),
        sa.Column("last_run_id", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["last_run_id"], ["runs.id"], name="fk_frontier_last_run_id_runs"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_frontier_source_id_sources"),
        sa.PrimaryKeyConstraint("id", name="pk_frontier"),
        sqlite_strict=True,
    )
    op.create_index("ix_frontier_source_id_kind_url", "frontier", ["source_id", "kind", "url"], unique=True)
    op.create_index(
        "ix_frontier_source_id_host_waiting_id",
        "frontier",
        ["source_id", "host", "waiting", "id"],
        unique=False,
        sqlite_where=sa.text("waiting IS NOT NULL"),
        postgresql_where=sa.text("waiting IS NOT NULL"),
    )
    op.create_index("ix_frontier_source_id_due_at", "frontier", ["source_id", "due_at"], unique=False)
    op.create_index("ix_frontier_source_id_state", "frontier", ["source_id", "state"], unique=False)
    op.create_index("ix_frontier_last_run_id", "frontier", ["last_run_id"], unique=False)
