from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.edits import diff
from cleaners.model import Note, replay

TEXTS = st.text(st.sampled_from("abcd大模型\n"), max_size=60)


@given(TEXTS, TEXTS)
def test_notes_replay(before: str, after: str) -> None:
    assert replay(before, diff(before, after, "repair/x", "x@1")) == after


@given(TEXTS, TEXTS, TEXTS)
def test_notes_of_two_steps_replay(first: str, second: str, third: str) -> None:
    notes = diff(first, second, "repair/x", "x@1") + diff(second, third, "normalize/y", "y@1")
    assert replay(first, notes) == third


def test_equal_texts_have_no_notes() -> None:
    assert diff("大模型", "大模型", "repair/x", "x@1") == ()


def test_single_edits_are_told_one_by_one() -> None:
    notes = diff("互聯(lián)網(wǎng)企業", "互聯網企業", "repair/x", "x@1")
    assert [(n.where, n.before, n.after) for n in notes] == [(2, "(lián)", ""), (3, "(wǎng)", "")]


def test_many_edits_are_told_together() -> None:
    before = "大a" * 200
    notes = diff(before, before.replace("a", ""), "repair/x", "x@1")
    assert len(notes) == 1
    assert replay(before, notes) == "大" * 200


def test_long_texts_are_aligned_in_pieces() -> None:
    rng = random.Random(7)
    before = "".join(rng.choice("abcdefghij") for _ in range(50_000))
    after = before[:1_000] + "X" + before[1_000:30_000] + before[30_010:]
    notes = diff(before, after, "repair/x", "x@1")
    assert replay(before, notes) == after
    assert sum(len(n.before) + len(n.after) for n in notes) < 100


def test_replay_refuses_notes_of_another_text() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        replay("abc", [Note("repair/x", "x@1", before="z", after="", where=1)])
