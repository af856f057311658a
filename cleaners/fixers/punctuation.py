"""Punctuation of Chinese text: full width in Chinese context, ASCII inside Latin and numbers.

A mark takes its width from its neighbours, so that 3.5, GPT-4, 9:30 and an English
sentence in a Chinese article stay as they are.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Iterable
from functools import partial

from cleaners.fixers.characters import has_odd
from cleaners.language import HAN, is_chinese
from cleaners.sieve import apply

__all__ = ["fold_width", "has_wide_latin", "may_widen", "widen", "widen_text"]

_WIDE = "，。：；！？、“”‘’（）《》〈〉「」『』【】…—"
_CHINESE = f"[{HAN}{_WIDE}]"
_IS_CHINESE = re.compile(_CHINESE)
# Patterns begin with a character or a class of them: the search leaps to these, and looks back from there.
_PROTECTED = re.compile(r"[hw@](?:(?<=h)ttps?://|(?<=w)ww\.|(?<=[A-Za-z0-9._+-]@)[A-Za-z0-9-]{1,63}\.)[!-~]+")
_LATIN_MARK = r"(?<=[A-Za-z0-9].)(?= ?[A-Za-z0-9/#&%$@*+=_~|\\-])"
"""Behind a mark: Latin letters or digits stand at both sides of it, and it stays as it is."""
_STOP = r'(?<=\.)(?:(?<![A-Za-z0-9].)(?=["”’]|[）)]*$)|(?<=[A-Za-z0-9].)(?=["”’）)]*$))'
"""A full stop where a sentence may end: behind Latin and digits only at the end of the paragraph."""
_MARK = re.compile(f"[,;:?!.](?:{_STOP}|(?<!\\.)(?!{_LATIN_MARK})[,;:?!]*)", re.MULTILINE)
_CANDIDATE = re.compile(
    "[,;:?!.()\u2027\u2022\u30fb\uff65｡､「」『』﹁﹂﹃﹄―…](?:"
    f"(?<=[,;:?!])(?!{_LATIN_MARK})"
    f"|{_STOP}"
    "|(?<=…)(?<!……)(?:(?!…)|…[.…])"
    "|(?<=[()\u2027\u2022\u30fb\uff65｡､「」『』﹁﹂﹃﹄―]))",
    re.MULTILINE,
)
_REPEATED = ("。。", "...", "--")
_TO_WIDE = str.maketrans(",;:?!", "，；：？！")
_WIDE_BRACKETS = str.maketrans("()", "（）")
_CLOSERS = "\"'”’)）]】》 "
_OPENERS = "\"'“‘(（[【《 "

_BRACKET = re.compile("[()（）\n]")
_CALLED = re.compile(r"(?<![\w.])(?:[a-z_][\w.]*|[A-Z]\w*[._][\w.]+)\Z", re.ASCII)
_ARGUMENTS = re.compile(
    r"""(?:[A-Za-z0-9]|[\d.]+|[\w.'"=*+/-]+(?:, ?[\w.'"=*+/-]+)+|"[^"\n]*"(?:, ?[\w.'"=*+/-]+)*)?""", re.ASCII
)
_ABBREVIATED = re.compile(
    r"(?:\.[A-Za-z]{1,2}|\b(?:[A-Z]|[Ii]nc|[Ll]td|[Cc]orp|[Cc]o|[Bb]ros|LLC|[JS]r|[DM]r|Mrs|Ms|St|etc|al|vs|[Nn]o|[Vv]ol))\Z"
)
_NAME_REACH = 40  # characters of a function's name
_PAIR_REACH = 200  # characters of a bracket's content, or of a sentence, that are looked at
_SENTENCE = 4  # Han characters that a Chinese sentence has at least
_NEAR = 6  # characters beside a mark that are looked at
_HAN = re.compile(f"[{HAN}]")
_HANS = re.compile(f"[{HAN}]+")
_LETTER = re.compile(f"[^\\W\\d_{HAN}]")
_LATIN = re.compile("[A-Za-z]+")
_DOTS = r"(?:(?<=…)…*\.*|(?<=\.)\.{2,}|(?<=。)。+|(?<=·)·{2,})"
_ELLIPSIS = re.compile(f"[….。·](?:(?<=[{HAN}，、？！”’）》].){_DOTS}|(?<![….。·].){_DOTS}(?=[{HAN}“‘（《]))")
_DASH = re.compile(
    f"(?<={_CHINESE}) ?-{{2,}}+(?![a-z]) ?|(?<![-\\w]) ?-{{2,}} ?(?={_CHINESE})|(?<=[{HAN}])―+(?=[{HAN}])"
)
_DOT = re.compile("[\u2027\u2022\u30fb\uff65](?<=[\u3400-\u9fff].)(?=[\u3400-\u9fff])")
_CORNER = re.compile("[「」『』﹁﹂﹃﹄｡､]")
_CORNERS = str.maketrans("「」『』﹁﹂﹃﹄｡､", "“”‘’“”‘’。、")
_FULL_ALNUM = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a％]")
_FULL_SIGN = re.compile("[＋－．／＝＆＠＃＿＄＊：](?<=[0-9A-Za-z].)(?:(?<!：)(?=[0-9A-Za-z])|(?<=：)(?=//))")
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_FOLD = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)}
# Small marks, and those of vertical lines: the same marks, set otherwise.
_FORMS = dict(
    zip(
        map(ord, "︐︑︒︓︔︕︖︵︶︷︸︹︺︻︼︽︾︿﹀﹐﹑﹔﹕﹖﹗﹙﹚"),
        "，、。：；！？（）｛｝〔〕【】《》〈〉，、；：？！（）",
        strict=True,
    )
)
_FORM = re.compile(f"[{''.join(map(chr, _FORMS))}]")
_WIDE_LATIN = re.compile(f"{_FULL_ALNUM.pattern}|{_FORM.pattern}|[＋－．／＝＆＠＃＿＄＊\ufb00-\ufb06]")
_LIGATURES = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
}


def has_wide_latin(text: str) -> bool:
    """Whether :func:`fold_width` may have work."""
    return "：//" in text or (has_odd(text) and _WIDE_LATIN.search(text) is not None)


def fold_width(text: str) -> str:
    """Full-width letters, digits and the signs between them become ASCII; ligatures their letters.

    Small and vertical forms of marks become the marks.

    >>> fold_width("ＧＰＴ－４的准确率为９５．５％")
    'GPT-4的准确率为95.5%'
    """
    if text.isascii():
        return text
    text = _LIGATURE.sub(lambda m: _LIGATURES[ord(m[0])], text)
    text = _FORM.sub(lambda m: _FORMS[ord(m[0])], text)
    text = _FULL_ALNUM.sub(lambda m: m[0].translate(_FOLD), text)
    return _FULL_SIGN.sub(lambda m: m[0].translate(_FOLD), text)


def widen(texts: list[str]) -> list[str]:
    """Chinese texts with Chinese punctuation; texts in other languages as they are.

    >>> widen(["他说:今年(2024年)增长3.5%,很好."])
    ['他说：今年（2024年）增长3.5%，很好。']
    """
    if not is_chinese(texts):
        return texts
    return apply(widen_text, texts, may_widen)


def may_widen(text: str) -> bool:
    """Whether ``text`` has marks that :func:`widen` may change: not those inside Latin and numbers."""
    return _CANDIDATE.search(text) is not None or any(marks in text for marks in _REPEATED)


def widen_text(text: str) -> str:
    """One text of a Chinese page with Chinese punctuation."""
    han = sum(map(len, _HANS.findall(text)))
    if not han:
        return text
    if _CORNER.search(text) and _corners_are_outer(text):
        text = text.translate(_CORNERS)
    text = _DOT.sub("·", text)
    text = _ELLIPSIS.sub("……", text)
    if "--" in text or "―" in text:
        text = _DASH.sub("——", text)
    if _is_foreign(text, han):
        return text
    text = _MARK.sub(partial(_width, protected=_protected(text)), text)
    return _brackets(text)


def _is_foreign(text: str, han: int) -> bool:
    """Whether a paragraph with ``han`` Han characters is in another language and only names somebody."""
    if han >= 2 + (len(text) - han) // 12:
        return False
    letters = len(_LETTER.findall(text))
    return letters > 0 and han < 2 + letters // 12


def _protected(text: str) -> list[tuple[int, int]]:
    """The places of addresses, whose marks are their own."""
    if "://" not in text and "www." not in text and "@" not in text:
        return []
    return [match.span() for match in _PROTECTED.finditer(text)]


def _corners_are_outer(text: str) -> bool:
    """Taiwan and Hong Kong quote with 「」 outside and 『』 inside; never touch lone ones."""
    return text.count("「") == text.count("」") and text.count("『") == text.count("』")


def _width(match: re.Match[str], protected: list[tuple[int, int]]) -> str:
    text, start, end = match.string, match.start(), match.end()
    place = bisect(protected, (start, end)) - 1
    if place >= 0 and start < protected[place][1]:
        return match[0]
    left = text[max(0, start - _NEAR) : start].rstrip(_CLOSERS)[-1:]
    right = text[end : end + _NEAR].lstrip(_OPENERS)[:1]
    chinese = bool(left and _IS_CHINESE.match(left))
    if match[0] == ".":
        ends = left not in _WIDE if chinese else _ends_line(text, end) and _ends_sentence(text, start)
        return "。" if ends else "."
    if match[0] in (":", ",") and text[start - 1 : start].isdigit() and text[end : end + 1].isdigit():
        return match[0]
    if chinese or (right and _IS_CHINESE.match(right)) or _ends_line(text, end):
        return match[0].translate(_TO_WIDE)
    return match[0]


def _ends_line(text: str, end: int) -> bool:
    """Whether a mark closes the paragraph: in a Chinese one it is Chinese, whatever stands before."""
    rest = text[end : end + _NEAR].lstrip(_CLOSERS)
    return not rest or rest[0] == "\n"


def _ends_sentence(text: str, stop: int) -> bool:
    """Whether a stop behind Latin letters or digits ends a Chinese sentence, and no abbreviation."""
    low = max(0, stop - _PAIR_REACH)
    text = text[max(low, *(text.rfind(mark, low, stop) + 1 for mark in "。！？\n")) : stop]
    han = sum(map(len, _HANS.findall(text)))
    return han >= _SENTENCE and han > 2 * len(_LATIN.findall(text)) and not _ABBREVIATED.search(text)


def _brackets(text: str) -> str:
    """Brackets are full width around Chinese, or beside it: both of a pair, or neither."""
    if "(" not in text and ")" not in text:
        return text
    wide: list[int] = []
    open_at: list[int] = []
    for match in _BRACKET.finditer(text):
        place = match.start()
        if match[0] == "\n":
            open_at.clear()
        elif match[0] in "(（":
            open_at.append(place)
        elif not open_at:
            if _beside(text, place, place, all):
                wide.append(place)
        else:
            start = open_at.pop()
            if _is_call(text, start, place):
                continue
            inside = _HAN.search(text, start + 1, min(place, start + _PAIR_REACH))
            if inside or _beside(text, start, place, any):
                wide += (start, place)
    wide += (place for place in open_at if _beside(text, place, place, all))
    return _with_wide_brackets(text, wide)


def _is_call(text: str, start: int, end: int) -> bool:
    """Whether the brackets are those of code or a formula: ``print(a, b)``, ``main()``, ``f(x)``."""
    if text[start] != "(" or not _CALLED.search(text, max(0, start - _NAME_REACH), start):
        return False
    return end - start <= _PAIR_REACH and _ARGUMENTS.fullmatch(text, start + 1, end) is not None


def _with_wide_brackets(text: str, places: list[int]) -> str:
    out: list[str] = []
    done = 0
    for place in sorted(places):
        out += (text[done:place], text[place].translate(_WIDE_BRACKETS))
        done = place + 1
    return "".join(out) + text[done:]


def _beside(text: str, start: int, end: int, enough: Callable[[Iterable[bool]], bool]) -> bool:
    """Whether Chinese stands beside ``start:end`` (any side, or all); brackets and spaces do not count."""
    left = text[max(0, start - _NEAR) : start].rstrip("()（） ")[-1:]
    right = text[end + 1 : end + 1 + _NEAR].lstrip("()（） ")[:1]
    return enough(bool(side and _IS_CHINESE.match(side)) for side in (left, right))
