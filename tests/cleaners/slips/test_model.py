"""The door to the language model for other repairs."""

from __future__ import annotations

import pytest

from cleaners.slips.model import END, CharModel, Choice


@pytest.fixture(scope="module")
def model():
    return CharModel()


def test_the_word_that_fits_scores_best(model):
    assert model.score("人民政", "府") > -1
    assert model.score("人民政", "府") > model.score("人民政", "腑") + 5


def test_any_script_is_understood(model):
    assert CharModel(traditional=True).score("經濟發", "展") == model.score("经济发", "展")
    assert CharModel(traditional=True).score("發", "電") > model.score("发", "電")


def test_only_the_last_three_characters_count(model):
    assert model.score("他们说经济发", "展") == model.score("经济发", "展")


def test_a_total_is_the_sum_of_its_scores(model):
    steps = [(END, "发"), (END + "发", "展"), (END + "发展", "，")]
    assert model.total("发展，") == pytest.approx(sum(model.score(*step) for step in steps))
    assert model.total("展", before="发") == model.score("发", "展")


def test_the_best_of_a_choice(model):
    found = model.best("人民政", Choice("府腑俯抚，"), keep=2)
    assert found[0] == (model.score("人民政", "府"), "府")
    assert len(found) == 2


@pytest.mark.parametrize("char", ["龘", "\ud800", "\ue000", "😀", "𠀀", "\x00", "a", "é"])
def test_any_character_has_a_score(model, char):
    assert -40 < model.score("", char) < 0
    assert -40 < model.score(char * 3, "的") < 0


def test_the_clean_text_of_the_page_counts(model):
    page = CharModel(["梁素云馆长说，素云很好。素云来了。"])
    assert page.score("梁素", "云") > model.score("梁素", "云")
