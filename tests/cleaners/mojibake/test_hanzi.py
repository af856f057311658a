"""The character model tells Chinese from what only looks like it."""

from __future__ import annotations

import pytest

from cleaners.mojibake.hanzi import FLOOR, hanzi
from cleaners.mojibake.plausible import fluent, mean, ordinary


@pytest.mark.parametrize(
    ("likely", "unlikely"),
    [("中国人民", "中固人民"), ("经济发展", "经挤发展"), ("經濟發展", "經擠發展"), ("你好", "浣犲")],
)
def test_words_beat_accidents(likely: str, unlikely: str) -> None:
    assert hanzi().score(likely) > hanzi().score(unlikely) + 2


def test_both_scripts_share_the_pairs() -> None:
    model = hanzi()
    assert model.step("發", "展") > model.step("發", "拓") + 2
    assert abs(model.step("发", "展") - model.step("發", "展")) < 1


@pytest.mark.parametrize("char", ["\ue000", "\x85", "\ud800", "𠀀"])
def test_what_text_never_has_is_at_the_floor(char: str) -> None:
    assert hanzi().step("", char) == FLOOR


def test_other_scripts_are_plausible_as_they_are() -> None:
    assert mean("今日は良い天気ですね") > -8.5
    assert mean("오늘은 날씨가 좋습니다") > -8.5
    assert fluent("오늘은 날씨가 좋습니다") < -12
    assert ordinary("今日は良い天気ですね") == 1.0
    assert ordinary("\ue000\ue001") == 0.0
