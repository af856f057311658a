from __future__ import annotations

import pytest

from cleaners.sieve import apply, holding


@pytest.mark.parametrize("size", [0, 1, 2, 63, 64, 65, 200])
def test_every_text_that_shows_the_sign_is_found_once(size: int) -> None:
    texts = ["x" if i % 7 == 3 or i == size - 1 else "a" for i in range(size)]
    assert list(holding(texts, lambda text: "x" in text)) == [
        i for i, text in enumerate(texts) if text == "x"
    ]


def test_one_look_serves_many_clean_texts() -> None:
    looks: list[str] = []
    assert not list(holding(["a"] * 64, lambda text: looks.append(text)))
    assert len(looks) == 1


def test_texts_without_the_sign_come_back_as_the_same_list() -> None:
    texts = ["a", "b"]
    assert apply(str.upper, texts, lambda text: "x" in text) is texts


def test_only_texts_with_the_sign_are_fixed() -> None:
    texts = ["a", "bx", "c"]
    assert apply(str.upper, texts, lambda text: "x" in text) == ["a", "BX", "c"]
    assert texts == ["a", "bx", "c"]
