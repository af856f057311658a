"""Scrapy's HTTP handler, with a bound on what comes before a body.

Twisted bounds the length of a header line and not their number, and takes interim answers (1xx)
without end: both would fill the memory until the time limit.
"""

from __future__ import annotations

from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from twisted.web._newclient import BODY

__all__ = ["MAX_HEAD", "BoundedHandler"]

MAX_HEAD = 256 * 1024
"""Bytes for status lines and headers, those of interim answers included."""


class BoundedHandler(HTTP11DownloadHandler):
    """For ``DOWNLOAD_HANDLERS``: breaks a connection off whose headers do not end."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._pool._factory = _Factory


class _Protocol(_LenientHTTP11ClientProtocol):
    _head = 0

    def request(self, request: Any) -> Any:
        self._head = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802  # Twisted's interface
        parser = self._parser
        if parser is not None and parser.state != BODY:
            self._head += len(data)
            if self._head > MAX_HEAD + len(data):  # the last piece may already be the body's
                self.abort()  # type: ignore[no-untyped-call]
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class _Factory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802  # Twisted's interface
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
