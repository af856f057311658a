"""Reads one file: a page, a text dump, or an archive of them."""

from __future__ import annotations

import errno
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from cleaners.model import Page, Via
from crawler.dumps.archives import read_tar, read_zip
from crawler.dumps.entry import HTML, PLAIN, Item, Options, Unread
from crawler.dumps.kinds import Kind, inner_name, kind_of_name, looks_like_html
from crawler.dumps.sidecar import sidecar_of
from crawler.dumps.warc import read_warc

__all__ = ["read_file"]

_ARCHIVES = {Kind.ZIP: read_zip, Kind.TAR: read_tar, Kind.WARC: read_warc}


def read_file(path: Path, options: Options) -> Iterator[Item]:
    """All pages in the file at `path` (absolute). Never raises: what can not be read is an item too."""
    kind = kind_of_name(path.name)
    origin = str(path)
    try:
        if path.exists() and not path.is_file():
            yield Unread(origin, "not_a_file", "neither a file nor a folder")
        elif kind in _ARCHIVES:
            yield from _ARCHIVES[kind](path, options)
        else:
            yield _page(path, kind, options)
    except (OSError, EOFError, zlib.error) as error:
        yield Unread(origin, "unreadable", _why(error))


def _page(path: Path, kind: Kind | None, options: Options) -> Page:
    with path.open("rb") as file:
        stream = gzip.GzipFile(fileobj=file) if kind is Kind.GZIP else file
        body = stream.read(options.limit + 1)
    if kind is Kind.GZIP:
        kind = kind_of_name(inner_name(path.name))
    sidecar = sidecar_of(path)
    label = PLAIN if kind is Kind.PLAIN and not looks_like_html(body) else HTML
    return Page(
        url=sidecar.url if sidecar else path.as_uri(),
        body=body,
        content_type=options.content_type(label, sidecar.content_type if sidecar else None),
        status=sidecar.status if sidecar else None,
        fetched_at=sidecar.fetched_at if sidecar else None,
        origin=str(path),
        via=Via.FILE,
    )


def _why(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno in (errno.ENOENT, errno.EACCES, errno.EIO, errno.ELOOP):
        return error.strerror or str(error)
    return f"{error}" or type(error).__name__
