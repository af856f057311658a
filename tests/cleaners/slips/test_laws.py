"""Laws that hold for any text: total, same length, idempotent, linear."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.slips import repair_markup, repair_page
from cleaners.slips.forward import damage
from tests.cleaners.slips.damaging import repaired
from tests.cleaners.slips.test_page import EVIDENCE, KEYS

PIECES = st.sampled_from([
    *"因為的業術數現。，？！?；“”()（）A1 €\u3000\ud800\ue000啊龘𠀀",
    "(yàn)", "?yàn)", "?！", "?，", "??", "(shù)", "數(shù)", "業(yè)", "?/p>", "\x00", "\x80", "\xff",
])  # fmt: skip
TEXTS = st.lists(PIECES, max_size=30).map("".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, max_size=4), st.booleans())
def test_total_and_of_the_same_length(texts, noisy):
    page = [*(damage(line, KEYS) for line in EVIDENCE if noisy), *texts]
    assert len(repair_page(page)) == len(page)
    repair_markup("".join(texts))


@settings(max_examples=50, deadline=None)
@given(st.lists(TEXTS, max_size=3), st.booleans())
def test_a_second_repair_changes_nothing(texts, noisy):
    page = [*(damage(line, KEYS) for line in EVIDENCE if noisy), *texts]
    once = repaired(page)
    assert repaired(once) == once


def test_long_lines_take_linear_time():
    unit = damage("因為大家都說。“這個國家的業務，現在很好。”", KEYS, lambda _: True)
    repaired([unit * 20])
    took = []
    for times in (30, 240):
        start = time.process_time()
        repaired([unit * times])
        took.append(time.process_time() - start)
    assert took[1] < 16 * took[0] + 0.2


def test_lines_of_millions_of_characters():
    page = ["啊?" * 3_000_000, "(" * 1_000_000, "?" * 1_000_000, "(yè)" * 100_000]
    assert len(repaired(page)) == len(page)
    assert repair_markup("啊?/p" * 1_000_000) == "啊?/p" * 1_000_000


@pytest.mark.parametrize("unit", ["?！", "?，", "?yàn)楦", "因?yàn)楦蛻糇聛砻"])
def test_signs_without_end_are_given_up(unit):
    """Each of them could begin a search that finds nothing; a page has only so many in vain."""
    texts = [unit * (2000 // len(unit))]
    assert [line.text for line in repair_page(texts)] == texts
