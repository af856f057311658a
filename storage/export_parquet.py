"""Articles as Parquet, a group of rows at a time. Needs the extra ``parquet``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from itertools import islice
from typing import Any, BinaryIO

from storage.errors import StoreUnusable

__all__ = ["write_parquet"]

_ROWS = 500
"""Rows that are in memory at a time."""

_NUMBERS = frozenset({"id", "chars", "notes_count", "revision"})
_LISTS = frozenset({"authors", "editors", "tags"})
_OBJECTS: Mapping[str, Mapping[str, str]] = {
    "images": {"url": "string", "alt": "string", "caption": "string"},
    "removed": {"text": "string", "step": "string", "rule": "string", "evidence": "string"},
    "flags": {"rule": "string", "start": "int64", "evidence": "string"},
}


def write_parquet(records: Iterable[Mapping[str, Any]], out: BinaryIO, fields: Sequence[str]) -> int:
    """Write records as Parquet (zstd), and give their number. Needs pyarrow (:class:`StoreUnusable`)."""
    if find_spec("pyarrow") is None:
        raise StoreUnusable("Parquet needs a library that is not installed: pip install 'taosha[parquet]'")
    import pyarrow
    from pyarrow import parquet

    schema = pyarrow.schema([(name, _type(pyarrow, name)) for name in fields])
    count = 0
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for rows in _groups(records):
            columns = [pyarrow.array([row[n] for row in rows], schema.field(n).type) for n in fields]
            writer.write_table(pyarrow.Table.from_arrays(columns, schema=schema))
            count += len(rows)
    return count


def _groups(records: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    stream = iter(records)
    while rows := list(islice(stream, _ROWS)):
        yield rows


def _type(pyarrow: Any, name: str) -> Any:
    if name in _OBJECTS:
        members = [(key, getattr(pyarrow, kind)()) for key, kind in _OBJECTS[name].items()]
        return pyarrow.list_(pyarrow.struct(members))
    if name in _LISTS:
        return pyarrow.list_(pyarrow.string())
    return pyarrow.int64() if name in _NUMBERS else pyarrow.string()
