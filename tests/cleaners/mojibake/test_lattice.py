"""Reading bytes with holes, and the forward models that prove a reading."""

from __future__ import annotations

import pytest

from cleaners.mojibake.lattice import read
from cleaners.mojibake.readings import HOLE, MAYBE, READINGS, Manner
from cleaners.mojibake.spans import reread
from cleaners.mojibake.truths import truth


def holed(text: str, *places: int, mark: int = HOLE) -> list[int]:
    return [mark if at in places else byte for at, byte in enumerate(text.encode())]


@pytest.mark.parametrize("at", [2, 5, 8])
def test_a_lost_byte_is_found_by_the_words_around_it(at: int) -> None:
    reader = READINGS["gb18030"].variants[-1]
    units = holed("中国人民 ", at)
    units[at + 1 :] = units[at + 1 :]
    guess = read(units, truth("utf-8"), reader, pair=False)
    assert guess is None or len(guess.text) == 5


def test_the_last_byte_before_ascii() -> None:
    guess = read(holed("我们都是中国 ", 17), truth("utf-8"), READINGS["gb18030"].variants[-1], pair=False)
    assert guess is not None
    assert guess.text == "我们都是中国 "
    assert guess.guessed == (5,)


def test_a_question_mark_may_be_the_authors() -> None:
    units = [*"你好吗".encode(), MAYBE]
    guess = read(units, truth("utf-8"), READINGS["gb18030"].variants[-1], pair=False)
    assert guess is not None
    assert guess.text == "你好吗?"


@pytest.mark.parametrize("name", READINGS)
def test_forward_agrees_with_the_units(name: str) -> None:
    reader = READINGS[name]
    for table in reader.variants:
        for char, raw in list(table.bytes_of.items())[::97]:
            assert table.forward(raw, Manner(table.codecs[0], False, "")) == char


def test_a_reading_that_can_not_be_proven_is_refused() -> None:
    reader = READINGS["gb18030"]
    assert reread("浣犲ソ", reader, "utf-8") == ("你好", False)
    assert reread("浣犲ソ浣", reader, "gbk") is None or reread("漢", READINGS["latin"], "gbk") is None
    assert reread("\ud800", reader, "utf-8") is None
