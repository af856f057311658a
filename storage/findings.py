"""What a check of a store finds."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

__all__ = ["SAMPLE", "Finding", "scalar"]

SAMPLE = 1000
"""Articles whose entries in the search index are looked at closely."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check; ``remedy`` names what :func:`mend` would do about it, were it well or not."""

    name: str
    ok: bool
    detail: str
    remedy: str | None = None


def scalar(connection: Connection, query: str) -> int:
    """Give the one number that a query asks for; nothing counts as 0."""
    return int(connection.exec_driver_sql(query).scalar_one() or 0)
