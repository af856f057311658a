"""History of articles; the changes of a rule packed into few rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.models.base import INTEGER, TEXT

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BATCH = 500


def upgrade() -> None:
    _revisions()
    op.drop_index("ix_edits_article_id_position", "edits")
    op.drop_index("ix_edits_rule_id", "edits")
    op.rename_table("edits", "edits_single")
    if op.get_bind().dialect.name == "postgresql":  # names of the key's index stay taken otherwise
        op.execute("ALTER INDEX pk_edits RENAME TO pk_edits_single")
        op.execute("ALTER SEQUENCE edits_id_seq RENAME TO edits_single_id_seq")
    _edits()
    _pack(op.get_bind())
    op.drop_table("edits_single")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(MERGE)
    for statement in (EDITS[op.get_bind().dialect.name], REVISIONS):
        op.execute(statement)


# Joining the small segments of the index later, and more of them at a time, saves a third of the
# work of writing; a query looks into a few more segments for it.
MERGE = "INSERT INTO articles_fts (articles_fts, rank) VALUES ('automerge', 16)"

EDITS = {
    "sqlite": """
    CREATE VIEW v_edits AS
    SELECT e.article_id, a.title, s.name AS source_name, r.name AS rule, r.step,
           e.position, json_extract(p.value, '$[0]') AS block, o.value AS offset,
           json_extract(c.value, '$[0]') AS before, json_extract(c.value, '$[1]') AS after,
           e.uncertain, a.updated_at
    FROM edits AS e
    JOIN rules AS r ON r.id = e.rule_id
    JOIN articles AS a ON a.id = e.article_id
    JOIN sources AS s ON s.id = a.source_id
    JOIN json_each(e.changes) AS c
    JOIN json_each(c.value) AS p ON p.key > 1
    JOIN json_each(p.value) AS o ON o.key > 0
    """,
    "postgresql": """
    CREATE VIEW v_edits AS
    SELECT e.article_id, a.title, s.name AS source_name, r.name AS rule, r.step,
           e.position, CAST(p.value ->> 0 AS bigint) AS block, CAST(o.value #>> '{}' AS bigint) AS "offset",
           c.value ->> 0 AS before, c.value ->> 1 AS after,
           e.uncertain, a.updated_at
    FROM edits AS e
    JOIN rules AS r ON r.id = e.rule_id
    JOIN articles AS a ON a.id = e.article_id
    JOIN sources AS s ON s.id = a.source_id
    CROSS JOIN LATERAL jsonb_array_elements(CAST(e.changes AS jsonb)) AS c (value)
    CROSS JOIN LATERAL jsonb_array_elements(c.value) WITH ORDINALITY AS p (value, place)
    CROSS JOIN LATERAL jsonb_array_elements(
        CASE WHEN p.place > 2 THEN p.value ELSE '[]' END) WITH ORDINALITY AS o (value, place)
    WHERE o.place > 1
    """,
}

REVISIONS = """
    CREATE VIEW v_revisions AS
    SELECT v.article_id, a.title, s.name AS source_name, v.number, v.made_at, v.cause, v.fields, v.rules,
           v.run_id, u.command, v.page_id, v.fingerprint, v.chars
    FROM revisions AS v
    JOIN runs AS u ON u.id = v.run_id
    JOIN articles AS a ON a.id = v.article_id
    JOIN sources AS s ON s.id = a.source_id
"""


def _revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("article_id", INTEGER, nullable=False),
        sa.Column("number", INTEGER, nullable=False),
        sa.Column("made_at", TEXT, nullable=False),
        sa.Column("run_id", INTEGER, nullable=False),
        sa.Column("cause", TEXT, nullable=False),
        sa.Column("fields", TEXT, nullable=False),
        sa.Column("rules", TEXT, nullable=False),
        sa.Column("page_id", INTEGER, nullable=False),
        sa.Column("fingerprint", TEXT, nullable=False),
        sa.Column("chars", INTEGER, nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_revisions_article_id_articles", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name="fk_revisions_page_id_pages"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_revisions_run_id_runs"),
        sa.PrimaryKeyConstraint("id", name="pk_revisions"),
        sqlite_strict=True,
    )
    op.create_index("ix_revisions_article_id_number", "revisions", ["article_id", "number"], unique=True)
    op.create_index("ix_revisions_page_id", "revisions", ["page_id"], unique=False)
    op.create_index("ix_revisions_run_id", "revisions", ["run_id"], unique=False)


def _edits() -> None:
    op.create_table(
        "edits",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("article_id", INTEGER, nullable=False),
        sa.Column("position", INTEGER, nullable=False),
        sa.Column("rule_id", INTEGER, nullable=False),
        sa.Column("count", INTEGER, nullable=False),
        sa.Column("changes", TEXT, nullable=False),
        sa.Column("uncertain", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_edits_article_id_articles", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["rule_id"], ["rules.id"], name="fk_edits_rule_id_rules"),
        sa.PrimaryKeyConstraint("id", name="pk_edits"),
        sqlite_strict=True,
    )
    op.create_index("ix_edits_article_id_position", "edits", ["article_id", "position"], unique=True)
    op.create_index("ix_edits_rule_id", "edits", ["rule_id"], unique=False)


def _pack(connection: sa.Connection) -> None:
    rows: list[dict[str, Any]] = []
    insert = sa.text(
        "INSERT INTO edits (article_id, position, rule_id, count, changes, uncertain) "
        "VALUES (:article_id, :position, :rule_id, :count, :changes, :uncertain)"
    )
    for row in _packed(connection):
        rows.append(row)
        if len(rows) >= _BATCH:
            connection.execute(insert, rows)
            rows.clear()
    if rows:
        connection.execute(insert, rows)


def _packed(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    """Give the new rows; the old ones are read article by article, so that memory stays small."""
    articles = connection.exec_driver_sql("SELECT DISTINCT article_id FROM edits_single").scalars().all()
    query = sa.text(
        'SELECT position, block, rule_id, uncertain, "offset", before, after FROM edits_single '
        "WHERE article_id = :article ORDER BY position"
    )
    # The index by article went with its name; for the time of the work it is needed.
    connection.exec_driver_sql("CREATE INDEX ix_edits_single ON edits_single (article_id, position)")
    for article in articles:
        old = connection.execute(query, {"article": article}).all()
        for position, (rule, uncertain, places) in enumerate(_passes(old)):
            packed = [
                [*texts, *([b, *offsets] for b, offsets in blocks.items())]
                for texts, blocks in places.items()
            ]
            yield {
                "article_id": article,
                "position": position,
                "rule_id": rule,
                "count": sum(len(offsets) for blocks in places.values() for offsets in blocks.values()),
                "changes": json.dumps(packed, ensure_ascii=False, separators=(",", ":")),
                "uncertain": uncertain,
            }


def _passes(old: Sequence[Any]) -> Iterator[tuple[int, int, dict[Any, dict[Any, list[int]]]]]:
    """Give (rule, uncertain, {(before, after): {block: offsets}}), as storage/packing.py describes it."""
    found: dict[tuple[int, int, int], dict[Any, dict[Any, list[int]]]] = {}
    number, last = 0, None
    for row in old:
        _, block, rule, uncertain, offset, before, after = row
        if last is None or block != last[1]:
            number = 0
        elif (rule, uncertain) != (last[2], last[3]) or offset <= last[4]:
            number += 1
        alike = found.setdefault((number, rule, uncertain), {}).setdefault((before, after), {})
        alike.setdefault(block, []).append(offset)
        last = row
    for key in sorted(found, key=lambda key: key[0]):
        yield key[1], key[2], found[key]
