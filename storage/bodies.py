"""Packs raw bodies and finds them by what they are (SHA-256), so that equal bodies are kept once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import zstandard
from sqlalchemy import Connection, insert, select

from storage.models import BodyRow, table_of

__all__ = ["Packed", "digest", "known_bodies", "load_body", "pack", "put_body"]

_LEVEL = 9
"""Packs pages about five times, at some 80 MB/s on one core."""

_INSERT = insert(table_of(BodyRow)).returning(BodyRow.id)

_ASK = 400
"""How many keys go into one question; SQLite limits the parameters of a statement."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A body ready to be stored."""

    sha256: str
    size: int
    codec: str
    data: bytes


def digest(body: bytes) -> str:
    """Give the SHA-256 of ``body`` in hex."""
    return hashlib.sha256(body).hexdigest()


def pack(body: bytes, sha256: str) -> Packed:
    """Compress ``body``; what does not get smaller stays as it is."""
    data = zstandard.ZstdCompressor(level=_LEVEL).compress(body)
    if len(data) < len(body):
        return Packed(sha256, len(body), "zstd", data)
    return Packed(sha256, len(body), "raw", body)


def known_bodies(connection: Connection, hashes: Iterable[str]) -> dict[str, int]:
    """Give the row numbers of those bodies that the store has already."""
    wanted = sorted(set(hashes))
    found: dict[str, int] = {}
    for start in range(0, len(wanted), _ASK):
        part = wanted[start : start + _ASK]
        rows = connection.execute(select(BodyRow.sha256, BodyRow.id).where(BodyRow.sha256.in_(part)))
        found.update((sha, number) for sha, number in rows)
    return found


def put_body(connection: Connection, body: Packed) -> int:
    """Store a body that the store does not have, and give its row number."""
    values = {
        "sha256": body.sha256,
        "size": body.size,
        "stored_size": len(body.data),
        "codec": body.codec,
        "data": body.data,
    }
    return int(connection.execute(_INSERT, values).scalar_one())


def load_body(connection: Connection, body_id: int) -> bytes:
    """Give the raw bytes of a body; raises ``KeyError`` when there is no such body."""
    query = select(BodyRow.codec, BodyRow.size, BodyRow.data).where(BodyRow.id == body_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise KeyError(body_id)
    if row.codec == "raw":
        return bytes(row.data)
    return zstandard.ZstdDecompressor().decompress(row.data, max_output_size=max(1, row.size))
