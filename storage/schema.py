"""How a store file says what it is: numbers in SQLite's own header fields."""

from __future__ import annotations

__all__ = ["APPLICATION_ID", "SCHEMA_VERSION"]

APPLICATION_ID = 0x74616F73
"""``taos`` in ASCII, kept in the file header (``PRAGMA application_id``)."""

SCHEMA_VERSION = 6
"""The newest migration that this program knows, kept as ``PRAGMA user_version``."""
