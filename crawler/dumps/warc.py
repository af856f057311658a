"""WARC files (what web archives keep): the HTML answers and resources in them. Needs the extra `warc`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from cleaners.model import Page, Via
from crawler.dumps.archives import bomb, budget_of
from crawler.dumps.entry import HTML, Item, Options, Unread

__all__ = ["breaks_off", "is_warc", "read_warc"]

_TYPES = ("text/html", "application/xhtml+xml")


def read_warc(path: Path, options: Options) -> Iterator[Item]:
    """The HTML pages of a WARC file, in its order; redirects and other media are passed over.

    Resources are pages that came without HTTP: files, in the archives that this program writes.
    """
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError:
        yield Unread(str(path), "needs_extra", "WARC files need the extra: pip install 'taosha[warc]'")
        return
    try:
        budget = budget_of(path)
        with path.open("rb") as file:
            if not is_warc(file):
                yield Unread(str(path), "broken_archive", "not a WARC file")
                return
            for record in ArchiveIterator(file):
                page = _page(record, path, options)
                if page is not None:
                    if breaks_off(record, page.body, options.limit):
                        yield Unread(page.origin or str(path), "broken_archive", "the record breaks off")
                        return
                    budget -= len(page.body)
                    if budget < 0:
                        yield bomb(path)
                        return
                    yield page
    except (ArchiveLoadFailed, OSError, EOFError, ValueError) as error:
        yield Unread(str(path), "broken_archive", str(error) or type(error).__name__)


def is_warc(file: IO[bytes]) -> bool:
    """Whether a file, from its beginning, may be a WARC file, packed or not."""
    start = file.read(5)
    file.seek(0)
    return start.startswith((b"WARC/", b"\x1f\x8b"))


def breaks_off(record: Any, body: bytes, limit: int) -> bool:
    """Whether the file ends before the record does, once ``body`` has been read from it."""
    return len(body) <= limit and not record.raw_stream.read(1) and record.raw_stream.limit > 0


def _page(record: Any, path: Path, options: Options) -> Page | None:
    fields, headers = record.rec_headers, record.http_headers
    if record.rec_type not in ("response", "resource") or (record.rec_type == "response" and not headers):
        return None  # an answer of another protocol, such as DNS, has no headers
    content_type = (headers or fields).get_header("Content-Type")
    status = headers.get_statuscode() if headers else ""
    ours = fields.get_header("Taosha-Source")  # then even plain text is a page, and no log of a program
    if not ours and (content_type or HTML).partition(";")[0].strip().lower() not in _TYPES:
        return None
    if status.startswith("3"):
        return None
    if fields.get_header("Taosha-Untyped"):
        content_type = None
    url = (fields.get_header("WARC-Target-URI") or "").strip("<>")
    return Page(
        url=url,
        body=record.content_stream().read(options.limit + 1),
        content_type=options.content_type(HTML, content_type),
        status=int(status) if status.isdigit() else None,
        headers=tuple((str(name), str(value)) for name, value in headers.headers) if headers else (),
        fetched_at=None if fields.get_header("Taosha-Undated") else _moment(fields.get_header("WARC-Date")),
        origin=f"{path}!{fields.get_header('WARC-Record-ID') or url}",
        via=Via.ARCHIVE,
    )


def _moment(value: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(value).astimezone(UTC) if value else None
    except ValueError:
        return None
