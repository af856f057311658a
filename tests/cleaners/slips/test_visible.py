"""Strays that can be seen: a comma, or two random characters, before the marks of a noisy page."""

from __future__ import annotations

import random

import pytest
from opencc import OpenCC

from cleaners.slips.visible import hide_strays
from tests.cleaners.slips.damaging import damaged_page, prose, repaired

KINDS = {
    "comma": b",",
    "digits": b"0123456789",
    "letters": b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "both": b"abcdefghijkl0123456789ABCDEF",
}


@pytest.fixture(scope="module")
def traditional() -> list[str]:
    return [OpenCC("s2tw").convert(line) for line in prose()]


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_with_visible_strays_comes_out_right(kind: str, traditional: list[str]) -> None:
    rng, signs = random.Random(6), KINDS[kind]
    page = damaged_page(traditional, rng, 0.66, lambda: bytes(rng.sample(signs, min(2, len(signs)))))
    pairs = list(zip(page.clean, repaired(page.shown), strict=True))
    assert sum(clean == fixed for clean, fixed in pairs) >= 0.9 * len(pairs)
    assert sum(sign in fixed for _, fixed in pairs for sign in (",，", ",。", ",、")) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_what_hides_the_strays_leaves_no_sign_of_them(kind: str) -> None:
    sign = {"comma": ",", "digits": "41", "letters": "kQ", "both": "e7"}[kind]
    others = {
        "comma": ",,,",
        "digits": ("86", "03", "57"),
        "letters": ("zb", "Am", "pf"),
        "both": ("x1", "c4", "D0"),
    }
    texts = [f"他說{sign}，好{others[kind][0]}。", f"不{others[kind][1]}，我不信{others[kind][2]}。"]
    assert hide_strays(texts) == ["他說，好。", "不，我不信。"]


@pytest.mark.parametrize(
    "texts",
    [
        ["他說，好。", "不，我不信。"],
        ["用AI，好。", "用AI，我信。用AI！用AI；"],  # the same two each time are a word
        ["甲AB，乙。丙，丁。戊，己。庚，辛。", "壬CD，癸，子EF。丑，寅GH。"],  # before few of the marks
        ["他說,，好。不，我不信。"],  # once
        ["GPT，好。CPU，不。GPU；我信。RAM！"],
        ["一，二A；"],
        [""],
    ],
)
def test_what_is_no_stray_stays(texts: list[str]) -> None:
    assert hide_strays(texts) == texts
