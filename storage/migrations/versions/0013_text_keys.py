"""A digest of each article's longest sentence finds the same article under another address."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.models.base import TEXT
from storage.text_keys import text_key

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TAKE = sa.text("SELECT id, text FROM articles WHERE id > :last ORDER BY id LIMIT 500")
_FILL = sa.text("UPDATE articles SET text_key = :made WHERE id = :number")


def upgrade() -> None:
    op.add_column("articles", sa.Column("text_key", TEXT, nullable=True))
    connection, last = op.get_bind(), 0
    while rows := connection.execute(_TAKE, {"last": last}).all():
        connection.execute(_FILL, [{"number": row.id, "made": text_key(row.text)} for row in rows])
        last = rows[-1].id
    op.create_index("ix_articles_source_id_text_key", "articles", ["source_id", "text_key"], unique=False)
