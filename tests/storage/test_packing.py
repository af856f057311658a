"""Packing of changes: all come back, in an order in which they replay."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from storage.packing import Change, pack, unpack

RULES = [("a.x@1", "repair/a"), ("b.y@1", "normalize/b")]
changes = st.lists(
    st.builds(
        Change,
        block=st.sampled_from([None, 0, 1, 7]),
        rule=st.sampled_from(RULES),
        uncertain=st.booleans(),
        offset=st.integers(0, 5),
        before=st.sampled_from(["", "甲", "(lián)"]),
        after=st.sampled_from(["", "乙"]),
    ),
    max_size=30,
).map(lambda found: sorted(found, key=lambda c: -1 if c.block is None else c.block))


@settings(max_examples=300, deadline=None)
@given(changes)
def test_every_change_comes_back_in_the_order_of_its_block(given_changes: list[Change]) -> None:
    rows = pack(given_changes)
    back = [
        Change(block, row.rule, row.uncertain, offset, before, after)
        for row in rows
        for block, offset, before, after in unpack(row.changes)
    ]
    assert len(back) == sum(row.times for row in rows)
    for block in (None, 0, 1, 7):
        assert [c for c in back if c.block == block] == [c for c in given_changes if c.block == block]


def test_alike_changes_are_written_once() -> None:
    same = [Change(b, RULES[0], False, o, "(lián)", "") for b in (1, 2) for o in (3, 9)]
    (row,) = pack([*same, Change(2, RULES[0], False, 12, "(hù)", "")])
    assert json.loads(row.changes) == [["(lián)", "", [1, 3, 9], [2, 3, 9]], ["(hù)", "", [2, 12]]]
    assert row.times == 5


def test_deletions_at_one_place_stay_in_order() -> None:
    two = [Change(0, RULES[0], False, 2, "(b)", ""), Change(0, RULES[0], False, 2, "(a)", "")]
    assert [row.times for row in pack(two)] == [1, 1]
