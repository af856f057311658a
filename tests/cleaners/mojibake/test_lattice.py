"""Reading bytes with holes, and the forward models that prove a reading."""

from __future__ import annotations

import pytest

from cleaners.mojibake.lattice import read
from cleaners.mojibake.readings import READINGS, Manner
from cleaners.mojibake.spans import reread
from cleaners.mojibake.tongue import Tongues
from cleaners.mojibake.truths import Wrong, truth

TONGUES = Tongues()


def readings(seen: str, *, whole: bool = True, pair: bool = False) -> list[list[str]]:
    """The texts of the damaged parts of GBK read as plain Big5, by likelihood."""
    wrong = Wrong(truth("gbk"), READINGS["big5"].variants[-1], pair)
    found = read(seen, wrong, TONGUES.simplified, whole=whole)
    return [[part.text for part in guess.parts] for guess in found]


@pytest.mark.parametrize("text", ["全球的人都在等消息。", "我们去年才搬来这里。", "请把门窗关好，明天再去。"])
def test_a_lost_byte_is_found_by_the_words_around_it(text: str) -> None:
    seen = text.encode("gbk").decode("big5", "replace")
    assert "\ufffd" in seen
    assert readings(seen)[0] == [text]


def test_the_damaged_part_of_a_line_is_found() -> None:
    seen = "全球的人都在等消息。".encode("gbk").decode("big5", "replace")
    assert readings(f"这是好的文字，{seen}", whole=False)[0] == ["全球的人都在等消息。"]


def test_a_question_mark_may_be_the_authors() -> None:
    assert readings("你好吗?".encode("gbk").decode("big5hkscs"))[0] == ["你好吗?"]


def test_what_the_reader_never_writes_has_no_reading() -> None:
    assert readings("这") == []


def test_a_character_that_stands_twice_in_a_table_is_read_both_ways() -> None:
    table = READINGS["shift_jis"].variants[0]
    assert (table.bytes_of["愰"], table.bytes_of.others["愰"]) == (b"\xed\xa9", b"\xfa\xc5")
    wrong = Wrong(truth("gbk"), table)
    for raw in ("一批批人".encode("gbk"), b"\xed\xa9"):
        found = read(raw.decode("cp932", "replace"), wrong, TONGUES.simplified)
        assert raw.decode("gbk") in ["".join(part.text for part in guess.parts) for guess in found]


@pytest.mark.parametrize("name", READINGS)
def test_forward_agrees_with_the_units(name: str) -> None:
    reader = READINGS[name]
    for table in reader.variants:
        for char, raw in list(table.bytes_of.items())[::97]:
            assert table.forward(raw, Manner(table.codecs[0], False, "")) == char


def test_a_reading_that_can_not_be_proven_is_refused() -> None:
    reader = READINGS["gb18030"]
    assert reread("浣犲ソ", reader, "utf-8", TONGUES) == ("你好", False)
    assert reread("漢", READINGS["latin"], "gbk", TONGUES) is None
    assert reread("\ud800", reader, "utf-8", TONGUES) is None
