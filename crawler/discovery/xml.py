"""A hardened reader for feeds and sitemaps: no entities, no network, bounded, streaming."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from crawler.discovery.unpacking import XmlError, as_utf8

__all__ = ["XmlError", "elements", "local", "text_of"]

MAX_TEXT = 4096
HEAD = 1 << 16
"""Bytes that are searched for entities; further on none may be defined in XML that is read at all."""
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_WHITE = re.compile(r"\s+")


def local(element: etree._Element) -> str:
    """The name of ``element`` without its name space, in lower case."""
    tag = element.tag
    return str(tag).rpartition("}")[2].lower()


def text_of(element: etree._Element) -> str | None:
    """The text of ``element`` with white space folded, bounded; None when there is none."""
    text = _WHITE.sub(" ", "".join(map(str, element.itertext())))[:MAX_TEXT].strip()
    return text or None


def elements(pieces: Iterable[bytes], names: frozenset[str], limit: int) -> Iterator[etree._Element]:
    """The elements whose local name is in ``names``, in order, at most ``limit`` of them.

    The document comes in ``pieces`` and each element is emptied once the caller asks for the next, so
    memory stays constant. The root element comes first, before its children, so that the caller sees
    the kind of document. Broken XML gives what stands before the fault. Raises :class:`XmlError` for
    documents that define entities and for those that hold no element at all.
    """
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
    )
    root = None
    count = 0
    for event, element in _events(parser, _without_entities(as_utf8(pieces))):
        if root is None:
            root = element
            yield element
        elif event == "end" and local(element) in names:
            yield element
            count += 1
            if count >= limit:
                return
            _release(element)
        elif event == "end" and element.getparent() is root:
            _release(element)
    if root is None:
        raise XmlError("holds no element")


def _events(parser: etree.XMLPullParser, pieces: Iterable[bytes]) -> Iterator[tuple[str, etree._Element]]:
    for piece in pieces:
        try:
            parser.feed(piece)
        except etree.XMLSyntaxError:  # what came before the fault is good
            yield from parser.read_events()  # type: ignore[misc]
            return
        yield from parser.read_events()  # type: ignore[misc]
    try:
        parser.close()
    except etree.XMLSyntaxError:
        return
    finally:
        yield from parser.read_events()  # type: ignore[misc]


def _without_entities(pieces: Iterable[bytes]) -> Iterator[bytes]:
    head = b""
    size = 0
    for piece in pieces:
        if size < HEAD:
            if _ENTITY.search(head + piece):
                raise XmlError("defines entities")
            head = piece[-16:]
        size += len(piece)
        yield piece


def _release(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
