"""Names of people and of outlets, cleaned of what stands around them."""

from __future__ import annotations

import re

__all__ = ["people", "plausible_name", "plausible_source", "source"]

HAN = re.compile(r"[\u3400-\u9fff]")
# What divides names in a list; a space divides only Chinese names
SENTENCE = re.compile(r"[。！]|[?？](?=.)|://")
WRAPPED = re.compile(r"^[(（][^()（）]*[)）]$")
LIST = re.compile(r"[、,，;；|丨&\n\t]+|\s+(?:and|und|et|y|e|och|og|en)\s+|\s{2,}|\u3000+")
HAN_SPACE = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
SPREAD = re.compile(r"(?<![\u3400-\u9fff])([\u3400-\u9fff])\s+([\u3400-\u9fff])(?![\u3400-\u9fff])")
"""A name of two characters, set apart to be as long as the others."""
CODED = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[A-Za-z]{0,4}\d)")
# How papers in Taiwan sign: outlet / reporter with name / place and kind of report
DATELINE = re.compile(
    r"(?:記者|记者)\s*[:：]?\s*(?P<names>[\u3400-\u9fff]{2,4}(?:[、,，]\s*[\u3400-\u9fff]{2,4}){0,4})\s*[/／]"
    r"\s*[\u3400-\u9fff]{2,8}(?:報導|报导|报道|電|电|連線|连线)"
)
ROLE = re.compile(
    r"^(?:[\u3400-\u9fff]{0,6}(?:见习|实习|特约|首席|全媒体)?(?:记者|通讯员)|本报|本网|本刊|特约|见习|实习|首席|高级|资深|新华社|记者|通讯员"
    r"|特约通讯员|评论员|作者|撰文|编辑|责任编辑|责编|主编|校对"
    r"|文|图|by|von|autor(?:in)?|autoren|auteurs?|autore|redaktion|par|por|di|da|text|foto|photo|from"
    r"|written by|reported by|story by|words by|author|authors)"
    r"(?:\s*[:：/|丨]\s*|\s+|(?=[\u3400-\u9fff]{2,4}$))",
    re.IGNORECASE,
)
TAIL = re.compile(
    r"(?:\s*(?:[（(【\[].{0,30}?[)）】\]]|编译|整理|报道|采写|摄影报道|摄|文|\d{4}[-/.年].*|\s\d{1,2}[./]\d{1,2}[./]\d{4}.*|返回.{0,12}|,?查看更多|[?？。.:：]))+$"
)
ROLE_ALONE = re.compile(
    r"^.{0,10}(?:记者|通讯员|编辑|作者|评论员|撰文|整合|整理|关注|发布于|原创)$|^(?:文|图|综合|相关文章|微信|微博)$"
)
CODE = re.compile(r"^[A-Za-z]{0,4}\d+[A-Za-z\d]*$")
JUNK = re.compile(
    r"https?:|www\.|@|[。！？!?“”\"<>{}=]|\d{5,}|^(?:admin|administrator|root|null|none|undefined|unknown|匿名|佚名|网络|未知|不详)$",
    re.IGNORECASE,
)
TOOLS = re.compile(
    r"(?<=\S)\s*[【\[(（](?:[大中小](?=[\s】\])）])|字号|字體|字体|打印|列印|收藏|关闭|關閉|纠错|评论|分享).*$"
)
"""What a page offers behind its byline: sizes of type, a print view."""
MAX_PEOPLE = 16


def plausible_name(name: str) -> bool:
    """Could this be a person or a by-lined team?"""
    if not name or JUNK.search(name):
        return False
    han = len(HAN.findall(name))
    if han:
        return han <= 12 and 1 < len(name) <= 20
    return 2 <= len(name) <= 60 and len(name.split()) <= 7 and any(c.isalpha() for c in name)


def people(value: str, chinese: bool = True) -> tuple[str, ...]:
    """The names in a list such as ``孙宇、余乐乐`` or ``Jane Doe and John Roe``, in order.

    A space or a slash divides names only where ``chinese`` is set.
    """
    value = TOOLS.sub("", value.strip())
    if reporters := DATELINE.search(value):
        value = reporters["names"]
    if SENTENCE.search(value):
        return ()
    if WRAPPED.match(value):
        value = value[1:-1]
    value = value.strip("[]【】")
    if chinese:
        value = CODED.sub("、", HAN_SPACE.sub("、", SPREAD.sub(r"\1\2", value))).replace("/", "、")
    result: list[str] = []
    for part in LIST.split(value):
        name = part.strip(" \t·:：-—_|*•")
        for _ in range(3):
            name = ROLE.sub("", name).strip(" \t:：")
        name = TAIL.sub("", name).strip(" \t·:：-—_,，\u200b\ufeff")
        if name and plausible_name(name) and name not in result and not ROLE_ALONE.search(name):
            result.append(name)
    if any(HAN.search(name) for name in result):  # an editor's number stands behind the name
        result = [name for name in result if not CODE.match(name)]
    return tuple(result[:MAX_PEOPLE])


SOURCE_CUT = re.compile(
    r"\s{2,}|\u3000+|[|丨,，;；](?!\s?等)|\s(?=[\u3400-\u9fff\d\[(（<《])|(?<=[\u3400-\u9fff])\s+"
    r"|(?=\d{4}[-年/])|(?=(?:作者|编辑|责任编辑|责编)[:：])|[（(【\[](?!.{1,12}[)）】\]])"
)
SOURCE_JUNK = re.compile(
    r"^(?:网络|互联网|综合|未知|不详|本站|原创|转载|null|none|无|来源|网络整理|网络综合|相关文章|微信|微博)$"
)


def plausible_source(name: str) -> bool:
    """Could this be the name of an outlet?"""
    return bool(name) and len(name) <= 40 and not re.search(r"[。！？!?<>{}=]|https?:", name)


def source(value: str) -> str | None:
    """The outlet in ``value``: what stands before the next divider."""
    value = value.strip(" \t:：|丨-—·\u200b\ufeff")
    name = SOURCE_CUT.split(value, maxsplit=1)[0].strip(" \t:：|丨-—·>》<《\"“”'")
    return name if plausible_source(name) else None
