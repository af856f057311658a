"""Sets of characters to choose from."""

from __future__ import annotations

from cleaners.slips.choices import _MAX_KEPT, Choice, choice_of
from cleaners.slips.language import END, Language
from cleaners.slips.ngrams import MANY, chinese

CHARS = "府腑俯抚里裏裡，。"


def test_forms_of_one_character_stand_together():
    choice = Choice(CHARS)
    assert choice.folded("里") == "里裏裡"
    assert choice.folded("龘") == ""
    assert choice.by_number[chinese().ids["府"]] == "府"
    assert choice.marks == ["，", "。"]


def test_what_was_asked_before_holds_for_an_equal_choice():
    language = Language()
    first = language.likeliest("民政", Choice(CHARS), 4)
    assert language.likeliest("民政", Choice(CHARS), 4) is first
    assert language.likeliest("民政", Choice(CHARS[::-1]), 4) is not first


def test_many_are_weighed_like_few_where_all_stand_among_the_likeliest():
    common = sorted(chinese().ids, key=chinese().ids.__getitem__)[: MANY + 200]
    many, few = Choice(common), Choice(common[:MANY])
    assert len(many.numbers) > MANY >= len(few.numbers)
    language = Language(traditional=False)
    for context in (END, "人民", "的一"):
        assert language.likeliest(context, many, 1) == language.likeliest(context, few, 1)


def test_kept_choices_are_bounded():
    kept = [choice_of(chr(0x4E00 + i) + "的" * (_MAX_KEPT // 4)) for i in range(5)]
    assert choice_of(kept[-1].all) is kept[-1]
    assert choice_of(kept[0].all) is not kept[0]
