"""Alembic's folder: one file a schema version, never changed once released."""
