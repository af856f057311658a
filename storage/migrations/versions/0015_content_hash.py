"""No index over the digests of content: they differ with the address, so nobody finds articles by them."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_articles_content_hash", "articles")
