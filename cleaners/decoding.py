"""Bytes to text: the encoding that the bytes themselves speak for.

A byte order mark decides, then strictly valid UTF-8, then a comparison of encodings by how
common the characters are that they read (:mod:`cleaners.encodings`). What a page declares is
only a prior: a nudge where the bytes leave it open. Stretches in another encoding than the
page's own are read in theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from cleaners.encodings.binary import binary
from cleaners.encodings.candidates import compare
from cleaners.encodings.labels import declared, encoding_of
from cleaners.encodings.leftover import second_guess
from cleaners.encodings.legacy import read
from cleaners.encodings.sample import text_bytes
from cleaners.encodings.segments import mend
from cleaners.encodings.wide import escaped, from_mark, wide
from cleaners.model import Decoded

__all__ = ["BINARY", "decode"]

BINARY = "binary"
"""``Decoded.encoding`` of bytes that are no text."""

# Half bits in favour of what is declared: a rare character's worth each.
_PRIORS = {"header": 20, "meta": 20, "xml": 20, "rules": 32}
_BEYOND_TWO_BYTES = re.compile("[\u0800-\U0010ffff]")
# A NUL in this many bytes is an accident; UTF-16 has more of them.
_SELDOM = 100
# Fewer two-byte sequences than this may be GBK text that is valid UTF-8 by chance.
_CHANCE = 12
# Half bits per byte of the sample: real text stays under the first, and none needs the second.
_PLAIN = 11.5
_POOR = 14.0
# Bytes: shorter ones without a tag may be UTF-16 in which no byte is NUL.
_SNIPPET = 2000


def decode(body: bytes, content_type: str | None = None, prior: str | None = None) -> Decoded:
    """Turn the bytes of a page into text; total and deterministic.

    ``content_type`` is the HTTP header as sent, ``prior`` the label that a site's rules state.
    ``Decoded.encoding`` is a name that Python's codecs know, or :data:`BINARY` for bytes that are
    no text at all. What cannot be read becomes U+FFFD, and so does U+0000; line ends stay as they
    are. ``Decoded.evidence`` names what was considered, with costs in bits (less is better), and
    the bytes of broken sequences and of stretches in another encoding.
    """
    if mark := from_mark(body):
        name, length = mark
        if name != "utf-8" or _valid_utf8(body[length:]) is not None:
            return _decoded(read(body[length:], name), name, [f"byte order mark of {name}"])
        return _legacy(body[length:], {"utf-8": 40}, ["byte order mark of utf-8"])
    evidence: list[str] = []
    priors = _declared(body, content_type, prior, evidence)
    if (text := _valid_utf8(body)) is not None and not (body.isascii() or "\0" in text):
        return _decoded(text, "utf-8", ["strictly valid UTF-8", *evidence])
    if shifted := escaped(body):
        return _decoded(read(body, shifted), shifted, [f"shift sequences of {shifted}"])
    reason = binary(body)
    many_nuls = body.count(0) * _SELDOM > len(body)
    if (many_nuls or reason) and (found := wide(body)):
        why = f"{found[0]} without a mark: {found[1] / 2:.1f} bits a byte"
        return _decoded(read(body, found[0]), found[0], [why])
    if reason:
        return _decoded(body.decode("utf-8", "replace"), BINARY, [reason])
    if text is not None:
        why = "all bytes are ASCII" if body.isascii() else "strictly valid UTF-8 with NUL bytes"
        return _decoded(text, "utf-8", [why, *evidence])
    return _legacy(body, priors, evidence)


def _valid_utf8(body: bytes) -> str | None:
    """Read strictly valid UTF-8; a last character that is cut off is forgiven."""
    if body.isascii():
        return body.decode("ascii")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data" or error.start < 2 * _CHANCE:
            return None
        text = body.decode("utf-8", "replace")
    return text if _BEYOND_TWO_BYTES.search(text) or len(body) - len(text) >= _CHANCE else None


def _declared(
    body: bytes, content_type: str | None, prior: str | None, evidence: list[str]
) -> dict[str, int]:
    priors: dict[str, int] = {}
    for place, label in declared(body, content_type) + ([("rules", prior)] if prior else []):
        encoding = encoding_of(label)
        evidence.append(f"{place} says {label[:40]}: {encoding or 'no known label'}")
        if encoding:
            priors[encoding] = priors.get(encoding, 0) + _PRIORS[place]
    return priors


def _legacy(body: bytes, priors: Mapping[str, int], evidence: list[str]) -> Decoded:
    """Compare the encodings, read the body in the best and its foreign stretches in theirs."""
    sample = text_bytes(body)
    found = compare(sample, priors)
    evidence += [f"{c.encoding} ({c.language}): {c.cost / 2:.0f} bits" for c in found[:5]]
    best = found[0]
    poor = best.cost > _POOR * len(sample)
    doubtful = best.cost > _PLAIN * len(sample) or (len(body) <= _SNIPPET and b"<" not in body)
    if doubtful and (other := second_guess(body, sample, best.cost, best.encoding, poor=poor)):
        return _decoded(read(body, other), other, [*evidence, f"{other} costs less"])
    if poor:
        evidence.append("no encoding reads it well")
    mended = mend(body, read(body, best.encoding), best.encoding)
    return _decoded(mended.text, best.encoding, (*evidence, *mended.remarks))


def _decoded(text: str, encoding: str, evidence: Iterable[str]) -> Decoded:
    return Decoded(text.replace("\0", "\ufffd"), encoding, tuple(evidence))
