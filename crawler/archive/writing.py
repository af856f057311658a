"""Pages as WARC records. Needs the extra `warc`.

A page that came over HTTP becomes a `response` record, with a `request` record where the headers of the
request are known; a file becomes a `resource` record. Bodies are stored unpacked, so the headers that
speak of packing and length are written anew, and the sent ones are kept as ``X-Archive-Orig-...`` (as
other archives do). What WARC has no field for goes into fields of our own, ``Taosha-...``.
"""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import IO, Any
from urllib.parse import quote, urlsplit

from cleaners.model import Page
from crawler.archive.errors import WarcExtraMissingError

__all__ = ["ArchiveWriter"]

_SAFE = "!#$%&'()*+,/:;=?@[]~"
_OF_THE_WIRE = frozenset({"content-encoding", "content-length", "transfer-encoding"})


class ArchiveWriter:
    """Writes one WARC file; ``stream`` is open for binary writing, and stays open."""

    def __init__(self, stream: IO[bytes], *, packed: bool, software: str) -> None:
        """Begin with a `warcinfo` record. Raises :class:`WarcExtraMissingError`."""
        try:
            from warcio.statusandheaders import StatusAndHeaders
            from warcio.warcwriter import WARCWriter
        except ImportError as error:
            raise WarcExtraMissingError from error
        self._heads: Any = StatusAndHeaders
        self._writer: Any = WARCWriter(stream, gzip=packed, warc_version="WARC/1.1")
        info = {"software": software, "format": "WARC File Format 1.1"}
        self._writer.write_record(self._writer.create_warcinfo_record("", info))

    def write(self, page: Page, source: str) -> None:
        """Write the records of one page."""
        if page.status is None:
            self._resource(page, source)
            return
        head = self._fields(page, source)
        response = self._writer.create_warc_record(
            _target(page.url),
            "response",
            payload=io.BytesIO(page.body),
            length=len(page.body),
            http_headers=self._answer(page),
            warc_headers_dict=head,
        )
        self._writer.write_record(response)
        if page.request_headers:
            self._request(page, head)

    def _request(self, page: Page, head: dict[str, str]) -> None:
        parts = urlsplit(page.url)
        path = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe=_SAFE)
        sent = [("Host", parts.netloc), *(pair for pair in page.request_headers if pair[0] != "host")]
        request = self._writer.create_warc_record(
            _target(page.url),
            "request",
            http_headers=self._heads(f"GET {path} HTTP/1.1", _header_lines(sent), is_http_request=True),
            warc_headers_dict={
                "WARC-Date": head["WARC-Date"],
                "WARC-Concurrent-To": head["WARC-Record-ID"],
                "WARC-Record-ID": _record_id(page, "request"),
            },
        )
        self._writer.write_record(request)

    def _resource(self, page: Page, source: str) -> None:
        record = self._writer.create_warc_record(
            _target(page.url),
            "resource",
            payload=io.BytesIO(page.body),
            length=len(page.body),
            warc_content_type=page.content_type or "text/html",
            warc_headers_dict=self._fields(page, source),
        )
        self._writer.write_record(record)

    def _answer(self, page: Page) -> Any:
        status = page.status or 200
        try:
            phrase = HTTPStatus(status).phrase
        except ValueError:
            phrase = "Unknown"
        kept = [
            (f"X-Archive-Orig-{name}" if name.lower() in _OF_THE_WIRE else name, value)
            for name, value in page.headers
        ]
        if page.content_type and not any(name.lower() == "content-type" for name, _ in kept):
            kept.append(("Content-Type", page.content_type))
        kept.append(("Content-Length", str(len(page.body))))
        return self._heads(f"{status} {phrase}", _header_lines(kept), protocol="HTTP/1.1")

    @staticmethod
    def _fields(page: Page, source: str) -> dict[str, str]:
        moment = page.fetched_at or datetime.now(UTC)
        fields = {
            "WARC-Date": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "WARC-Record-ID": _record_id(page, "page"),
            "Taosha-Source": source,
            "Taosha-Via": str(page.via),
        }
        if page.fetched_at is None:
            fields["Taosha-Undated"] = "1"  # the standard wants a date in any case
        if page.content_type is None:
            fields["Taosha-Untyped"] = "1"
        if page.origin and page.origin != page.url:
            fields["Taosha-Origin"] = page.origin
        return {name: _line(value) for name, value in fields.items()}


def _record_id(page: Page, kind: str) -> str:
    """The same for the same page, so that a second export can be compared with the first."""
    body = hashlib.sha256(page.body).hexdigest()
    name = f"{kind} {page.origin or page.url} {page.fetched_at} {body}".encode("utf-8", "replace")
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name.decode())}>"


def _target(url: str) -> str:
    return _line(url).replace(" ", "%20")


def _header_lines(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(_line(name), _line(value)) for name, value in headers if _line(name)]


def _line(text: str) -> str:
    """On one line: a header from the network must not begin another one."""
    return "".join(c if c.isprintable() else " " for c in text).strip()
