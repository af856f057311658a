"""Tags whose first character a slip swallowed."""

from __future__ import annotations

import pytest

from cleaners.slips import repair_markup


@pytest.mark.parametrize(
    ("damaged", "repaired"),
    [
        ("<p>其實很不樂觀?！?/p><p>然後", "<p>其實很不樂觀?！?</p><p>然後"),
        ("<font>他說?！?/font>", "<font>他說?！?</font>"),
        ("他說過?br />然後", "他說過?<br />然後"),
        ('他說過?p class="a b">然後', '他說過?<p class="a b">然後'),
    ],
)
def test_the_bracket_comes_back(damaged, repaired):
    assert repair_markup(damaged) == repaired


@pytest.mark.parametrize(
    "html",
    [
        "<p>真的嗎?</p>",
        '<a href="/search?p=1">搜索</a>',
        "<script>var a = b ?p>0:1</script>",
        "<p>他問/p>是什麼?</p>",
        "<p>什麼?p 值大於 0.05?</p>",
        "<p>輸入?/路徑</p>",
    ],
)
def test_other_markup_stays(html):
    assert repair_markup(html) == html
