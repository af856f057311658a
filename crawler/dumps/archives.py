"""Zip and tar archives of pages, read one member after the other, never unpacked to disk.

A member is read up to the size limit of a page, and an archive that unpacks to far more than any
corpus of pages would is left there and then: packed news pages shrink 4 to 10 times, so
:data:`MAX_RATIO` is far off, and small archives may be as dense as they like.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, cast

from cleaners.model import Page, Via
from crawler.dumps.entry import HTML, PLAIN, Item, Options, Unread
from crawler.dumps.kinds import Kind, inner_name, kind_of_name, looks_like_html

__all__ = ["MAX_RATIO", "bomb", "budget_of", "read_tar", "read_zip"]

MAX_RATIO = 200
FREE_BYTES = 256 << 20
_GZIP_EXTRA = 1 << 16  # what does not shrink grows a little when it is packed

_BROKEN = (
    *(OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError),
    *(RuntimeError, NotImplementedError, ValueError),  # zipfile: a password, an unknown method, a bad name
)


class _BombError(Exception):
    """The archive unpacks to more than any collection of pages would."""


class _Counted(io.RawIOBase):
    """A stream that refuses to give more than `budget` bytes."""

    def __init__(self, stream: IO[bytes], budget: int) -> None:
        self._stream, self._budget = stream, budget

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._budget -= len(data)
        if self._budget < 0:
            raise _BombError
        return data


def read_zip(path: Path, options: Options) -> Iterator[Item]:
    """The pages of a zip archive, in its order."""
    budget = budget_of(path)
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                name = _member_name(info)
                if info.is_dir() or not _is_page(name):
                    continue
                item: Item
                try:
                    with archive.open(info) as stream:
                        item = _member(path, name, stream, options)
                except _BROKEN as error:
                    item = Unread(_origin(path, name), "unreadable", str(error) or type(error).__name__)
                budget -= len(item.body) if isinstance(item, Page) else 0
                if budget < 0:
                    raise _BombError
                yield item
    except _BROKEN as error:
        yield Unread(str(path), "broken_archive", str(error) or type(error).__name__)
    except _BombError:
        yield bomb(path)


def read_tar(path: Path, options: Options) -> Iterator[Item]:
    """The pages of a tar archive (plain, gzip, bzip2 or xz), in its order, in one pass."""
    budget = budget_of(path)
    try:
        with path.open("rb") as file:
            stream = cast("IO[bytes]", _Counted(_unpacked(file), budget))
            with tarfile.open(fileobj=stream, mode="r|") as archive:
                for info in archive:
                    member = archive.extractfile(info) if info.isreg() and _is_page(info.name) else None
                    if member is None:
                        continue
                    item = _packed_member(path, info.name, member, options)
                    budget -= len(item.body) if isinstance(item, Page) else 0
                    if budget < 0:
                        raise _BombError
                    yield item
    except _BROKEN as error:
        yield Unread(str(path), "broken_archive", str(error) or type(error).__name__)
    except _BombError:
        yield bomb(path)


def _unpacked(file: IO[bytes]) -> IO[bytes]:
    start = file.read(6)
    file.seek(0)
    if start.startswith(b"\x1f\x8b"):
        return cast("IO[bytes]", gzip.GzipFile(fileobj=file))
    if start.startswith(b"BZh"):
        return bz2.BZ2File(file)
    if start.startswith(b"\xfd7zXZ"):
        return lzma.LZMAFile(file)
    return file


def budget_of(path: Path) -> int:
    """How many bytes may come out of the archive at `path`."""
    return max(FREE_BYTES, path.stat().st_size * MAX_RATIO)


def bomb(path: Path) -> Unread:
    """What stands for the rest of an archive that was left."""
    return Unread(str(path), "archive_bomb", f"unpacks to more than {MAX_RATIO} times its size; left there")


def _is_page(name: str) -> bool:
    parts = PurePosixPath(name).parts
    if any(part.startswith(".") or part == "__MACOSX" for part in parts):
        return False
    return kind_of_name(name) in (Kind.HTML, Kind.PLAIN, Kind.GZIP)


def _member(path: Path, name: str, stream: IO[bytes], options: Options) -> Page:
    if kind_of_name(name) is Kind.GZIP:
        stream = cast("IO[bytes]", gzip.GzipFile(fileobj=stream))
    body = stream.read(options.limit + 1)
    plain = kind_of_name(inner_name(name)) is Kind.PLAIN and not looks_like_html(body)
    return Page(
        url=f"{path.as_uri()}!/{name}",
        body=body,
        content_type=options.content_type(PLAIN if plain else HTML),
        origin=_origin(path, name),
        via=Via.ARCHIVE,
    )


def _packed_member(path: Path, name: str, stream: IO[bytes], options: Options) -> Item:
    """A member of a tar; what is broken inside a ``.gz`` costs that member, not those behind it."""
    if kind_of_name(name) is not Kind.GZIP:
        return _member(path, name, stream, options)
    # Read whole first (as far as any page could need), so that an error in it is its own.
    packed = io.BytesIO(stream.read(options.limit + _GZIP_EXTRA))
    try:
        return _member(path, name, packed, options)
    except (OSError, EOFError, zlib.error) as error:
        return Unread(_origin(path, name), "unreadable", str(error) or type(error).__name__)


def _origin(path: Path, name: str) -> str:
    return f"{path}!{name}"


def _member_name(info: zipfile.ZipInfo) -> str:
    """The member's name; old Chinese archivers wrote GBK names without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename
