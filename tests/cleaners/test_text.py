from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cleaners import normalize, repair
from cleaners.model import replay
from tests.cases import load

DAMAGED = st.text(
    st.one_of(
        st.sampled_from("互聯網的數據,.:;?!()\"'“”「」『』…—-· 　\n著着⼤⽐\u200b\u00a0Aa1%"),
        st.characters(),
        st.characters(categories=["Cs", "Co", "Cc", "Cf"]),
    ),
    max_size=200,
)


@pytest.mark.parametrize("case", load("normalize"))
def test_normalize(case: dict[str, Any]) -> None:
    assert normalize(case["text"]) == case.get("normal", case["text"])


@pytest.mark.parametrize("case", load("normalize"))
def test_normal_form_is_stable(case: dict[str, Any]) -> None:
    normal = case.get("normal", case["text"])
    assert normalize(normal) == normal


@pytest.mark.parametrize("case", load("repair"))
def test_repair(case: dict[str, Any]) -> None:
    assert repair(case["text"]).text == case.get("repaired", case["text"])


@pytest.mark.parametrize("case", load("repair"))
def test_notes_tell_the_whole_repair(case: dict[str, Any]) -> None:
    repaired = repair(case["text"])
    assert replay(case["text"], repaired.notes) == repaired.text
    assert bool(repaired.notes) == ("repaired" in case)


def test_cases_have_as_many_negatives() -> None:
    cases = [p.values[0] for p in load("repair")]
    assert sum("repaired" not in c for c in cases) >= len(cases) // 2


@settings(deadline=None)
@given(DAMAGED)
def test_repair_is_total_and_idempotent(text: str) -> None:
    repaired = repair(text)
    assert replay(text, repaired.notes) == repaired.text
    assert repair(repaired.text).text == repaired.text


@settings(deadline=None)
@given(DAMAGED)
def test_normalize_is_total_and_idempotent(text: str) -> None:
    normal = normalize(text)
    assert normalize(normal) == normal
    assert "\n\n" not in normal


@settings(deadline=None)
@given(DAMAGED)
def test_normalize_keeps_letters_and_digits(text: str) -> None:
    """Only marks and spaces go: every ASCII letter and digit is there, in order."""
    assume(repair(text).text == text)
    normal = iter(normalize(text))
    assert all(character in normal for character in text if character.isascii() and character.isalnum())


HARD = {
    "one character": "大",
    "open brackets": "(大",
    "closed brackets": "大)",
    "nested": "(",
    "quotes": '"大',
    "single quotes": "'大",
    "marks": "大,",
    "stops": "..",
    "spaces": "大 ",
    "toned": "網(wǎng)",
    "half toned": "網(wǎ",
    "words": "abc大",
    "mail": "a@b.",
    "traditional": "這個",
    "region": "更新",
    "region with a long look ahead": "重新整理了",
    "question marks": "?",
    "question marks between": "?大",
    "accents": "ã",
    "curly quotes": "“",
    "dots": "…",
    "particles": "著",
    "apostrophes": "'",
    "corner brackets": "「",
    "lone surrogates": "\ud800",
    "odd spaces": "\u3000大",
}


@pytest.mark.parametrize("unit", HARD.values(), ids=HARD)
@pytest.mark.parametrize("work", [normalize, repair])
def test_time_is_linear_in_the_text(work: Callable[[str], object], unit: str) -> None:
    """Twenty times the text may take a hundred times the time on a busy machine, not four hundred."""

    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            work(text)
            best = min(best, time.process_time() - start)
        return best

    assert seconds(100_000) < 100 * seconds(5_000) + 0.5


def test_ten_megabytes_in_one_line_pass() -> None:
    line = "会议上，他说：“这个问题（见表3.5）很重要。”OpenAI的GPT-4在9:30发布，用户增长了20%；" * 75_000
    assert len(line.encode()) > 7_500_000
    assert repair(line).text is line
    assert normalize(line) == line
