"""Encoding labels: what pages call their encodings, and where they say so."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

__all__ = ["declared", "encoding_of"]

_TABLE = Path(__file__).parents[1] / "data" / "encoding_labels.toml"
# A declaration that stands further down is read by no browser, but copy sites put theirs
# behind long scripts and comments, and it is only a prior here.
_HEAD = 32_768
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]{1,40})", re.IGNORECASE)
_META = re.compile(rb"<meta\b[^>]{0,500}?charset\s*=\s*[\"']?\s*([^\s\"'/>;,]{1,40})", re.IGNORECASE)
_XML = re.compile(rb"^\s{0,64}<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']\s*([^\s\"']{1,40})")


@cache
def _labels() -> dict[str, str]:
    import tomllib  # takes longer to import than all of this package

    source = _TABLE.read_text("utf-8")
    return {label: name for name, labels in tomllib.loads(source).items() for label in labels}


def encoding_of(label: str) -> str | None:
    """Return the encoding that ``label`` is read as, or None for a label that means nothing.

    Knows the 228 labels of the WHATWG Encoding Standard, and reads any other label of the GB
    and Big5 families (``gb-2312``, ``GB18030-2022``, ``big5-eten``) as their supersets.
    """
    key = label.strip("\t\n\f\r ").lower()
    if name := _labels().get(key):
        return name
    if key.startswith(("gb", "x-gb", "cp936", "ms936", "windows-936", "euc-cn", "euccn")):
        return "gb18030"
    if "big5" in key or key in ("cp950", "ms950", "windows-950", "hkscs"):
        return "big5hkscs"
    return _labels().get(key.replace("_", "-"))


def declared(body: bytes, content_type: str | None) -> list[tuple[str, str]]:
    """List what a page says of its own encoding: pairs of place (``header``, ``xml``, ``meta``) and label."""
    found: list[tuple[str, str]] = []
    if content_type and (header := _HEADER.search(content_type)):
        found.append(("header", header[1]))
    head = body[:_HEAD]
    for place, pattern in (("xml", _XML), ("meta", _META)):
        if match := pattern.search(head):
            found.append((place, match[1].decode("ascii", "replace")))
    return found
