"""Taiwan wording that a converter gave mainland texts, and genuine Taiwan texts."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import Any

import pytest

from cleaners import repair
from cleaners.fixers import wording
from cleaners.fixers.wording import may_be_converted, restore_wording
from tests.cases import load

CASES = load("wording")


@pytest.mark.parametrize("case", CASES)
def test_wording(case: dict[str, Any]) -> None:
    assert repair(case["text"]).text == case.get("repaired", case["text"])


@pytest.mark.parametrize("case", CASES)
def test_what_is_restored_stays(case: dict[str, Any]) -> None:
    repaired = case.get("repaired", case["text"])
    assert repair(repaired).text == repaired


def test_the_evidence_may_stand_in_another_line() -> None:
    line = "他們開發了軟體，資料存在伺服器上。"
    others = ["發改委釋出通知，支援力度只增不減。", "審議透過的方案將在網上公示。"]
    assert restore_wording([line]) == [line]
    assert restore_wording([line, *others])[0] == "他們開發了軟件，數據存在服務器上。"


def test_what_every_sign_contains_is_looked_for_first() -> None:
    data = tomllib.loads((files("cleaners") / "data" / "wording.toml").read_text(encoding="utf-8"))
    for sign in data["signs"]:
        for way in re.sub(r"\(\?[!:][^)]*\)", "", sign).split("|"):
            assert wording._data().core.search(way), sign


def test_a_sign_opens_the_gate_and_a_word_of_it_alone_does_not() -> None:
    assert may_be_converted("新闻\n手机释出会上说\n完")
    assert may_be_converted("手機釋出會上說")
    assert not may_be_converted("他释出了善意，程式很好，资料也齐全。")
