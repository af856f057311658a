r"""Escapes of hexadecimal digits left in running prose: ``\uXXXX``, ``%uXXXX``, ``%XX``, ``uXXXX``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from cleaners.mojibake.plausible import fluent, ordinary
from cleaners.mojibake.spans import Span

__all__ = ["CLASS", "hexadecimal", "is_chinese", "is_printable"]

CLASS = r"\[[^\]\s]{0,40}\\u[0-9a-fA-F]{4}-\\u[0-9a-fA-F]{4}"
"""A range in a regular expression: code."""

_BACKSLASH = re.compile(r"(?:\\{1,4}u[0-9a-fA-F]{4})+")
_PERCENT_U = re.compile(r"(?:%u[0-9a-fA-F]{4})(?:%u[0-9a-fA-F]{4}|%[2-7][0-9a-fA-F](?=%u))*")
# A word of escapes and of what they leave as it is; other signs are those of addresses and file names.
_PERCENT = re.compile(
    r"(?<![\w/=?&:#+%-])[0-9A-Za-z.%-]{0,40}?(?:%(?:25)?[0-9a-fA-F]{2}){3,}+[0-9A-Za-z.%-]*+(?![\w/=&])",
    re.ASCII,
)
_SENTENCE = re.compile("[，。！？：；]")
_FILE = re.compile(r"\.[A-Za-z][0-9A-Za-z]{1,4}$")
_BARE_RUN = re.compile(r"(?:u[0-9a-f]{4}){3}")
_BARE = re.compile(r"u([0-9a-f]{4})")
_LAYERS = 3  # so often was one text escaped, at the most
_SOUND = 0.75  # of its characters, so many are ordinary ones


def hexadecimal(line: str) -> Iterator[Span]:
    """Yield the escapes of ``line`` that stand for characters of its prose."""
    for match in _BACKSLASH.finditer(line):
        text = _units(re.sub(r"\\+u", "", match[0]))
        if _is_readable(text, 1):
            yield Span(*match.span(), text, "escape.backslash@1")
    for match in _PERCENT_U.finditer(line):
        text = _units("".join(re.sub("%(?!u)", "%u00", match[0]).split("%u")))
        if _is_readable(text, 1 if line.count("%u") > 1 else 2):
            yield Span(*match.span(), text, "escape.percent@1")
    if "%" in line:
        yield from _percents(line)
    if _BARE_RUN.search(line):
        yield from _bare(line)


def _units(digits: str) -> str:
    return bytes.fromhex(digits).decode("utf-16-be", "replace")


def _percents(line: str) -> Iterator[Span]:
    for match in _PERCENT.finditer(line):
        if _FILE.search(match[0]):
            continue
        text = _unquoted(match[0])
        if text and ("-" not in match[0] or _SENTENCE.search(text)):
            yield Span(*match.span(), text, "escape.percent@1")


def _unquoted(word: str) -> str:
    """Return what ``word`` was before it was escaped, or nothing if that is no prose."""
    for _ in range(_LAYERS):
        raw = unquote_to_bytes(word)
        for codec, least in (("utf-8", 1), ("gbk", 3)):
            try:
                text = raw.decode(codec)
            except UnicodeDecodeError:
                continue
            if _is_readable(text, least):
                return text
        if not raw.isascii():
            return ""
        word = raw.decode("ascii")
    return ""


def _bare(line: str) -> Iterator[Span]:
    r"""Yield the escapes of a line whose backslashes were stripped."""
    found = [(match, chr(int(match[1], 16))) for match in _BARE.finditer(line)]
    if not _is_readable("".join(char for _, char in found), 3):
        return
    for match, char in found:
        if is_chinese(char):
            yield Span(*match.span(), char, "escape.backslash@1")


def is_chinese(char: str) -> bool:
    """Tell whether ``char`` is one of Chinese prose."""
    return "\u2e80" <= char <= "\u9fff" or "\uff00" <= char <= "\uffef" or char in "“”‘’…—·"


def is_printable(char: str) -> bool:
    """Tell whether ``char`` may be what an escape stands for."""
    return char == "\xa0" or char == "\u3000" or (char.isprintable() and not "\ue000" <= char <= "\uf8ff")


def _is_readable(text: str, least: int) -> bool:
    wide = sum(
        is_chinese(c) or "\u3041" <= c <= "\u30ff" or "가" <= c <= "힣" or c >= "\U0001f000" for c in text
    )
    if "\ufffd" in text or wide < least or not all(map(is_printable, text)):
        return False
    return ordinary(text) > (_SOUND if wide > 3 else 0.9) and (fluent(text) > -9.5 or wide < 3 or least == 1)
