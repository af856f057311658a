"""What an answer over HTTP says, in our own types."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from cleaners.model import Page, Via
from storage.visits import Lease, Visit

__all__ = ["Digest", "content_type", "digest", "page_of", "validators", "visit_of"]

DROPPED_HEADERS = frozenset({"set-cookie", "set-cookie2", "cookie", "authorization", "proxy-authorization"})
MAX_VALIDATOR = 500


def content_type(response: Any) -> str | None:
    """The header Content-Type as it was sent."""
    return _header(response, "Content-Type")


def page_of(response: Any, origin: str) -> Page:
    """The page that came, with the headers of both sides but without cookies and credentials."""
    return Page(
        url=response.url,
        body=response.body,
        content_type=content_type(response),
        status=response.status,
        headers=_headers(response.headers),
        fetched_at=datetime.now(UTC),
        origin=origin,
        via=Via.CRAWL,
        request_headers=_headers(response.request.headers) if response.request else (),
    )


def _headers(headers: Any) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, value.decode("latin-1"))
        for raw, values in headers.items()
        if (name := _lower(raw)) not in DROPPED_HEADERS
        for value in values
    )


@lru_cache(maxsize=512)
def _lower(name: bytes) -> str:
    return name.decode("latin-1").lower()


def validators(lease: Lease) -> dict[str, str]:
    """The headers that let a server say "not modified"."""
    found = {"If-None-Match": lease.etag, "If-Modified-Since": lease.last_modified}
    return {name: value for name, value in found.items() if value and value.isascii()}


def visit_of(response: Any, lease: Lease, named: str | None = None) -> Visit:
    """The visit that ``response`` answers; ``named`` is the digest of what a list names."""
    etag, modified = _header(response, "ETag"), _header(response, "Last-Modified")
    short = [v if v and len(v) <= MAX_VALIDATOR and v.isprintable() else None for v in (etag, modified)]
    return Visit(lease.id, short[0], short[1], named)


class Digest:
    """One value for all that a list names (``count`` entries), whatever the order; takes a part at a time."""

    def __init__(self) -> None:
        self._sum = 0
        self.count = 0

    def add(self, named: Iterable[tuple[str | None, ...]]) -> None:
        """Take in entries, each a tuple of texts."""
        for parts in named:
            line = "\x1f".join(part or "" for part in parts).encode("utf-8", "surrogatepass")
            self.count += 1
            self._sum += int.from_bytes(hashlib.sha256(line).digest())

    @property
    def value(self) -> str:
        """The digest of what has been taken in, in hex."""
        return f"{self._sum % (1 << 256):064x}"


def digest(named: Iterable[tuple[str | None, ...]]) -> str:
    """The :class:`Digest` of entries that are all at hand."""
    whole = Digest()
    whole.add(named)
    return whole.value


def _header(response: Any, name: str) -> str | None:
    value: bytes | None = response.headers.get(name)
    return value.decode("latin-1") if value else None
