"""What was guessed is weighed again: by words, by forms of the script, with the whole line known."""

from __future__ import annotations

import pytest

from cleaners import repair
from cleaners.mojibake import tongue
from cleaners.mojibake.chains import Part
from cleaners.mojibake.forms import FOREIGN, form_costs
from cleaners.mojibake.readings import READINGS
from cleaners.mojibake.rescoring import rescored
from cleaners.mojibake.tables import Bytes, table
from cleaners.mojibake.tongue import Tongues
from cleaners.mojibake.words import NONE, key_of, words

TRUE = "据介绍，全国六十岁以上的老人已经超过两亿八千万，却没有人知道。"
SEEN = TRUE.encode("gbk").decode("big5", "replace")


def part(text: str, at: int, choices: str) -> Part:
    return Part(0, len(text), text, (at,), (choices,))


@pytest.mark.parametrize(
    ("text", "at", "choices", "right"),
    [
        ("我们从今年开始人税收为例来说明", 7, "人以大中", "以"),
        ("银行昨天宣布降低贷宽利率", 9, "宽款", "款"),
        ("公司去年的营业收入增长，净利润闰下降了", 15, "闰却", "却"),
        ("今天的气温只有3克", 8, "克℃入", "℃"),
    ],
)
def test_words_decide(text: str, at: int, choices: str, right: str) -> None:
    assert rescored(part(text, at, choices), Tongues().simplified).text == text[:at] + right + text[at + 1 :]


def test_what_had_no_choice_stays() -> None:
    only = part("开始人税收", 2, "人")
    assert rescored(only, Tongues().simplified) is only


def test_a_form_that_the_script_does_not_write_costs() -> None:
    assert form_costs(traditional=False)["蹟"] == FOREIGN
    assert "以" not in form_costs(traditional=False)
    rare, usual = (form_costs(traditional=True).get(char, 0) for char in "后後")
    assert rare > usual + 10


def test_pairs_of_words_are_known() -> None:
    model = words()
    number, longer = model.find(key_of("银行"), 2)
    assert number >= 0
    assert longer
    assert model.find(key_of("行银"), 2)[0] == NONE
    loan, drink = (model.find(key_of(word), 2)[0] for word in ("贷款", "喝酒"))
    assert model.cost(number, loan) < model.cost(number, drink)
    assert model.cost(NONE, NONE) > model.cost(NONE, number)


def test_a_line_with_lost_bytes_is_read_by_words() -> None:
    assert "\ufffd" in SEEN
    mended = repair(SEEN)
    assert mended.text == TRUE
    assert any(note.uncertain for note in mended.notes)


@pytest.mark.parametrize("codec", ["gbk", "big5hkscs", "cp932", "cp949"])
def test_flat_tables_go_both_ways(codec: str) -> None:
    back = Bytes([table(codec)])
    assert len(list(back)) == len(back) > 3000
    for char in list(back)[::50]:
        assert back[char].decode(codec) == char == table(codec).get(back[char])
    assert "\ud800" not in back
    assert READINGS["big5"].bytes_of.get("\ud800") == b""


def test_what_a_page_has_read_again_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tongue, "MOST", 10)
    assert repair(SEEN).text.count("\ufffd") == SEEN.count("\ufffd")
