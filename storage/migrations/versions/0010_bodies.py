"""The bytes of raw pages move to a file of their own, or a table of their own on a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.models.base import INTEGER, TEXT

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_BATCH = 200


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        _move_to_file(connection)
    else:
        _move_to_table()
    op.add_column("bodies", sa.Column("dropped_at", TEXT, nullable=True))
    op.drop_column("bodies", "data")
    op.drop_column("bodies", "codec")


def _move_to_table() -> None:
    op.create_table(
        "body_data",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("size", INTEGER, nullable=False),
        sa.Column("codec", TEXT, nullable=False),
        sa.Column("base", TEXT, nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_body_data"),
        sa.UniqueConstraint("sha256", name="uq_body_data_sha256"),
    )
    op.execute("ALTER TABLE body_data ALTER COLUMN data SET STORAGE EXTERNAL")  # it is packed already
    op.execute(
        "INSERT INTO body_data (sha256, size, codec, data) SELECT sha256, size, codec, data FROM bodies"
    )


def _move_to_file(connection: sa.Connection) -> None:
    """Copy the bodies; if the upgrade fails afterwards, the next try finds them there, which does no harm."""
    (place,) = (row[2] for row in connection.exec_driver_sql("PRAGMA database_list") if row[1] == "main")
    rows = _bodies(connection)
    first = next(rows, None)
    if first is None:
        return
    path = Path(place)
    engine = sa.create_engine(f"sqlite:///{path.with_name(f'{path.stem}.bodies{path.suffix}')}")
    insert = sa.text(
        "INSERT INTO body_data (sha256, size, codec, data) VALUES (:sha256, :size, :codec, :data) "
        "ON CONFLICT (sha256) DO NOTHING"
    )
    try:
        with engine.begin() as file:
            file.exec_driver_sql(
                "CREATE TABLE IF NOT EXISTS body_data (id INTEGER NOT NULL, sha256 TEXT NOT NULL, "
                "size INTEGER NOT NULL, codec TEXT NOT NULL, base TEXT, data BLOB NOT NULL, "
                "PRIMARY KEY (id), UNIQUE (sha256)) STRICT"
            )
        batch: list[dict[str, Any]] | None = first
        while batch is not None:
            with engine.begin() as file:
                file.execute(insert, batch)
            batch = next(rows, None)
    finally:
        engine.dispose()


def _bodies(connection: sa.Connection) -> Iterator[list[dict[str, Any]]]:
    query = sa.text(
        "SELECT id, sha256, size, codec, data FROM bodies WHERE id > :last ORDER BY id LIMIT :batch"
    )
    last = 0
    while rows := connection.execute(query, {"last": last, "batch": _BATCH}).mappings().all():
        yield [dict(row) for row in rows]
        last = rows[-1]["id"]
