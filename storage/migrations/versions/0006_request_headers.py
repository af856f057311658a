"""The headers of the request beside those of the answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.models.base import TEXT

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pages", sa.Column("request_headers", TEXT, nullable=False, server_default="[]"))
