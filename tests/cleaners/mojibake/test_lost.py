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
