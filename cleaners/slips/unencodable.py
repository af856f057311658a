"""Characters that GBK lacks, which the sites turned into question marks.

Only used on pages that carry the noise. A middle dot between the parts of a foreign name is
put back; an invisible character at the begin of a line or at the end of a byline is dropped.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files

from cleaners.slips.characters import simplify_table

_BETWEEN = re.compile(r"(?<=[\u3400-\u9fff])\?(?=[\u3400-\u9fff])")
_LEADING = re.compile(r"^(\s*)\?+(?=\s*[\u3400-\u9fff“《])")
_BYLINE = re.compile(r"^[^?？。，,]{2,30}\?\s*$")
_ROLE = re.compile(r"[丨|｜:：/]|作者|編輯|编辑|記者|记者|出品|撰文")
_ASKS = re.compile(r"[吗嗎呢么麼什谁誰哪何怎否几幾多少嘛吧]")
_AROUND = 8
_PART = 2


@cache
def _transcribing() -> frozenset[str]:
    text = files("cleaners").joinpath("data", "transcription.toml").read_text("utf-8")
    return frozenset(tomllib.loads(text)["characters"])


def _run(chars: str) -> int:
    known = _transcribing()
    length = 0
    for char in chars.translate(simplify_table()):
        if char not in known:
            break
        length += 1
    return length


def restore_unencodable(text: str) -> str:
    """Return ``text`` with those question marks undone that stand for a lost character."""
    if "?" not in text:
        return text
    text = _LEADING.sub(r"\1", text)
    if _BYLINE.match(text) and _ROLE.search(text) and not _ASKS.search(text):
        text = text.rstrip()[:-1]

    def dot(match: re.Match[str]) -> str:
        before = text[max(0, match.start() - _AROUND) : match.start()][::-1]
        after = text[match.end() : match.end() + _AROUND]
        return "·" if _run(before) >= _PART and _run(after) >= _PART else "?"

    return _BETWEEN.sub(dot, text)
