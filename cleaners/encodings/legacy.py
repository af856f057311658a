"""Decode as the WHATWG Encoding Standard does, where Python's codecs differ."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["read"]

_TABLE = Path(__file__).parents[1] / "data" / "encoding_patches.toml"
_DOUBLE_BYTE = frozenset({"gb18030", "big5hkscs", "cp932", "cp949", "euc-jp"})
# Codecs of Python's for names that no byte-to-character table can stand for.
_STATEFUL = ("utf-", "iso-2022", "iso2022", "hz")


def read(body: bytes, encoding: str) -> str:
    """Decode ``body``; what does not fit becomes U+FFFD. ``encoding`` is one that labels map to."""
    if encoding in _DOUBLE_BYTE:
        text = body.decode(encoding, f"cleaners.{encoding}")
        changes, any_change = _changes(encoding)
        return text.translate(changes) if any_change and any_change.search(text) else text
    if encoding.startswith(_STATEFUL):
        return body.decode(encoding, "replace")
    return codecs.charmap_decode(body, "replace", _single(encoding))[0]


@cache
def _patches(encoding: str) -> Mapping[str, Mapping[str, str]]:
    import tomllib  # takes longer to import than all of this package

    table: Mapping[str, Any] = tomllib.loads(_TABLE.read_text("utf-8"))
    patches: Mapping[str, Mapping[str, str]] = table.get(encoding, {})
    return patches


@cache
def _changes(encoding: str) -> tuple[dict[int, str], re.Pattern[str] | None]:
    characters = _patches(encoding).get("characters", {})
    pattern = re.compile(f"[{''.join(characters)}]") if characters else None
    return {ord(c): to for c, to in characters.items()}, pattern


@cache
def _pairs(encoding: str) -> dict[bytes, str]:
    return {bytes.fromhex(pair): c for pair, c in _patches(encoding).get("pairs", {}).items()}


@cache
def _single(encoding: str) -> str:
    """Give the decoding table of a single-byte encoding, its C1 holes filled as the standard does."""
    table = []
    for byte in range(256):
        c = bytes((byte,)).decode(encoding, "replace")
        table.append(chr(byte) if c == "\ufffd" and 0x80 <= byte < 0xA0 else c)
    for byte_, c in _patches(encoding).get("bytes", {}).items():
        table[int(byte_, 16)] = c
    return "".join(table)


def _resume(encoding: str, error: UnicodeError) -> tuple[str, int]:
    """Replace one bad sequence and go on where the standard does: an ASCII byte is never swallowed."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    at = error.start
    pair = error.object[at : at + 2]
    if encoding == "gb18030" and pair[0] == 0x80:
        return "\u20ac", at + 1
    if known := _pairs(encoding).get(pair) or (encoding == "euc-jp" and _by_shift_jis(pair)):
        return known, at + 2
    width = 2 if 0x81 <= pair[0] <= 0xFE and len(pair) == 2 and pair[1] >= 0x80 else 1
    return "\ufffd", at + width


def _by_shift_jis(pair: bytes) -> str:
    """Read a pair of EUC-JP by way of Windows' Shift_JIS, which has NEC's and IBM's rows too."""
    if len(pair) < 2 or not (0xA1 <= pair[0] <= 0xFE and 0xA1 <= pair[1] <= 0xFE):
        return ""
    row, cell = pair[0] - 0xA1, pair[1] - 0xA1
    lead = row // 2 + (0x81 if row < 62 else 0xC1)
    trail = cell + 0x9F if row % 2 else cell + 0x40 + (cell >= 63)
    return bytes((lead, trail)).decode("cp932", "ignore")


def _handler(encoding: str) -> Callable[[UnicodeError], tuple[str, int]]:
    return lambda error: _resume(encoding, error)


for _name in _DOUBLE_BYTE:
    codecs.register_error(f"cleaners.{_name}", _handler(_name))
