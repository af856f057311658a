"""Rows of sorted numbers: what was packed is found again, and nothing else."""

from __future__ import annotations

import io
import random

import pytest

from cleaners.slips.rows import MISSING, Rows, read_numbers
from tests.bench.language.packing import rows


def unpacked(entries, contexts):
    parts = rows(entries, contexts)
    return Rows(io.BytesIO(b"".join(parts)).read, tuple(map(len, parts)))


def drawn(contexts, share, longest, seed=1):
    rng = random.Random(seed)
    return {
        context: sorted(rng.sample(range(1 << 16), rng.randint(1, longest)))
        for context in range(contexts)
        if rng.random() < share
    }


@pytest.mark.parametrize(
    ("contexts", "share", "longest"),
    [(1, 1.0, 1), (8, 1.0, 3), (513, 0.5, 4), (1024, 0.02, 9), (3000, 0.4, 40), (70_000, 0.3, 8)],
)
def test_every_entry_is_found_in_the_row_of_its_context(contexts, share, longest):
    there = drawn(contexts, share, longest)
    packed = unpacked([(context, n) for context in sorted(there) for n in there[context]], contexts)
    seen = 0
    for context in range(contexts):
        row, begin, end = packed.find(context)
        assert list(packed.entries[begin:end]) == there.get(context, [])
        assert (row == MISSING) == (context not in there)
        if row != MISSING:
            assert begin == seen
            assert [packed.place(n, begin, end) for n in there[context]] == list(range(begin, end))
            seen = end
    assert seen == len(packed.entries)


def test_what_is_not_in_a_row_has_no_place():
    packed = unpacked([(3, 5), (3, 9), (4, 7)], 6)
    _, begin, end = packed.find(3)
    assert [packed.place(n, begin, end) for n in (0, 6, 7, 10)] == [MISSING] * 4


def test_numbers_have_their_low_bytes_first():
    assert list(read_numbers(io.BytesIO(b"\x01\x02\x00\x80").read, 4)) == [0x0001, 0x8002]
