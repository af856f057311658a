"""Characters that a copy site dropped without a trace are pointed out, on pages that carry its noise."""

from __future__ import annotations

import time

import pytest
from opencc import OpenCC

from cleaners import repair
from cleaners.model import replay
from cleaners.slips import mend_slips
from cleaners.slips.forward import damage
from cleaners.slips.missing import missing
from tests.cleaners.slips.damaging import negatives, prose
from tests.cleaners.slips.test_page import EVIDENCE, KEYS

RULE = "annotations.missing@1"

# What stands there, and the place before which a character of it was dropped.
DROPPED = [
    ("他在中國建設銀行工作了十年。", 7),
    ("兩家公司協商一致後簽了合同。", 6),
    ("孩子們在長江大橋下面放風箏。", 6),
    ("他們的目標是成為世界一流的企業。", 3),
]


def without(clean: str, place: int) -> str:
    return clean[:place] + clean[place + 1 :]


def flagged(clean: str, lines: list[str]) -> list[int]:
    page = [damage(line, KEYS) for line in [*lines, clean]]
    return [note.where for note in mend_slips(page)[-1].notes if note.rule == RULE]


@pytest.mark.parametrize(("clean", "place"), DROPPED)
def test_a_dropped_character_is_pointed_out(clean: str, place: int) -> None:
    assert flagged(without(clean, place), EVIDENCE) == [place]


@pytest.mark.parametrize(("clean", "place"), DROPPED)
def test_what_is_whole_is_not(clean: str, place: int) -> None:
    assert flagged(clean, EVIDENCE) == []


@pytest.mark.parametrize(("clean", "place"), DROPPED)
def test_pages_without_the_noise_are_left_alone(clean: str, place: int) -> None:
    assert repair(without(clean, place)).notes == ()


def test_a_pair_that_the_page_repeats_is_no_accident() -> None:
    clean = without(*DROPPED[0])
    assert flagged(clean, [*EVIDENCE, clean]) == []


def test_nothing_is_put_in_and_the_notes_replay() -> None:
    damaged = "\n".join(damage(line, KEYS) for line in [*EVIDENCE, without(*DROPPED[0])])
    repaired = repair(damaged)
    note = next(note for note in repaired.notes if note.rule == RULE)
    assert replay(damaged, repaired.notes) == repaired.text
    assert (note.before, note.after, note.uncertain) == ("", "", True)
    assert repaired.text[: note.where].endswith("中國建設銀")
    assert repaired.text[note.where :].startswith("工作了十年")


def test_whole_pages_have_no_flags() -> None:
    traditional = [OpenCC("s2tw").convert(line) for line in prose()]
    assert not any(missing(traditional, traditional=True))


@pytest.mark.parametrize("case", negatives(), ids=lambda case: case.name)
def test_texts_that_look_damaged_have_no_flags(case) -> None:
    assert not any(missing(case.texts, traditional=True))


@pytest.mark.parametrize("text", ["", "一", "工作", "\ud800工\ue000作", "龘" * 50, "a b\nc", "。。。，"])
def test_any_text_is_taken(text: str) -> None:
    assert len(missing([text, None, text * 3], traditional=True)) == 3


def test_time_is_linear() -> None:
    unit = "報告顯示在從事模型相關作後，僅有一半的人加了薪。"
    missing([unit], traditional=True)
    start = time.process_time()
    missing([unit * 8_000], traditional=True)
    assert time.process_time() - start < 8
