"""Creates and upgrades the schema with Alembic, in one transaction under the write lock."""

from __future__ import annotations

from sqlalchemy import Connection

from storage.postgres import SCHEME
from storage.schema import APPLICATION_ID, MARK, SCHEMA_VERSION

__all__ = ["is_foreign", "mark", "schema_version", "upgrade"]

_VERSION = "SELECT version_num FROM alembic_version"
_FOREIGN = """
SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema)
   AND obj_description(to_regclass('alembic_version'), 'pg_class') IS DISTINCT FROM '{mark}'
"""


def schema_version(connection: Connection) -> int:
    """Give the number of the schema that the store has; 0 when it has none yet."""
    if connection.dialect.name != SCHEME:
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    if connection.exec_driver_sql("SELECT to_regclass('alembic_version')").scalar_one() is None:
        return 0
    return int(connection.exec_driver_sql(_VERSION).scalar_one_or_none() or 0)


def is_foreign(connection: Connection) -> bool:
    """Whether the schema of a server holds tables of another program. Files are told by their header."""
    if connection.dialect.name != SCHEME:
        return False
    return bool(connection.exec_driver_sql(_FOREIGN.format(mark=MARK)).scalar_one())


def upgrade(connection: Connection, version: int = SCHEMA_VERSION) -> None:
    """Bring the store of ``connection`` (inside a write transaction) to the newest or a given schema."""
    from alembic import command  # slow to import, and needed only when there is work
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, f"{version:04}")
    if connection.dialect.name == SCHEME:
        connection.exec_driver_sql(f"COMMENT ON TABLE alembic_version IS '{MARK}'")
        return
    mark(connection, version)


def mark(connection: Connection, version: int) -> None:
    """Say in the header of a file that it is a store, and of which schema."""
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {version}")
