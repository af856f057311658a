"""What all tables share: column types that STRICT tables allow, and names for constraints."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

__all__ = ["INTEGER", "STRICT", "TEXT", "Base", "key", "table_of"]

STRICT: dict[str, Any] = {"sqlite_strict": True}

TEXT = Text().with_variant(Text(collation="C"), "postgresql")
"""Sorted by code point, as SQLite does: days, times and keys must not sort by the rules of a language."""

INTEGER = Integer().with_variant(BigInteger(), "postgresql")
"""64 bits everywhere; a key of SQLite must be called INTEGER."""


class Base(DeclarativeBase):
    """Base of the tables; rows stay inside ``storage``."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {str: TEXT, int: INTEGER, bytes: LargeBinary()}  # noqa: RUF012  # SQLAlchemy's own name


def key() -> Mapped[int]:
    """Give an integer primary key: SQLite's own row number, a serial in PostgreSQL."""
    return mapped_column(primary_key=True, comment="Number of the row.")


def table_of(model: type[Base]) -> Table:
    """Give the table of a model: statements over it are several times cheaper to run than over the model."""
    table = model.__table__
    assert isinstance(table, Table)
    return table
