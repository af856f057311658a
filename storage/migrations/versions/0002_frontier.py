"""The frontier: every URL with its state; and which process a run belongs to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("runs", sa.Column("process", sa.Text(), nullable=True))
    op.create_table(
        "frontier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("referrer", sa.Text(), nullable=True),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("guessed", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("streak", sa.Integer(), nullable=False),
        sa.Column("stated_at", sa.Text(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("found_at", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.Text(), nullable=True),
        sa.Column("last_run_id", sa.Integer(), nullable=False),
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
    )
    op.create_index("ix_frontier_source_id_due_at", "frontier", ["source_id", "due_at"], unique=False)
    op.create_index("ix_frontier_source_id_state", "frontier", ["source_id", "state"], unique=False)
    op.create_index("ix_frontier_last_run_id", "frontier", ["last_run_id"], unique=False)
