"""Bytes to text: the encoding that the bytes themselves speak for.

A byte order mark decides, then strictly valid UTF-8, then a comparison of encodings by how
common the characters are that they read (:mod:`cleaners.encodings`). What a page declares is
only a prior: a nudge where the bytes leave it open.
"""

from __future__ import annotations

import re

from cleaners.encodings.candidates import compare
from cleaners.encodings.labels import declared, encoding_of
from cleaners.encodings.legacy import read
from cleaners.encodings.sample import text_bytes
from cleaners.model import Decoded

__all__ = ["decode"]

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_PRIORS = {"header": 20, "meta": 20, "xml": 20, "rules": 32}
_BEYOND_TWO_BYTES = re.compile("[\u0800-\U0010ffff]")


def decode(body: bytes, content_type: str | None = None, prior: str | None = None) -> Decoded:
    """Turn the bytes of a page into text; total and deterministic.

    ``content_type`` is the HTTP header as sent, ``prior`` the label that a site's rules state.
    ``Decoded.encoding`` is a name that Python's codecs know, or ``binary`` for bytes that are
    no text at all. Line ends stay as they are; U+0000 becomes U+FFFD.
    """
    evidence: list[str] = []
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _decoded(read(body[len(mark) :], name), name, [f"byte order mark of {name}"])
    if body.isascii():
        return _decoded(body.decode("ascii"), "utf-8", ["all bytes are ASCII"])
    if (text := _strict_utf8(body)) is not None:
        return _decoded(text, "utf-8", ["strictly valid UTF-8"])
    labels = declared(body, content_type) + ([("rules", prior)] if prior else [])
    priors: dict[str, int] = {}
    for place, label in labels:
        encoding = encoding_of(label)
        evidence.append(f"{place} says {label[:40]}: {encoding or 'no known label'}")
        if encoding:
            priors[encoding] = priors.get(encoding, 0) + _PRIORS[place]
    found = compare(text_bytes(body), priors)
    evidence += [f"{c.encoding} ({c.language}): {c.cost / 2:.0f} bits" for c in found[:5]]
    return _decoded(read(body, found[0].encoding), found[0].encoding, evidence)


def _strict_utf8(body: bytes) -> str | None:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if _BEYOND_TWO_BYTES.search(text) or len(body) - len(text) > 12 else None


def _decoded(text: str, encoding: str, evidence: list[str]) -> Decoded:
    return Decoded(text.replace("\0", "\ufffd"), encoding, tuple(evidence))
