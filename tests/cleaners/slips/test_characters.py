"""The table of characters."""

from __future__ import annotations

import pytest

from cleaners.slips.characters import Character, characters, reading


@pytest.mark.parametrize(
    ("char", "known"),
    [
        ("干", Character("干", "=", ("gān", "gàn"))),
        ("裡", Character("里", "t", ("lǐ",))),
        ("们", Character("们", "s", ("men",))),
    ],
)
def test_what_is_known_of_a_character(char, known):
    assert characters()[char][:2] == known[:2]
    assert set(known.readings) <= set(characters().get(char).readings)
    assert char in characters()


@pytest.mark.parametrize("other", ["", "a", "\u3400", "\u9fff", "你好", "\U00020000", "\ud800"])
def test_what_gbk_can_not_write_is_unknown(other):
    assert characters().get(other) is None
    assert other not in characters()
    with pytest.raises(KeyError):
        characters()[other]


def test_every_character_stands_in_the_table_once():
    assert len(characters()) == len(set(characters())) == 20_902
    assert all(len(info.simplified) == 1 and info.script in "=stvr" for info in characters().values())


def test_a_file_that_is_too_short_is_a_fault():
    with reading("characters.zst") as read:
        assert read(0) == b""
        assert len(read(1 << 16)) == 1 << 16
        with pytest.raises(EOFError):
            read(1 << 24)
