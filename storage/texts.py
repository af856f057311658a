"""The border for texts: any ``str`` of Python becomes one that every SQLite tool can read.

SQLite keeps UTF-8, so a lone surrogate can not be stored at all, and a NUL ends the text for
SQL functions and C programs. In running text both are replaced by a visible mark of the same
length (offsets of notes stay right; the raw page keeps the original bytes). In keys (origins,
URLs, file names) they are escaped instead, so that two different keys stay different.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, overload

__all__ = ["compact_json", "json_list", "key_text", "plain_text", "text_list"]

_UNSAFE = re.compile("[\x00\ud800-\udfff]")
# Encoders are made once: `json.dumps` makes one for each value.
_READABLE = json.JSONEncoder(ensure_ascii=False).encode
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
NUL_MARK = "\u2400"
SURROGATE_MARK = "\ufffd"


def _mark(match: re.Match[str]) -> str:
    return NUL_MARK if match[0] == "\x00" else SURROGATE_MARK


def _escape(match: re.Match[str]) -> str:
    return "\\x00" if match[0] == "\x00" else f"\\u{ord(match[0]):04x}"


@overload
def plain_text(text: str) -> str: ...
@overload
def plain_text(text: None) -> None: ...
def plain_text(text: str | None) -> str | None:
    """Give ``text`` with NUL as U+2400 and each lone surrogate as U+FFFD, of the same length."""
    if text is None or text.isprintable():  # so are most short ones, and it costs an eighth of the pattern
        return text
    return _UNSAFE.sub(_mark, text)


@overload
def key_text(text: str) -> str: ...
@overload
def key_text(text: None) -> None: ...
def key_text(text: str | None) -> str | None:
    r"""Give ``text`` with NUL as ``\x00`` and each lone surrogate as ``\udcXX``: keys stay distinct."""
    if text is None or text.isprintable():
        return text
    return _UNSAFE.sub(_escape, text)


def json_list(values: Iterable[str]) -> str:
    """Give texts as a JSON list, readable (no ASCII escapes)."""
    return _READABLE([plain_text(v) for v in values])


def compact_json(value: Any) -> str:
    """Give a value as JSON without white space, Chinese as characters, keys in order."""
    return _COMPACT(value)


def text_list(stored: str | None) -> tuple[str, ...]:
    """Read a JSON list of texts back."""
    return tuple(json.loads(stored)) if stored else ()
