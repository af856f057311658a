"""One export from the store to a file, a folder or a stream: formats, fields, progress, the card."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from storage.corpus import CORPUS_FIELDS, Quality, Tally, corpus_records
from storage.dataset_card import Export, dataset_card
from storage.errors import FilterInvalid, TargetTaken
from storage.export import atomic_bytes, atomic_file, write_csv, write_jsonl
from storage.export_parquet import write_parquet
from storage.export_records import FIELDS, count_records, export_records
from storage.export_text import write_markdown, write_text
from storage.filters import Where, check_condition
from storage.store import Store

__all__ = ["CARDS", "FORMATS", "Order", "export_to_file", "export_to_stream"]

FORMATS = ("jsonl", "csv", "parquet", "md", "text", "corpus")
CARDS = ("parquet", "corpus")
"""Formats that get a card beside them."""

_NOT_IN_MARKDOWN = ("source_text", "removed", "images")
_CORPUS_SHAPE = ("id", "text", "meta", "provenance", "quality")

Progress = Callable[[int, int], None]
"""Told how many articles have been read, and how many there are."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to export and how. ``fields`` are names of :data:`storage.export_records.FIELDS`, in order.

    Raises :class:`FilterInvalid` for an unknown field or format.
    """

    format: str = "jsonl"
    where: Where = field(default_factory=Where)
    fields: tuple[str, ...] = ()
    quality: Quality = field(default_factory=Quality)
    encoding: str = "utf-8"

    def __post_init__(self) -> None:
        if self.format not in FORMATS:
            raise FilterInvalid(f"{self.format!r} is no format; there are {', '.join(FORMATS)}")
        if unknown := [name for name in self.fields if name not in FIELDS]:
            raise FilterInvalid(f"{', '.join(unknown)}: no such field; there are {', '.join(FIELDS)}")
        if self.fields and self.format in ("text", "corpus"):
            raise FilterInvalid(f"the format {self.format} has fields of its own")

    @property
    def columns(self) -> tuple[str, ...]:
        """The fields that are written."""
        if self.fields:
            return self.fields
        return tuple(n for n in FIELDS if n not in _NOT_IN_MARKDOWN) if self.format == "md" else FIELDS

    @property
    def needed(self) -> tuple[str, ...]:
        """The fields that are read from the store for it."""
        if self.format == "corpus":
            return CORPUS_FIELDS
        if self.format == "text":
            return ("text",)
        always = ("id", "title", "text") if self.format == "md" else ()
        carded = ("chars", "language", "crawl_source", "fingerprint", "published_at")
        return (*self.columns, *always, *(carded if self.format in CARDS else ()))


def export_to_stream(store: Store, order: Order, out: TextIO, progress: Progress) -> Tally:
    """Write to an open stream, one article after the other. Raises :class:`FilterInvalid` for files only."""
    if order.format in ("md", "parquet"):
        raise FilterInvalid(f"the format {order.format} needs --output, a file or folder to write to")
    tally = Tally()
    with closing(_records(store, order, tally, progress)) as records:
        _write_lines(order, records, out)
    return tally


def export_to_file(store: Store, order: Order, target: Path, progress: Progress) -> Tally:
    """Write a file (for ``md`` a folder), whole or not at all, its card beside it. Raises ``OSError``."""
    tally = Tally()
    with closing(_records(store, order, tally, progress)) as records:
        if order.format == "md":
            with _atomic_folder(target) as folder:
                write_markdown(records, folder, order.columns)
        elif order.format == "parquet":
            with atomic_bytes(target) as stream:
                write_parquet(records, stream, order.columns)
        else:
            with atomic_file(target, order.encoding) as text:
                _write_lines(order, records, text)
    if order.format in CARDS:
        fields = _CORPUS_SHAPE if order.format == "corpus" else order.columns
        with atomic_file(target.with_name(f"{target.stem}.README.md")) as text:
            text.write(dataset_card(Export(target.name, fields, _in_words(order)), tally))
    return tally


def _records(
    store: Store, order: Order, tally: Tally, progress: Progress
) -> Generator[Mapping[str, Any], None, None]:
    check_condition(store, order.where.sql)
    total = count_records(store, order.where)
    progress(0, total)

    def told(records: Iterator[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        for done, record in enumerate(records, 1):
            yield record
            progress(done, total)

    with closing(export_records(store, order.where, order.needed)) as read:
        if order.format == "corpus":
            yield from corpus_records(told(read), order.quality, tally)
            return
        for record in told(read):
            tally.count(record)
            yield record


def _write_lines(order: Order, records: Iterator[Mapping[str, Any]], out: TextIO) -> None:
    if order.format == "text":
        write_text(records, out)
    elif order.format == "csv":
        write_csv(records, out, order.columns)
    elif order.format == "corpus":
        write_jsonl(records, out)
    else:
        write_jsonl(({name: record[name] for name in order.columns} for record in records), out)


def _in_words(order: Order) -> Sequence[str]:
    where = order.where
    named = {"source": where.source, "since": where.since, "until": where.until, "condition": where.sql}
    words = [f"{name} {value}" for name, value in named.items() if value is not None]
    if order.quality.min_chars:
        words.append(f"at least {order.quality.min_chars} characters")
    if order.quality.without_flags:
        words.append(f"without flags {', '.join(sorted(order.quality.without_flags))}")
    return words


@contextmanager
def _atomic_folder(target: Path) -> Iterator[Path]:
    """Give a folder that becomes ``target`` only when all went well; an empty one may be there."""
    target = target.absolute()
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise TargetTaken(f"{target} exists already, and is no empty folder")
    folder = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent))
    try:
        mask = os.umask(0)
        os.umask(mask)
        folder.chmod(0o777 & ~mask)
        yield folder
        folder.replace(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
