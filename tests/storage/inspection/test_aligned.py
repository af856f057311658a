"""The two sides of a text: complete, in order, and each change in its piece."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.inspection.aligned import Piece, aligned
from storage.records import EditRecord


def edit(number: int, offset: int, before: str, after: str) -> EditRecord:
    return EditRecord(number, 0, "repair/x", "x.y@1", offset, before, after, False)


def edits(*changes: tuple[int, str, str]) -> list[EditRecord]:
    return [edit(number, *change) for number, change in enumerate(changes)]


CASES = [
    ("an untouched text is one piece", "好的", [], [("好的", "好的", ())]),
    ("nothing at all", "", [], []),
    (
        "an annotation goes",
        "互联网",
        [(2, "(lián)", "")],
        [("互联", "互联", ()), ("(lián)", "", (0,)), ("网", "网", ())],
    ),
    (
        "a second pass takes in what the first one left",
        "互联网，好",
        [(2, "(lián)", ""), (1, "聯網", "联网"), (3, ",", "，")],
        [("互", "互", ()), ("聯(lián)網", "联网", (0, 1)), (",", "，", (2,)), ("好", "好", ())],
    ),
    (
        "something is put in",
        "甲、乙",
        [(1, "", "、")],
        [("甲", "甲", ()), ("", "、", (0,)), ("乙", "乙", ())],
    ),
    ("everything is taken out", "", [(0, "广告", "")], [("广告", "", (0,))]),
    (
        "two changes of a pass touch a piece of an earlier one",
        "XcY",
        [(0, "ab", "acb"), (0, "a", "X"), (2, "b", "Y")],
        [("ab", "XcY", (0, 1, 2))],
    ),
    (
        "changes side by side stay apart",
        "，。",
        [(0, ",", "，"), (1, ".", "。")],
        [(",", "，", (0,)), (".", "。", (1,))],
    ),
]


@pytest.mark.parametrize(("text", "changes", "pieces"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_pieces(
    text: str, changes: list[tuple[int, str, str]], pieces: list[tuple[str, str, tuple[int]]]
) -> None:
    assert aligned(text, edits(*changes)) == tuple(Piece(*piece) for piece in pieces)


@pytest.mark.parametrize("change", [(0, "x", "丙"), (5, "x", "甲"), (1, "x", "乙丙")])
def test_changes_of_another_text_are_refused(change: tuple[int, str, str]) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        aligned("甲乙", edits(change))


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, str, list[EditRecord]]:
    """A raw text, what passes of changes made of it, and the changes."""
    raw = text = draw(st.text("甲乙丙,(x)", max_size=12))
    made: list[EditRecord] = []
    for _ in range(draw(st.integers(0, 4))):
        done, last = "", 0
        for start in sorted(draw(st.sets(st.integers(0, len(text)), max_size=4))):
            if start < last:
                continue
            end = draw(st.integers(start, min(len(text), start + 3)))
            after = draw(st.text("甲乙，。", max_size=3))
            done += text[last:start]
            made.append(edit(len(made), len(done), text[start:end], after))
            done += after
            last = end
        text = done + text[last:]
    return raw, text, made


@given(histories())
def test_both_sides_are_complete_and_every_change_has_its_piece(
    history: tuple[str, str, list[EditRecord]],
) -> None:
    raw, text, made = history
    pieces = aligned(text, made)
    assert "".join(piece.before for piece in pieces) == raw
    assert "".join(piece.after for piece in pieces) == text
    assert {number for piece in pieces for number in piece.edits} == set(range(len(made)))
    assert all(piece.before == piece.after for piece in pieces if not piece.edits)
