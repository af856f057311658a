"""Escapes left in running prose: entities, ``\\uXXXX``, ``%XX``. Not in code, not in addresses."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote_to_bytes

from cleaners.mojibake.hanzi import MARKS, hanzi
from cleaners.mojibake.plausible import fluent, ordinary
from cleaners.mojibake.spans import Span

__all__ = ["escapes", "may_hold_escapes"]

# By a character that stands in all of a kind: what has none of them is quick to tell.
_GATES = {
    ";": re.compile(
        r"[&#nlr](?:(?<=&)(?:amp;)*#?\w{2,8};|(?<=#)x?[0-9a-fA-F]{3,6};|(?<=n)(?<![a-z]n)bsp;|(?<=[lr])dquo;)"
    ),
    "\\": re.compile(r"\\u[0-9a-fA-F]{4}"),
    "%": re.compile(r"%[0-9a-fA-F]{2}(?:%[0-9a-fA-F]{2}){2}"),
}
_ENTITY = re.compile(r"&(?:amp;)*(?:#[0-9]{2,7}|#[xX][0-9a-fA-F]{2,6}|[a-zA-Z][a-zA-Z0-9]{1,7});")
_BARE = re.compile(r"(?<![&A-Za-z0-9_#/=?.])#(?:[xX]([0-9a-fA-F]{2,5})|([0-9]{3,6}));")
_NAMED = re.compile(r"(?<![&A-Za-z0-9])(nbsp|ldquo|rdquo|lsquo|rsquo|mdash|ndash|hellip|middot);")
_BACKSLASH = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
_PERCENT = re.compile(r"(?<![\w%/=?&.:#+-])(?:%[0-9a-fA-F]{2}){3,}(?![\w/=&%])", re.ASCII)
_CODE = re.compile(
    r"</?[a-zA-Z][^>]*>|[{}]\s*$|^\s*[{}\[\]]|\w\(\)|=\s*[\"']|[\"']\s*:|\b(?:var|let|const|def|return|import|print|printf|function|echo|grep)\b"
    r"|\\[nrtx]|==|=>|->|::|\$\{|[\"'`]\\u"
)
_MARKUP = frozenset('<>&"')


def may_hold_escapes(text: str) -> bool:
    """Tell quickly whether anything in ``text`` looks like an escape."""
    return any(sign in text and gate.search(text) for sign, gate in _GATES.items())


def escapes(text: str) -> list[Span]:
    """Return the escapes of ``text`` that stand for characters of its prose, left to right."""
    if not may_hold_escapes(text):
        return []
    found: list[Span] = []
    at = 0
    for line in text.split("\n"):
        if may_hold_escapes(line) and not _CODE.search(line):
            found += (Span(s.start + at, s.end + at, s.text, s.rule, s.uncertain) for s in _line(line))
        at += len(line) + 1
    return found


_ADDRESS = re.compile(r"(?:[a-zA-Z][\w+.-]*://|www\.|magnet:|[\w-]+\.(?:com|cn|net|org|gov|edu)\b)[!-~]*")


def _line(line: str) -> list[Span]:
    addresses = [match.span() for match in _ADDRESS.finditer(line)]
    found = [
        span
        for span in (*_entities(line), *_bare(line), *_backslashes(line), *_percents(line))
        if not any(start <= span.start < end for start, end in addresses)
    ]
    found.sort(key=lambda span: span.start)
    kept: list[Span] = []
    for span in found:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _entities(line: str) -> list[Span]:
    found: list[Span] = []
    for match in _ENTITY.finditer(line):
        char = match[0]
        while (plain := unescape(char)) != char and len(plain) > 1:
            char = plain
        char = plain
        if len(char) != 1 or not _printable(char) or _quoted(line, match.start(), match.end()):
            continue
        if char in "<>" and not _stands_in_prose(line, match.start(), match.end()):
            continue
        found.append(Span(match.start(), match.end(), char, "escape.entity@1"))
    return found


def _printable(char: str) -> bool:
    return char == "\xa0" or char == "\u3000" or (char.isprintable() and not "\ue000" <= char <= "\uf8ff")


_QUOTES_BEFORE, _QUOTES_AFTER = frozenset("'\"`“‘「『《<(（["), frozenset("'\"`”’」』》>)）]")


def _quoted(line: str, start: int, end: int) -> bool:
    """Tell whether the escape itself is what the text shows: alone between marks."""
    before, after = line[start - 1 : start], line[end : end + 1]
    return before in _QUOTES_BEFORE and after in _QUOTES_AFTER and bool(before) and bool(after)


def _stands_in_prose(line: str, start: int, end: int) -> bool:
    return not _MARKUP.intersection(line[:start] + line[end:]) or line.count("&lt;") == line.count("&gt;")


def _chinese(char: str) -> bool:
    return "\u2e80" <= char <= "\u9fff" or "\uff00" <= char <= "\uffef" or char in "“”‘’…—·"


def _bare(line: str) -> list[Span]:
    """Numeric and named references whose ampersand is gone."""
    numeric = list(_BARE.finditer(line))
    found: list[Span] = []
    for match in numeric:
        code = int(match[1], 16) if match[1] else int(match[2])
        char = chr(code) if code < 0x11_0000 else "\0"
        near = line[match.start() - 1 : match.start()] + line[match.end() : match.end() + 1]
        mark = char in MARKS or char == "\xa0"
        sure = len(numeric) > 1 or (mark and any(_chinese(c) for c in near))
        if sure and (mark or char in hanzi().ordinary_set):
            found.append(Span(match.start(), match.end(), char, "escape.bare_reference@1"))
    for match in _NAMED.finditer(line):
        near = line[match.start() - 1 : match.start()] + line[match.end() : match.end() + 1]
        if any(_chinese(c) for c in near) or len(_NAMED.findall(line)) > 1:
            char = unescape(f"&{match[1]};")
            found.append(Span(match.start(), match.end(), char, "escape.bare_reference@1"))
    return found


def _backslashes(line: str) -> list[Span]:
    found: list[Span] = []
    for match in _BACKSLASH.finditer(line):
        units = bytes.fromhex(match[0].replace("\\u", ""))
        text = units.decode("utf-16-be", "replace")
        if not _quoted(line, match.start(), match.end()) and _readable(text, 1):
            found.append(Span(match.start(), match.end(), text, "escape.backslash@1"))
    return found


def _percents(line: str) -> list[Span]:
    found: list[Span] = []
    for match in _PERCENT.finditer(line):
        raw = unquote_to_bytes(match[0])
        for codec in ("utf-8", "gbk"):
            try:
                text = raw.decode(codec)
            except UnicodeDecodeError:
                continue
            if not _quoted(line, match.start(), match.end()) and _readable(
                text, 1 if codec == "utf-8" else 3
            ):
                found.append(Span(match.start(), match.end(), text, "escape.percent@1"))
                break
    return found


def _readable(text: str, least: int) -> bool:
    wide = sum(
        _chinese(c) or "\u3041" <= c <= "\u30ff" or "가" <= c <= "힣" or c >= "\U0001f000" for c in text
    )
    if "\ufffd" in text or wide < least or not all(_printable(c) for c in text):
        return False
    return ordinary(text) > 0.9 and (fluent(text) > -9.5 or wide < 3 or least == 1)
