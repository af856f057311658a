"""Escapes left in running prose: entities, ``\\uXXXX``, ``%XX``. Not in code, not in addresses."""

from __future__ import annotations

import re
from html import unescape

from cleaners.mojibake.hanzi import MARKS, hanzi
from cleaners.mojibake.hexadecimal import CLASS, hexadecimal, is_chinese, is_printable
from cleaners.mojibake.spans import Span

__all__ = ["escapes", "may_hold_escapes"]

# By a character that stands in all of a kind: what has none of them is quick to tell.
_STRIPPED = re.compile("(?:u[0-9a-f]{4}){3}")
_GATES = {
    ";": re.compile(
        r"[&#nlr](?:(?<=&)(?:amp;)*#?\w{2,8};|(?<=#)x?[0-9a-fA-F]{3,6};|(?<=n)(?<![a-z]n)bsp;|(?<=[lr])dquo;)"
    ),
    "&#": re.compile("&#(?:[xX][0-9a-fA-F]{4}|[0-9]{4})"),
    "\\": re.compile(r"\\u[0-9a-fA-F]{4}"),
    "%": re.compile("%(?:u[0-9a-fA-F]{4}|(?:(?:25)?[0-9a-fA-F]{2}%){2})"),
    **dict.fromkeys(("uff0c", "u3002", "u7684"), _STRIPPED),  # ，。的
}
_ENTITY = re.compile(
    r"&(?:amp;)*(?:(?:#[0-9]{2,7}|#[xX][0-9a-fA-F]{2,6}|[a-zA-Z][a-zA-Z0-9]{1,7});"
    # Without its semicolon, where its end is sure.
    r"|#[xX](?:[fF]{2}(?:0[189cC]|1[abfABF])|300[12aAbB]|20(?:1[4-9cdCD]|26))|#(?:65292|65306|1229[0-9]|822[01])"
    r"|#(?:[xX][4-9][0-9a-fA-F]{3}|[2-4][0-9]{4})(?![0-9a-fA-F]))"
)
_BARE = re.compile(r"(?<![&_#/=?.])#(?:[xX]([0-9a-fA-F]{2,5})|([0-9]{3,6}));")
_NAMED = re.compile(r"(?<![&A-Za-z0-9])(nbsp|ldquo|rdquo|lsquo|rsquo|mdash|ndash|hellip|middot);")
_CODE = re.compile(
    r"</?[a-zA-Z][^>]*>|[{}]\s*$|^\s*[{}\[\]]|\w\(\)|=\s*[\"']|[\"']\s*:|\b(?:var|let|const|def|return|import|print|printf|function|echo|grep)\b"
    rf"|{CLASS}|\bgit [a-z]+ -"
    r"|\\[nrtx]|==|=>|->|::|\$\{|[\"'`]\\u"
)
# The escape itself is what the text speaks of.
_MENTION = re.compile(
    r"(?:[写寫记記]作|[写寫][成为為]|表示[为為]|[显顯]示[为為成]|[转轉][义義][为為成]|[输輸]入|(?:代[码碼]|[实實][体體]|符[号號])[是为為：:])\s*\Z"
)
_NEAR = 8
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
        for span in (*_entities(line), *_bare(line), *hexadecimal(line))
        if not any(start <= span.start < end for start, end in addresses)
        and not _quoted(line, span.start, span.end)
    ]
    found.sort(key=lambda span: span.start)
    kept: list[Span] = []
    for span in found:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _entities(line: str) -> list[Span]:
    found: list[Span] = []
    shown = any(_mentioned(line, match.start()) for match in _ENTITY.finditer(line))
    brackets = _stands_in_prose(line, 1)
    for match in _ENTITY.finditer(line):
        char = match[0]
        while (plain := unescape(char)) != char and len(plain) > 1:
            char = plain
        char = plain
        if len(char) != 1 or not is_printable(char):
            continue
        prose = is_chinese(char) and "#" in match[0]
        if not prose and (shown or match[0][-1] != ";"):
            continue
        if char in "<>" and not brackets:
            continue
        found.append(Span(match.start(), match.end(), char, "escape.entity@1"))
    return found


_QUOTES_BEFORE, _QUOTES_AFTER = frozenset("'\"`“‘「『《<(（["), frozenset("'\"`”’」』》>)）]")


def _quoted(line: str, start: int, end: int) -> bool:
    """Tell whether the escape itself is what the text shows: alone between marks."""
    before, after = line[start - 1 : start], line[end : end + 1]
    return before in _QUOTES_BEFORE and after in _QUOTES_AFTER and bool(before) and bool(after)


def _mentioned(line: str, start: int) -> bool:
    return _MENTION.search(line, max(0, start - _NEAR), start) is not None


def _stands_in_prose(line: str, escapes: int) -> bool:
    """Tell whether a line may show angle brackets: its only sign of markup, or as many of each."""
    others = sum(map(line.count, _MARKUP)) - escapes
    return others == 0 or line.count("&lt;") == line.count("&gt;")


def _bare(line: str) -> list[Span]:
    """Numeric and named references whose ampersand is gone."""
    numeric = list(_BARE.finditer(line))
    found: list[Span] = []
    for match in numeric:
        code = int(match[1], 16) if match[1] else int(match[2])
        char = chr(code) if code < 0x11_0000 else "\0"
        before, after = line[match.start() - 1 : match.start()], line[match.end() : match.end() + 1]
        mark = char in MARKS or char == "\xa0"
        if before.isascii() and before.isalnum() and not (mark and is_chinese(after)):
            continue
        sure = len(numeric) > 1 or (mark and any(is_chinese(c) for c in before + after))
        if sure and (mark or char in hanzi().ordinary_set):
            found.append(Span(match.start(), match.end(), char, "escape.bare_reference@1"))
    for match in _NAMED.finditer(line):
        near = line[match.start() - 1 : match.start()] + line[match.end() : match.end() + 1]
        if any(is_chinese(c) for c in near) or len(_NAMED.findall(line)) > 1:
            char = unescape(f"&{match[1]};")
            found.append(Span(match.start(), match.end(), char, "escape.bare_reference@1"))
    return found
