"""The table of GBK is what its codec says pair by pair."""

from __future__ import annotations

from cleaners.slips.gbk import CHARACTERS, LEADS, TRAILS


def by_codec(lead: int, trail: int) -> str:
    try:
        return bytes((lead, trail)).decode("gbk")
    except UnicodeDecodeError:
        return ""


def test_each_pair_has_the_character_of_the_codec() -> None:
    pairs = {lead << 8 | trail: by_codec(lead, trail) for lead in LEADS for trail in TRAILS}
    assert pairs == CHARACTERS
    assert CHARACTERS[0xB0A1] == "啊"
    assert "" in CHARACTERS.values()
