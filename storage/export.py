"""Writes articles as JSON Lines or CSV, one by one, into a stream or (whole or not at all) a file."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import secrets
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from storage.export_records import FIELDS

__all__ = ["atomic_bytes", "atomic_file", "csv_cell", "json_line", "write_csv", "write_jsonl"]

_ESCAPED = {code: f"\\u{code:04x}" for code in (*range(0x7F, 0xA0), 0x2028, 0x2029)}
"""JSON allows them as they are, but terminals obey some, and many readers split lines at others."""

_RARE = re.compile("[\x7f-\x9f\u2028\u2029]")
"""What :data:`_ESCAPED` escapes: looking for it takes a tenth of the time of translating."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A cell that starts so may be run as a formula; spreadsheets read the full-width forms alike."""


def json_line(record: Mapping[str, Any]) -> str:
    """Give a record as one line of JSON, Chinese as characters, with the line break."""
    line = json.dumps(record, ensure_ascii=False)
    return (line.translate(_ESCAPED) if _RARE.search(line) else line) + "\n"


def write_jsonl(records: Iterable[Mapping[str, Any]], out: TextIO) -> int:
    """Write records as JSON Lines, and give their number."""
    count = 0
    for count, record in enumerate(records, 1):  # noqa: B007
        out.write(json_line(record))
    return count


def csv_cell(value: object) -> object:
    """Give a value as a CSV cell: lists as JSON, and texts so that no spreadsheet runs them."""
    if value is None:
        return ""
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value


def write_csv(records: Iterable[Mapping[str, Any]], out: TextIO, fields: Sequence[str] = FIELDS) -> int:
    """Write records as CSV (RFC 4180) with a header line, and give their number."""
    writer = csv.writer(out)
    writer.writerow(fields)
    count = 0
    for count, record in enumerate(records, 1):  # noqa: B007
        writer.writerow([csv_cell(record[name]) for name in fields])
    return count


@contextmanager
def atomic_file(path: Path, encoding: str = "utf-8") -> Iterator[TextIO]:
    """Give a stream whose text becomes the file ``path`` only when all went well.

    Raises ``OSError`` when the folder can not be written to.
    """
    with atomic_bytes(path) as stream:
        text = io.TextIOWrapper(stream, encoding=encoding, newline="")
        try:
            yield text
        finally:
            text.detach()  # flushes; the stream is closed by its own context


@contextmanager
def atomic_bytes(path: Path) -> Iterator[BinaryIO]:
    """As :func:`atomic_file`, for bytes."""
    target = path.resolve()  # replace what a link points to, not the link
    number, name = _unnamed(target.parent) or _named(target)
    try:
        with os.fdopen(number, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
            os.fchmod(stream.fileno(), _mode(target))
            name = name or _link(stream.fileno(), target)
        name.replace(target)
    except BaseException:
        if name is not None:
            name.unlink(missing_ok=True)
        raise


def _unnamed(folder: Path) -> tuple[int, None] | None:
    """Open a file that has no name yet, if there is such a thing: a killed process leaves nothing of it."""
    try:
        return os.open(folder, os.O_TMPFILE | os.O_WRONLY, 0o600), None
    except (AttributeError, OSError):  # not Linux, or a file system that can not do it
        return None


def _named(target: Path) -> tuple[int, Path]:
    number, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    return number, Path(name)


def _link(number: int, target: Path) -> Path:
    """Give a file without a name one beside ``target``: no link replaces a file that is there."""
    name = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    folder = os.open(target.parent, os.O_RDONLY)
    try:  # with a folder, the call follows the link in /proc to the file
        os.link(f"/proc/self/fd/{number}", name, src_dir_fd=folder)
    finally:
        os.close(folder)
    return name


def _mode(target: Path) -> int:
    try:
        return target.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
