"""Lines that name the makers of an article, taken apart: labels and what they label.

Chinese pages write such lines in many orders, one fact a line or all in one
("source: ..., author: ..., original title: ..."). Matching is done on folded text
(simplified, half width, lower case) whose offsets are those of the text itself.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

__all__ = ["Part", "Parts", "parse"]

DATA: dict[str, Any] = tomllib.loads((files("cleaners") / "data" / "byline_labels.toml").read_text("utf-8"))
FIELDS: dict[str, str] = {}
for _field, _labels in DATA["strong"].items():
    for _label in _labels:
        FIELDS.setdefault(_label, _field)
WEAK = frozenset(DATA["weak"]["labels"])
SHORT: dict[str, str] = {
    "文": "author",
    "撰": "author",
    "编": "editor",
    "校": "proofreader",
    "图": "image_credit",
    "摄": "image_credit",
}
MAX_LINE = 600


def _spaced(label: str) -> str:
    """Two-character labels are set apart to match the longer ones: 作  者."""
    if len(label) == 2 and not label.isascii():
        return rf"{label[0]}\s{{0,4}}{label[1]}"
    return re.escape(label)


_LONG = "|".join(_spaced(label) for label in sorted(FIELDS, key=len, reverse=True))
_MARK = r"\s{0,2}[:|丨∣│]\s*|\s{0,2}/\s*"
# A label starts the line or follows a divider; with a colon it may also stand glued to what is before it.
_START = r"(?:^|(?<=[\s,;|丨/·()\[\]【】〔〕『』、。:>?!\-—_]))"
LABEL = re.compile(
    rf"{_START}(?P<long>{_LONG})(?:{_MARK})"
    rf"|(?<=[^\s\w])?(?P<glued>责任编辑|责编|编辑|作者|来源|稿源|发布时间|发布日期|浏览次数|点击数|字号)\s?:\s*"
    rf"|{_START}(?P<short>[文图撰编校摄])\s?[/|丨∣│:]\s*"
    rf"|{_START}(?P<bare>文/图|图/文|文、图|图文|本报记者|本网记者|特约记者|特约评论员|见习记者|通讯员|发布于|发表于|更新于|来源于|转载自|转自)\s+(?=\S)"
    rf"|(?:^|(?<=[(\[【]))(?:本文)?(?P<tight>综合整理自|综合自|整理自|编译自|摘编自|转载自|摘自|选自|信息来源于|原题为(?=《)|原标题为(?=《))(?=[^\s:,])"
)
MARK = re.compile(r"[:|丨∣│/]")
UNMARKED = re.compile("文、图|图文|记者|评论员|通讯员|[布表新源]于|[载转合理译编摘选]自|原题为|原标题为")
"""What the labels without a mark behind them have; quick to look for."""
DIVIDERS = " \t,;|丨·、/()（）[]【】〔〕『』<>《》-—_。.\u200b\ufeff?"


@dataclass(frozen=True, slots=True)
class Part:
    """One labelled fact; ``start`` is where the label starts, ``value`` is as written."""

    field: str
    label: str
    value: str
    start: int
    weak: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """All labelled facts of a line and what stands before the first of them."""

    head: str
    parts: tuple[Part, ...]


def _field_of(match: re.Match[str]) -> tuple[str, str]:
    short = match["short"]
    if short:
        return short, SHORT[short]
    if match["tight"]:
        return match["tight"], "original_title" if match["tight"].startswith("原") else "source"
    label = match["long"] or match["glued"] or match["bare"]
    if not label.isascii():
        label = re.sub(r"\s+", "", label)
    return label, FIELDS.get(label, "author" if "记者" in label or "评论员" in label else "other")


def parse(text: str, folded: str) -> Parts:
    """Cut a line at its labels. ``folded`` is the matching form of ``text``, same offsets."""
    if len(text) > MAX_LINE or not (MARK.search(folded) or UNMARKED.search(folded)):
        return Parts(text, ())
    return _parse(text, folded)


@lru_cache(maxsize=128)  # the steps of one page ask about the same lines
def _parse(text: str, folded: str) -> Parts:
    found = list(LABEL.finditer(folded))
    if not found:
        return Parts(text, ())
    parts = []
    for match, following in zip(found, [*found[1:], None], strict=True):
        end = following.start() if following else len(text)
        label, field = _field_of(match)
        value = text[match.end() : end].strip().strip(DIVIDERS if field != "original_title" else " ,，;；")
        parts.append(Part(field, label, value, match.start(), label in WEAK))
    return Parts(text[: found[0].start()].strip(" \t\u3000\xa0,，;；|·([（【▲●-•*"), tuple(parts))
