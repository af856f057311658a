"""Pages that were simplified after they were damaged."""

from __future__ import annotations

import pytest
from opencc import OpenCC

from cleaners.slips import repair_page
from cleaners.slips.characters import simplify_table
from cleaners.slips.converted import simplified_again, traditional_table
from cleaners.slips.forward import damage
from tests.cleaners.slips.damaging import prose, repaired
from tests.cleaners.slips.test_page import EVIDENCE, KEYS


def simplified(text):
    return text.translate(simplify_table())


@pytest.mark.parametrize(
    "clean",
    [
        "大家都說，因為行業不景氣，他才離開公司。",
        "員工們因為工作太累覺得看不到希望。",
    ],
)
def test_a_slip_is_undone_and_called_uncertain(clean):
    page = [simplified(damage(line, KEYS)) for line in [*EVIDENCE, *EVIDENCE, clean]]
    lines = repair_page(page)
    assert lines[-1].text == simplified(clean)
    assert lines[-1].uncertain
    assert [line.text for line in lines[:2]] == [simplified(line) for line in EVIDENCE]


def test_a_slip_stays_where_the_conversion_hid_its_bytes():
    lines = [*EVIDENCE, *EVIDENCE, "這座城市變為人們心中的樣子。"]
    page = [simplified(damage(line, KEYS)) for line in lines]
    assert repaired(page)[-1] == page[-1]


@pytest.mark.parametrize(
    "line",
    [
        "你知道“重(chóng)庆”怎么念吗?(不是zhòng)",
        "这是乾隆年间的事，他问?谁也不知道。",
        "拼音?yàn)后面的括号是打错的。",
    ],
)
def test_other_lines_stay(line):
    page = [*prose()[:8], line]
    assert repaired(page) == page


def test_every_converted_character_comes_back():
    for simple, traditional in traditional_table().items():
        assert traditional.translate(simplify_table()) == chr(simple)


def test_only_what_was_changed_is_converted():
    assert simplified_again("乾隆甲丙乾", "乾隆甲丙乾", "乾隆甲發丙乾") == "乾隆甲发丙乾"


def test_clean_pages_of_both_scripts_stay():
    lines = prose()[:10]
    traditional = [OpenCC("s2tw").convert(line) for line in lines]
    assert repaired(lines) == lines
    assert repaired(traditional) == traditional
