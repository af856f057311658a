"""What each crawl did with each source."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.models.base import INTEGER, TEXT

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_COUNTS = (
    "requested",
    "bytes",
    "lists",
    "named",
    "fetched",
    "new",
    "changed",
    "unchanged",
    "rejected",
    "failed",
    "skipped",
    "refused",
    "titled",
    "dated",
    "authored",
    "chars",
    "same_time",
)


def upgrade() -> None:
    op.create_table(
        "source_runs",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("run_id", INTEGER, nullable=False),
        sa.Column("source_id", INTEGER, nullable=False),
        sa.Column("ended_at", TEXT, nullable=False),
        sa.Column("complete", INTEGER, nullable=False),
        sa.Column("seconds", sa.REAL(), nullable=False),
        *(sa.Column(name, INTEGER, nullable=False) for name in _COUNTS),
        sa.Column("reasons", TEXT, nullable=False),
        sa.Column("findings", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_source_runs_run_id_runs"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_source_runs_source_id_sources"),
        sa.PrimaryKeyConstraint("id", name="pk_source_runs"),
        sqlite_strict=True,
    )
    op.create_index("ix_source_runs_run_id_source_id", "source_runs", ["run_id", "source_id"], unique=True)
    op.create_index("ix_source_runs_source_id_id", "source_runs", ["source_id", "id"], unique=False)
