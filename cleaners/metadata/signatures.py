"""Reporters named inside the article's own text: datelines, and signatures behind the last line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from cleaners.metadata import names
from cleaners.model import Line

__all__ = ["is_person", "outlet_like", "sign"]

OPENING = 3
CLOSING = 3
_NAME = r"[\u4e00-\u9fff·]{2,4}"
_LIST = rf"{_NAME}(?:\s?[、,&]\s?{_NAME}|\s{{1,3}}{_NAME}){{0,7}}"
_ROLE = r"(?:[\u4e00-\u9fff·]{0,10}?(?:特约|见习|实习|首席|全媒体|职工|高级)?(?:记者|通讯员))"
DATELINE = re.compile(
    rf"[(\[【]\s*{_ROLE}\s*[:/]?\s*(?P<a>{_LIST}(?:\s*{_ROLE}\s*{_LIST}){{0,3}})\s*[)\]】]"
    rf"|{_ROLE}\s?(?P<b>{_NAME}(?:[、\s]{_NAME}){{0,4}}?)\s?(?:\d{{1,2}}月\d{{1,2}}日)?(?:电|讯|报道)[:\s]"
)
REPORTER = re.compile("记者|通讯员")
"""What every dateline has; quick to look for."""
BRACKETS = tuple(")]】）")
"""What every signature behind a text ends with."""
CLOSE = re.compile(
    rf"(?:[(\[【]\s*(?:文/图|图/文|文、图|文图|文|作者|撰文|采写|编译|{_ROLE})\s*[:/|丨]?\s*(?P<a>{_LIST}(?:\s*{_ROLE}\s*{_LIST}){{0,2}})\s*(?:文|报道|撰稿|整理)?\s*[)\]】]"
    rf"|[(（]\s*(?P<b>{_LIST})\s*[)）])\s*$"
)
WHOLE = re.compile(
    rf"^[(\[【]?\s*(?:《[^》]{{1,16}}》|[\u4e00-\u9fff·]{{2,14}}?)?\s*(?:特约|见习|实习|首席|全媒体)?(?:记者|通讯员|作者|撰稿人|评论员|特派员)\s*[:/|丨]?\s*(?P<a>{_LIST}(?:\s*{_ROLE}\s*{_LIST}){{0,2}})\s*[)\]】]?$"
)
OUTLET = re.compile(
    r"(?:网|报|社|台|新闻|客户端|杂志|周刊|期刊|公众号|微信号|头条号|号|频道|在线|发布|财经|资讯|视频|传媒|编辑部|中心|研究院|集团|公司|委员会|政府|大学|学院|学会|协会|法院|检察院|公安|局|部|厅|支部|科技|记者站|综合|整合|媒体|\.com|\.cn|com|news)$"
)
INNER_ROLE = re.compile(rf"\s*{_ROLE}\s*[:/]?\s*")


@cache
def _surnames() -> tuple[frozenset[str], frozenset[str]]:
    data = tomllib.loads((files("cleaners") / "data" / "surnames.toml").read_text("utf-8"))
    return frozenset(data["single"]), frozenset(data["double"])


def is_person(name: str) -> bool:
    """Does a Chinese name (simplified script) start with a family name and end soon after?"""
    single, double = _surnames()
    return (len(name) in (2, 3) and name[0] in single) or (len(name) in (3, 4) and name[:2] in double)


def outlet_like(name: str) -> bool:
    """Does a name end as those of papers, sites and offices do?"""
    return bool(OUTLET.search(name.strip().lower()))


def _people(text: str, folded: str, match: re.Match[str], group: str, strict: bool) -> tuple[str, ...]:
    start, end = match.span(group)
    value = INNER_ROLE.sub("、", folded[start:end])
    # names as written: the folded form has the same offsets unless a role was cut out
    written = text[start:end] if value == folded[start:end] else value
    found = names.people(written)
    plain = names.people(value)
    if strict and not all(is_person(n) for n in plain):
        return ()
    return tuple(w for w, n in zip(found, plain, strict=False) if not outlet_like(n))


def sign(lines: Sequence[Line]) -> tuple[str, ...]:
    """Reporters named by the first lines' dateline or behind the last lines, in page order."""
    result: dict[str, None] = {}
    for line in lines[:OPENING]:
        match = WHOLE.search(line.folded) if len(line.text) <= 60 else None
        if match:
            result.update(dict.fromkeys(_people(line.text, line.folded, match, "a", False)))
            continue
        opening = line.folded[:120]
        match = DATELINE.search(opening) if REPORTER.search(opening) else None
        if match:
            group = "a" if match["a"] else "b"
            result.update(dict.fromkeys(_people(line.text, line.folded, match, group, group == "b")))
    for place, line in enumerate(lines[-CLOSING:], len(lines) - min(CLOSING, len(lines))):
        match = WHOLE.search(line.folded.strip()) if len(line.text) <= 60 else None
        if match and line.text == line.text.strip():
            result.update(dict.fromkeys(_people(line.text, line.folded, match, "a", False)))
            continue
        match = CLOSE.search(line.folded) if line.folded.rstrip().endswith(BRACKETS) else None
        if match and (match["a"] or place == len(lines) - 1):
            group = "a" if match["a"] else "b"
            result.update(dict.fromkeys(_people(line.text, line.folded, match, group, group == "b")))
    return tuple(result)
