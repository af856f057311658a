"""The repair of one text, and of all the texts of a page together."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaners.model import Note, Repaired
from cleaners.mojibake.escapes import escapes, may_hold_escapes
from cleaners.mojibake.families import damaged
from cleaners.mojibake.gates import suspects
from cleaners.mojibake.latin import by_ftfy, suspect_latin
from cleaners.mojibake.spans import Span
from cleaners.mojibake.tongue import Tongues
from cleaners.sieve import holding

__all__ = ["STEP", "lost", "mark_lost", "may_be_misread", "mend", "mojibake"]

STEP = "repair/mojibake"
PASSES = 4
"""Damage on damage: more layers than this are not met."""

_CHUNK = 4000
"""Longest piece of a line that is looked at in one go; cuts fall on marks or spaces."""

_PART = 200
"""Characters of a long line that are looked at together, and how far damage may reach beyond them."""


def mend(text: str) -> Repaired:
    """Repair ``text``; the text comes back as it is when nothing is surely damaged."""
    return _mend(text, (text,), Tongues(text.split("\n"), len(text)))


def mojibake(texts: list[str]) -> list[Repaired]:
    """Repair the texts of a page together, one result each."""
    out = [Repaired(text) for text in texts]
    tongues = Tongues(size=sum(map(len, texts)))
    for place in holding(texts, may_be_misread):
        out[place] = _mend(texts[place], texts, tongues)
    if not tongues.proven:
        return out
    return [  # lines before the one that showed how the page was read deserve the same certainty
        _mend(text, texts, tongues)
        if any(n.rule in tongues.proven and n.uncertain for n in result.notes)
        else result
        for text, result in zip(texts, out, strict=True)
    ]


def may_be_misread(text: str) -> bool:
    """Tell quickly whether any family of wrong readings, or of escapes, may be in ``text``."""
    return may_hold_escapes(text) or bool(suspects(text)) or _may_be_latin(text)


def _may_be_latin(text: str) -> bool:
    return suspect_latin().search(text) is not None


_TALK = re.compile(
    r"乱码|亂碼|文字化け|mojibake|锟斤拷|錕斤拷|烫烫烫|字符集|字符编码|字元編碼|字元集|编码格式|编码方式|百分号编码"
    r"|(?:[编編][码碼](?:后|後|为|為|成|结果|結果)|(?:字节|字節|字符|字元|文本|网页|網頁|[误錯错誤]).{0,8}解[码碼])"
    r"|解[码碼].{0,8}(?:字节|字節|字符|字元|文本|[错錯][误誤]|出[错錯]|失[败敗])"
    r"|(?<![a-z])(?:utf-?8|gbk|gb ?2312|gb ?18030|big-?5|iso-8859|latin-?1|windows-125|cp\d{3}|unicode"
    r"|shift_?jis|euc-?(?:kr|jp)|ascii|charset|character encoding|转义|轉義|实体字符|html ?实体|url ?编码)",
    re.I,
)


def about_codecs(texts: Sequence[str]) -> bool:
    """Tell whether a page speaks of encodings: then garbled samples are what it is about."""
    return any(_TALK.search(text) for text in texts)


def _mend(text: str, page: Sequence[str], tongues: Tongues) -> Repaired:
    spans = _spans(text, tongues, talk=False)
    if not spans:
        return Repaired(text)
    talk = about_codecs(page)
    notes: list[Note] = []
    current = text
    if talk:
        spans = _spans(text, tongues, talk=True)
    for _ in range(PASSES):
        if not spans:
            return Repaired(current, tuple(notes))
        current, made = _apply(current, spans)
        notes += made
        spans = _spans(current, tongues, talk=talk)
    return Repaired(text) if spans else Repaired(current, tuple(notes))


def _apply(text: str, spans: Sequence[Span]) -> tuple[str, list[Note]]:
    out: list[str] = []
    notes: list[Note] = []
    done = shift = 0
    for span in spans:
        out += (text[done : span.start], span.text)
        before = text[span.start : span.end]
        notes.append(Note(STEP, span.rule, before, span.text, span.start + shift, span.uncertain))
        shift += len(span.text) - len(before)
        done = span.end
    return "".join(out) + text[done:], notes


_LINE = re.compile(rf"[^\n]{{1,{_CHUNK}}}(?:[^\n。！？!?\s]{{0,200}}[。！？!?\s])?|[^\n]+")


def _spans(text: str, tongues: Tongues, *, talk: bool) -> list[Span]:
    """Return the changes that one pass makes: the first kind that finds any."""
    found = [] if talk else escapes(text)
    if found or text.isascii():
        return found
    if suspects(text):
        for line in _LINE.finditer(text):
            for start, end in _parts(line[0]):
                spans = (_moved(span, start) for span in damaged(line[0][start:end], tongues))
                found += (_moved(span, line.start()) for span in spans if not talk or _whole(span, line[0]))
    if found or talk or not suspect_latin().search(text):
        return found
    for line in _LINE.finditer(text):
        fixed = by_ftfy(line[0])
        if fixed != line[0]:
            found.append(_moved(_difference(line[0], fixed), line.start()))
    return found


_SENTENCES = re.compile(f".{{{_PART},}}?[。！？]|.{{{3 * _PART},}}?(?=.)|.+", re.DOTALL)


def _parts(line: str) -> list[tuple[int, int]]:
    """Return where a line may be damaged: sentences that show signs, with those beside them."""
    if len(line) <= 3 * _PART:
        return [(0, len(line))]
    sentences = [match.span() for match in _SENTENCES.finditer(line)]
    parts: list[tuple[int, int]] = []
    for place, (start, end) in enumerate(sentences):
        if not suspects(line[max(0, start - _NEAR) : end + _NEAR]):
            continue
        first, last = sentences[max(0, place - 1)][0], sentences[place + 1 : place + 2] or [(start, end)]
        if parts and first <= parts[-1][1]:
            first = parts.pop()[0]
        parts.append((first, last[0][1]))
    return parts


_NEAR = 8
"""Characters that belong to one sign."""


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by, span.text, span.rule, span.uncertain)


def _whole(span: Span, line: str) -> bool:
    """Tell whether a span is a paragraph of its own, too long to be a sample."""
    return span.end - span.start >= 60 and span.end - span.start > 0.9 * len(line)


def _difference(before: str, after: str) -> Span:
    """Return the smallest change that turns ``before`` into ``after``."""
    start = 0
    least = min(len(before), len(after))
    while start < least and before[start] == after[start]:
        start += 1
    end = 0
    while end < least - start and before[-1 - end] == after[-1 - end]:
        end += 1
    text = after[start : len(after) - end]
    return Span(start, len(before) - end, text, "mojibake.utf8_as_single_bytes@1", "\ufffd" in text)


_LOST = re.compile("(?:锟斤拷|锟斤|烫烫烫|屯屯屯)+|\ufffd+|ï¿½(?:ï¿½)*")


def lost(text: str) -> tuple[tuple[int, int], ...]:
    """Return the places (start, end) where text is gone for good: 锟斤拷 and U+FFFD runs.

    A text that speaks of encodings quotes them; there nothing is flagged.
    """
    if "锟" in text and re.sub(_LOST, "", text) and about_codecs((re.sub("锟斤拷", "", text),)):
        return ()
    return tuple(match.span() for match in _LOST.finditer(text) if match[0][0] not in "烫屯")


def mark_lost(texts: list[str]) -> list[Repaired]:
    """Point out what no repair can bring back: notes that change nothing, ``uncertain``."""
    if not _LOST.search("\n".join(texts)):
        return [Repaired(text) for text in texts]
    return [Repaired(text, tuple(_gone(text, start, end) for start, end in lost(text))) for text in texts]


def _gone(text: str, start: int, end: int) -> Note:
    return Note(STEP, "mojibake.lost@1", text[start:end], text[start:end], start, uncertain=True)
