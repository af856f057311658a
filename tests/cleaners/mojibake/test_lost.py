"""Text that is gone for good is flagged, not guessed."""

from __future__ import annotations

import pytest

from cleaners.mojibake import lost, mend


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("今天锟斤拷锟斤拷下雨", ((2, 8),)),
        ("今天��下雨�", ((2, 4), (6, 7))),
        ("今天天气很好", ()),
        ("所谓“锟斤拷”是一种乱码", ()),
        ("栈里全是烫烫烫", ()),
    ],
)
def test_places_that_are_lost(text: str, places: tuple[tuple[int, int], ...]) -> None:
    assert lost(text) == places
    assert mend(text).text == text


def test_a_character_lost_whole_is_weighed_with_what_follows_it() -> None:
    seen = ["如果价格继续上涨，", "通家庭的生活成本将会明显增加。"]
    damaged = "�".join(part.encode("gbk").decode("big5hkscs") for part in seen)
    assert mend(damaged).text == "如果价格继续上涨，普通家庭的生活成本将会明显增加。"


@pytest.mark.parametrize(
    ("text", "codec", "errors", "uncertain"),
    [
        ("支持中小企业进行技术改造。", "big5", "strict", True),  # a narrow table may have dropped anything
        ("那條小河從村子中間流過。", "gb18030", "strict", False),
        ("春天到了，花都开了。", "cp949", "strict", False),
    ],
)
def test_what_may_lack_characters_is_uncertain(text: str, codec: str, errors: str, uncertain: bool) -> None:
    right = "big5" if codec == "gb18030" else "gbk"
    result = mend(text.encode(right).decode(codec, errors))
    assert result.text == text
    assert [note.uncertain for note in result.notes] == [uncertain]


@pytest.mark.parametrize(
    "text", ["今年上半年，公司实现营业收入三十二亿元。", "这座老桥修了三年，终于在国庆节前通车了。"]
)
def test_where_a_third_of_the_bytes_is_gone_no_text_is_invented(text: str) -> None:
    seen = "".join(c for c in text.encode().decode("latin-1") if not "\x80" <= c < "\xa0")
    assert mend(seen).text == seen
