"""The quick tests for damage say what the full tables would."""

from __future__ import annotations

from cleaners.mojibake.gates import _read_as_gbk
from cleaners.mojibake.readings import READINGS

FIRST, LATER = range(0xE2, 0xF0), range(0x80, 0xC0)
"""Bytes of UTF-8: those that begin most Chinese characters, and those that go on with one."""


def test_the_pairs_that_utf8_turns_into_are_those_of_the_tables() -> None:
    back = READINGS["gb18030"].bytes_of.items()
    opening = {c for c, raw in back if raw[0] in FIRST and raw[-1] in LATER}
    crossing = {c for c, raw in back if raw[0] in LATER and (raw[-1] in FIRST or len(raw) == 1)}
    assert len(opening) > 800
    assert len(crossing) > 800
    assert _read_as_gbk(FIRST, LATER) == opening
    assert _read_as_gbk(LATER, FIRST) == crossing
