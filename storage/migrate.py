"""Creates and upgrades the schema with Alembic, in one transaction under the write lock."""

from __future__ import annotations

from sqlalchemy import Connection

from storage.schema import APPLICATION_ID, SCHEMA_VERSION

__all__ = ["schema_version", "upgrade"]


def schema_version(connection: Connection) -> int:
    """Give the number of the schema that the store has; 0 when it has none yet."""
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def upgrade(connection: Connection, version: int = SCHEMA_VERSION) -> None:
    """Bring the store of ``connection`` (inside a write transaction) to the newest or a given schema."""
    from alembic import command  # slow to import, and needed only when there is work
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, f"{version:04}")
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {version}")
