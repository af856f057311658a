"""A hardened reader for feeds and sitemaps: no entities, no network, bounded, streaming."""

from __future__ import annotations

import codecs
import io
import re
import zlib
from collections.abc import Iterator
from typing import IO

from lxml import etree

__all__ = ["XmlError", "elements", "local", "text_of", "unpack"]

MAX_UNPACKED = 64 * 1024 * 1024
MAX_TEXT = 4096
_GZIP = b"\x1f\x8b"
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["'][^>]{0,200}\?>""")
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_WHITE = re.compile(r"\s+")


class XmlError(ValueError):
    """A document that is not read, and why."""


def unpack(body: bytes, limit: int = MAX_UNPACKED) -> bytes:
    """``body``, gunzipped when it is gzip. Raises :class:`XmlError` when it grows over ``limit`` bytes.

    A truncated archive gives what could be unpacked.
    """
    if not body.startswith(_GZIP):
        if len(body) > limit:
            raise XmlError(f"larger than {limit} bytes")
        return body
    reader = zlib.decompressobj(wbits=31)
    try:
        out = reader.decompress(body, limit + 1)
    except zlib.error as error:
        raise XmlError(f"broken gzip: {error}") from error
    if len(out) > limit:
        raise XmlError(f"unpacks to more than {limit} bytes")
    return out


def local(element: etree._Element) -> str:
    """The name of ``element`` without its name space, in lower case."""
    tag = element.tag
    return str(tag).rpartition("}")[2].lower()


def text_of(element: etree._Element) -> str | None:
    """The text of ``element`` with white space folded, bounded; None when there is none."""
    text = _WHITE.sub(" ", "".join(map(str, element.itertext())))[:MAX_TEXT].strip()
    return text or None


def elements(body: bytes, names: frozenset[str], limit: int) -> Iterator[etree._Element]:
    """The elements whose local name is in ``names``, in order, at most ``limit`` of them.

    Each is emptied once the caller asks for the next, so memory stays constant. The root
    element comes first, before its children, so that the caller sees the kind of document.
    Broken XML gives what stands before the fault. Raises :class:`XmlError` for documents
    that define entities and for those that hold no element at all.
    """
    if _ENTITY.search(body, 0, 1 << 16):
        raise XmlError("defines entities")
    context = etree.iterparse(
        _stream(body),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
    )
    count = 0
    root = None
    try:
        for event, element in context:
            if root is None:
                root = element
                yield element
            elif event == "end" and local(element) in names:
                yield element
                count += 1
                if count >= limit:
                    return
                _release(element)
    except etree.XMLSyntaxError as error:
        if root is None:
            raise XmlError(f"not XML: {error.msg}") from error
    if root is None:
        raise XmlError("holds no element")


def _release(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _stream(body: bytes) -> IO[bytes]:
    """The document as UTF-8 where its label is one that libxml2 reads too strictly (GB2312 for GBK)."""
    body = body.lstrip(b" \t\r\n")
    declared = _DECLARED.match(body.removeprefix(codecs.BOM_UTF8))
    label = declared[1].decode("ascii").lower() if declared else ""
    if not declared or label in ("utf-8", "utf8", "utf-16"):
        return io.BytesIO(body)
    try:
        codec = "gb18030" if label.startswith(("gb", "x-gb", "cp936")) else codecs.lookup(label).name
        text = body[declared.end() :].decode(codec, errors="replace")
    except LookupError:
        return io.BytesIO(body)
    return io.BytesIO(text.encode("utf-8"))
