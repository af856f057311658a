"""Bytes that are no text at all, whatever their label says."""

from __future__ import annotations

import re

__all__ = ["binary"]

_SIGNATURES = (
    (b"%PDF-", "PDF"),
    (b"\x89PNG\r\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"PK\x03\x04", "ZIP"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"BZh91AY&SY", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "OLE document"),
    (b"\x7fELF", "ELF"),
    (b"\0asm", "WebAssembly"),
    (b"wOFF", "web font"),
    (b"wOF2", "web font"),
    (b"OggS\0", "Ogg"),
    (b"ID3\x03", "MP3"),
    (b"ID3\x04", "MP3"),
    (b"SQLite format 3\0", "SQLite"),
)
_PROBE = 65_536
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_SHARE = 0.04


def binary(body: bytes) -> str | None:
    """Say why ``body`` is no text, or None. Call it for bodies that are neither UTF-8 nor UTF-16."""
    for signature, kind in _SIGNATURES:
        if body.startswith(signature):
            return f"begins like {kind}"
    if body[4:8] == b"ftyp" or (body[:4] == b"RIFF" and body[8:12] in (b"WEBP", b"WAVE", b"AVI ")):
        return "begins like a media file"
    probe = body[:_PROBE].rstrip(b"\0")
    controls = len(_CONTROLS.findall(probe))
    if controls > 2 and controls > _SHARE * len(probe):
        return f"{controls} control characters in {len(probe)} bytes"
    return "nothing but NUL" if body and not probe else None
