"""How a store says what it is: numbers in SQLite's own header fields, or a comment on a server."""

from __future__ import annotations

__all__ = ["APPLICATION_ID", "MARK", "SCHEMA_VERSION"]

APPLICATION_ID = 0x74616F73
"""``taos`` in ASCII, kept in the file header (``PRAGMA application_id``)."""

MARK = "taosha store"
"""The comment on the table ``alembic_version`` of a store on a server."""

SCHEMA_VERSION = 15
"""The newest migration that this program knows, kept as ``PRAGMA user_version`` in a file."""
