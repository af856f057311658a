"""More segments of the search index are joined at a time, which writes each entry less often."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Entries are written once, and again each time that their segment is joined with others: for 200,000
# articles three times with 16 segments a time, twice with 64. A query looks into more of them for it
# (some 5 microseconds each). The second number must be larger than the first: so many segments
# of a level are joined at once, however long that takes.
OPTIONS = (
    "INSERT INTO articles_fts (articles_fts, rank) VALUES ('automerge', 64)",
    "INSERT INTO articles_fts (articles_fts, rank) VALUES ('crisismerge', 256)",
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in OPTIONS:
            op.execute(statement)
