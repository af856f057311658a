"""The bytes of a feed or a sitemap, piece by piece: gunzipped, as UTF-8, and never more than a limit."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterable, Iterator

__all__ = ["MAX_UNPACKED", "XmlError", "as_utf8", "unpacked"]

MAX_UNPACKED = 64 * 1024 * 1024
PIECE = 1 << 16
HEAD = 1 << 10
_GZIP = b"\x1f\x8b"
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["'][^>]{0,200}\?>""")


class XmlError(ValueError):
    """A document that is not read (to its end), and why."""


def unpacked(body: bytes, limit: int = MAX_UNPACKED) -> Iterator[bytes]:
    """``body`` in pieces of 64 KiB, gunzipped when it is gzip.

    A truncated archive gives what could be unpacked. Raises :class:`XmlError` when the archive is
    broken from its start, and at the moment at which more than ``limit`` bytes have come.
    """
    size = 0
    for piece in _gunzipped(body) if body.startswith(_GZIP) else _cut(body):
        size += len(piece)
        if size > limit:
            raise XmlError(f"has more than {limit} bytes")
        yield piece


def _cut(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), PIECE):
        yield body[start : start + PIECE]


def _gunzipped(body: bytes) -> Iterator[bytes]:
    """One archive after the other, as gzip allows; what follows the last one is not ours."""
    given = False
    while body.startswith(_GZIP):
        reader = zlib.decompressobj(wbits=31)
        feed = body
        while not reader.eof:
            try:
                piece = reader.decompress(feed, PIECE)
            except zlib.error as error:
                if given:
                    return
                raise XmlError(f"broken gzip: {error}") from error
            if not piece and not reader.unconsumed_tail and not reader.eof:
                return  # cut off
            given = True
            yield piece
            feed = reader.unconsumed_tail
        body = reader.unused_data


def as_utf8(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The document as UTF-8 where its label is one that libxml2 reads too strictly (GB2312 for GBK)."""
    pieces = iter(pieces)
    head = b""
    for piece in pieces:
        head = (head + piece).lstrip(b" \t\r\n")
        if len(head) >= HEAD:
            break
    declared = _DECLARED.match(head.removeprefix(codecs.BOM_UTF8))
    decoder = _decoder(declared[1].decode("ascii").lower()) if declared else None
    if decoder is None or declared is None:
        yield head
        yield from pieces
        return
    yield decoder.decode(head[declared.end() :]).encode("utf-8")
    for piece in pieces:
        yield decoder.decode(piece).encode("utf-8")
    yield decoder.decode(b"", final=True).encode("utf-8")


def _decoder(label: str) -> codecs.IncrementalDecoder | None:
    if label in ("utf-8", "utf8", "utf-16"):
        return None
    try:
        codec = "gb18030" if label.startswith(("gb", "x-gb", "cp936")) else codecs.lookup(label).name
        decoder = codecs.getincrementaldecoder(codec)(errors="replace")
        decoder.decode(b"")  # what is no text encoding (rot13, zlib) fails here
    except (LookupError, ValueError, TypeError):
        return None
    return decoder
