"""Pages from WARC files as if they had been crawled: known by their URL, with the source they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cleaners.model import Page, Via
from crawler.archive.errors import WarcExtraMissingError
from crawler.dumps.archives import bomb, budget_of
from crawler.dumps.entry import Unread
from crawler.dumps.warc import breaks_off, is_warc

__all__ = ["Archived", "read_archive"]

Archived = tuple[Page, str]
"""A page and the name of its source."""

_HTML = frozenset({"text/html", "application/xhtml+xml", "text/plain"})


def read_archive(path: Path, limit: int) -> Iterator[Archived | Unread]:
    """The pages of a WARC file, in its order; of a body ``limit`` bytes and one more are read.

    Records of our own say which source they belong to and what was asked for; of others, the source is the
    host, and redirects and other media are passed over. A file that breaks off gives what was whole.
    Raises :class:`WarcExtraMissingError` and ``OSError`` for a file that can not be opened.
    """
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError as error:
        raise WarcExtraMissingError from error
    budget = budget_of(path)
    with path.open("rb") as file:
        if not is_warc(file):
            yield Unread(str(path), "broken_archive", "not a WARC file")
            return
        try:
            last: Archived | None = None
            for record in ArchiveIterator(file):
                if record.rec_type == "request" and last is not None:
                    last = _with_request(last, record)
                    continue
                if last is not None:
                    yield last
                last = _archived(record, limit)
                if last is not None and breaks_off(record, last[0].body, limit):
                    yield Unread(last[0].origin or str(path), "broken_archive", "the record breaks off")
                    return
                if last is not None:
                    budget -= len(last[0].body)
                    if budget < 0:
                        yield bomb(path)
                        return
            if last is not None:
                yield last
        except (ArchiveLoadFailed, EOFError, ValueError, OSError) as error:
            if last is not None:
                yield last
            yield Unread(str(path), "broken_archive", str(error) or type(error).__name__)


def _archived(record: Any, limit: int) -> Archived | None:
    if record.rec_type not in ("response", "resource"):
        return None
    fields, headers = record.rec_headers, record.http_headers
    if record.rec_type == "response" and headers is None:
        return None  # an answer of another protocol, such as DNS
    content_type = (headers or fields).get_header("Content-Type")
    status = headers.get_statuscode() if headers else ""
    ours = fields.get_header("Taosha-Source")
    if not ours and (
        (content_type or "").partition(";")[0].strip().lower() not in _HTML or status[:1] == "3"
    ):
        return None
    url = (fields.get_header("WARC-Target-URI") or "").strip("<>")
    page = Page(
        url=url,
        body=record.content_stream().read(limit + 1),
        content_type=None if fields.get_header("Taosha-Untyped") else content_type,
        status=int(status) if status.isdigit() else None,
        headers=_headers(headers, bool(ours)) if headers else (),
        fetched_at=None if fields.get_header("Taosha-Undated") else _moment(fields.get_header("WARC-Date")),
        origin=fields.get_header("Taosha-Origin") or url,
        via=_via(fields.get_header("Taosha-Via")),
    )
    return page, ours or urlsplit(url).hostname or "archive"


def _with_request(archived: Archived, record: Any) -> Archived:
    page, source = archived
    headers = record.http_headers
    if headers is None or (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>") != page.url:
        return archived
    kept = tuple((name, value) for name, value in _headers(headers, True) if name != "host")
    return replace(page, request_headers=kept), source


def _headers(headers: Any, ours: bool) -> tuple[tuple[str, str], ...]:
    """As they were sent: in our own records the length is that of the unpacked body, beside what was sent."""
    sent = [(str(name), str(value)) for name, value in headers.headers]
    if not ours:
        return tuple(sent)
    return tuple(
        (name.lower().removeprefix("x-archive-orig-"), value)
        for name, value in sent
        if name.lower() != "content-length"
    )


def _via(value: str | None) -> Via:
    return Via(value) if value in set(Via) else Via.ARCHIVE


def _moment(value: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(value).astimezone(UTC) if value else None
    except ValueError:
        return None
