"""Punctuation of Chinese text: full width in Chinese context, ASCII inside Latin and numbers.

A mark takes its width from its neighbours, so that 3.5, GPT-4, 9:30 and an English
sentence in a Chinese article stay as they are.
"""

from __future__ import annotations

import re

from cleaners.language import HAN, is_chinese

__all__ = ["HAS_WIDE_LATIN", "fold_width", "widen"]

_WIDE = "，。：；！？、“”‘’（）《》〈〉「」『』【】…—"
_CHINESE = f"[{HAN}{_WIDE}]"
_PROTECTED = r"(?:https?://|www\.|[\w.+-]+@[\w-]+\.)[!-~]+"
_MARK = re.compile(f'(?P<keep>{_PROTECTED})|(?P<mark>[,;:?!]+)|(?P<stop>\\.(?=["”’）)]*$))', re.MULTILINE)
_CANDIDATE = re.compile(
    '[,;:?!()\u2027\u2022\u30fb\uff65｡､「」『』﹁﹂﹃﹄―]|--|。。|\\.\\.\\.|[.…]["”’）)]*$|…', re.MULTILINE
)
_TO_WIDE = str.maketrans(",;:?!", "，；：？！")
_CLOSERS = "\"'”’)）]】》 "
_OPENERS = "\"'“‘(（[【《 "

_PAIR = re.compile(r"\(([^()\n]{0,200})\)")
_SINGLE = re.compile("[()]")
_HAN = re.compile(f"[{HAN}]")
_LETTER = re.compile(f"[^\\W\\d_{HAN}]")
_DOTS = r"(?:…+\.*|\.{3,}|。{2,}|·{3,})"
_ELLIPSIS = re.compile(f"(?<=[{HAN}，、？！”’）》]){_DOTS}|(?<![….。·]){_DOTS}(?=[{HAN}“‘（《])")
_DASH = re.compile(
    f"(?<={_CHINESE}) ?-{{2,}} ?|(?<![-\\w]) ?-{{2,}} ?(?={_CHINESE})|(?<=[{HAN}])―+(?=[{HAN}])"
)
_DOT = re.compile("(?<=[\u3400-\u9fff])[\u2027\u2022\u30fb\uff65](?=[\u3400-\u9fff])")
_CORNERS = str.maketrans("「」『』﹁﹂﹃﹄｡､", "“”‘’“”‘’。、")
_FULL_ALNUM = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a％]")
_FULL_SIGN = re.compile("(?<=[0-9A-Za-z])[＋－．／＝＆＠＃＿＄＊](?=[0-9A-Za-z])|(?<=[0-9A-Za-z])：(?=//)")
_LIGATURE = re.compile("[\ufb00-\ufb06]|：//")
_FOLD = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)}
HAS_WIDE_LATIN = re.compile(f"{_FULL_ALNUM.pattern}|[＋－．／＝＆＠＃＿＄＊\ufb00-\ufb06]|：//")
_LIGATURES = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
}


def fold_width(text: str) -> str:
    """Full-width letters, digits and the signs between them become ASCII; ligatures their letters.

    >>> fold_width("ＧＰＴ－４的准确率为９５．５％")
    'GPT-4的准确率为95.5%'
    """
    if text.isascii():
        return text
    text = _FULL_ALNUM.sub(lambda m: m[0].translate(_FOLD), text)
    text = _FULL_SIGN.sub(lambda m: m[0].translate(_FOLD), text)
    return _LIGATURE.sub(lambda m: _LIGATURES[ord(m[0])], text)


def widen(texts: list[str]) -> list[str]:
    """Chinese texts with Chinese punctuation; texts in other languages as they are.

    >>> widen(["他说:今年(2024年)增长3.5%,很好."])
    ['他说：今年（2024年）增长3.5%，很好。']
    """
    if not _CANDIDATE.search("\n".join(texts)) or not is_chinese(texts):
        return texts
    return [_widen(text) if _CANDIDATE.search(text) and _HAN.search(text) else text for text in texts]


def _widen(text: str) -> str:
    text = text.translate(_CORNERS) if _corners_are_outer(text) else text
    text = _DOT.sub("·", text)
    text = _ELLIPSIS.sub("……", text)
    text = _DASH.sub("——", text)
    if _LETTER.search(text) and len(_HAN.findall(text)) < 2 + len(_LETTER.findall(text)) // 12:
        return text  # a foreign paragraph that names somebody in Chinese
    text = _MARK.sub(_width, text)
    return _brackets(text)


def _corners_are_outer(text: str) -> bool:
    """Taiwan and Hong Kong quote with 「」 outside and 『』 inside; never touch lone ones."""
    return text.count("「") == text.count("」") and text.count("『") == text.count("』")


def _width(match: re.Match[str]) -> str:
    if match["keep"]:
        return match[0]
    text, start, end = match.string, match.start(), match.end()
    left = text[max(0, start - 6) : start].rstrip(_CLOSERS)[-1:]
    right = text[end : end + 6].lstrip(_OPENERS)[:1]
    chinese = bool(left and re.match(_CHINESE, left))
    if match["stop"]:
        return "。" if chinese and left not in _WIDE else "."
    if match["mark"] in (":", ",") and text[start - 1 : start].isdigit() and text[end : end + 1].isdigit():
        return match[0]
    if chinese or (right and re.match(_CHINESE, right)) or _ends_line(text, end):
        return match[0].translate(_TO_WIDE)
    return match[0]


def _ends_line(text: str, end: int) -> bool:
    """Whether a mark closes the paragraph: in a Chinese one it is Chinese, whatever stands before."""
    rest = text[end : end + 6].lstrip(_CLOSERS)
    return not rest or rest[0] == "\n"


def _brackets(text: str) -> str:
    """Brackets are full width around Chinese, or beside it; nested ones from the inside out."""
    if "(" not in text and ")" not in text:
        return text
    while True:
        changed = _PAIR.sub(_pair, text)
        if changed == text:
            break
        text = changed
    text = text.replace("\ue000", "(").replace("\ue001", ")")
    return _SINGLE.sub(_lone, text) if text.count("(") != text.count(")") else text


def _pair(match: re.Match[str]) -> str:
    text = match.string
    left = text[max(0, match.start() - 3) : match.start()].rstrip(" ")[-1:]
    right = text[match.end() : match.end() + 3].lstrip(" ")[:1]
    chinese = _HAN.search(match[1]) or any(c and re.match(_CHINESE, c) for c in (left, right))
    return f"（{match[1]}）" if chinese else f"\ue000{match[1]}\ue001"


def _lone(match: re.Match[str]) -> str:
    text = match.string
    beside = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1]
    chinese = all(c and re.match(_CHINESE, c) for c in beside)
    return {"(": "（", ")": "）"}[match[0]] if chinese else match[0]
