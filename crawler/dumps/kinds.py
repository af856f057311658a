"""What kind of thing a file is, from its name and its first bytes."""

from __future__ import annotations

from enum import Enum
from pathlib import PurePath

__all__ = ["Kind", "inner_name", "kind_of_name", "looks_like_html"]

SNIFF_BYTES = 2048


class Kind(Enum):
    """How to read a file."""

    HTML = "html"
    PLAIN = "plain"
    GZIP = "gzip"
    ZIP = "zip"
    TAR = "tar"
    WARC = "warc"


_SUFFIXES = {
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".shtml": Kind.HTML,
    ".txt": Kind.PLAIN,
    ".zip": Kind.ZIP,
    ".tar": Kind.TAR,
    ".tgz": Kind.TAR,
    ".tbz2": Kind.TAR,
    ".txz": Kind.TAR,
    ".warc": Kind.WARC,
    ".gz": Kind.GZIP,
}
_ENDINGS = {".tar.gz": Kind.TAR, ".tar.bz2": Kind.TAR, ".tar.xz": Kind.TAR, ".warc.gz": Kind.WARC}
_MARKUP = (b"<html", b"<!doctype html", b"<head", b"<body")


def kind_of_name(name: str) -> Kind | None:
    """The kind that a file name states; None for names that state none or another one."""
    lower = name.lower()
    for ending, kind in _ENDINGS.items():
        if lower.endswith(ending):
            return kind
    kind_or_none = _SUFFIXES.get(PurePath(lower).suffix)
    if kind_or_none is Kind.GZIP and kind_of_name(inner_name(name)) not in (Kind.HTML, Kind.PLAIN):
        return None
    return kind_or_none


def inner_name(name: str) -> str:
    """The name of what a ``.gz`` file holds: ``page.html.gz`` holds ``page.html``."""
    return name[: -len(".gz")] if name.lower().endswith(".gz") else name


def looks_like_html(start: bytes) -> bool:
    """Whether the first bytes of a file are markup of a page, in any encoding with ASCII in it."""
    head = start[:SNIFF_BYTES].replace(b"\x00", b"").lower()
    return any(mark in head for mark in _MARKUP)
