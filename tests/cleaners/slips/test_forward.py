"""The forward model against damage that was worked out by hand, byte by byte."""

from __future__ import annotations

import pytest

from cleaners.slips.forward import damage, reproduces, stray_places
from cleaners.slips.gbk import decode, encode

VERIFY = ("驗", "yàn")


@pytest.mark.parametrize(
    ("clean", "keys", "shown"),
    [
        ("互聯網", [("聯", "lián"), ("網", "wǎng")], "互聯(lián)網(wǎng)"),
        # 因為 is D2F2 9EE9: 驗 is F29E, 9E28 is no character, E9 pairs with what follows
        ("因為大", [VERIFY], "因?yàn)榇?"),
        # the second byte of the key may be a letter
        ("的業", [("業", "yè")], "的業(yè)"),
        # 當地 is AE94 B5D8: 數 (94B5) comes first, then 當 matches beside it
        ("當地", [("數", "shù"), ("當", "dāng")], "當(dāng)?shù)?"),
        # in the other order 當 keeps 數 from matching
        ("當地", [("當", "dāng"), ("數", "shù")], "當(dāng)地"),
        # a key of a Chinese character's second byte and a letter
        ("款AI", [("預", "yù")], "款A(yù)I"),
    ],
)
def test_pass_one(clean, keys, shown):
    assert damage(clean, keys) == shown
    assert reproduces(clean, shown, keys)


@pytest.mark.parametrize(
    ("clean", "shown"),
    [
        ("心理。“大部分", "心理?！按蟛糠?"),
        ("樂觀。”", "樂觀?！?"),
        ("異常活躍", "異?；钴S"),
        ("。現", "?，F"),
    ],
)
def test_pass_two_cuts_where_a_mark_lies_across_two_characters(clean, shown):
    data = encode(clean)
    across = [p for p in stray_places(data) if p % 2]
    assert damage(clean, [], lambda place: place in across) == shown
    assert reproduces(clean, shown, [])


def test_a_stray_on_a_border_does_not_show():
    assert damage("你好，世界。", [], lambda place: place % 2 == 0) == "你好，世界。"


def test_pairs_that_gbk_leaves_to_users_vanish():
    assert decode(b"\xaa\xa1\xb0\xa1\xa1\x40") == "啊"


def test_a_lone_0x80_is_the_euro_sign():
    assert decode(b"\x80\xb0\xa1") == "€啊"


def test_other_clean_texts_do_not_reproduce_the_damage():
    assert not reproduces("因為小", "因?yàn)榇?", [VERIFY])
    assert not reproduces("心理。大部分", "心理?！按蟛糠?", [])


def test_marks_may_have_been_folded_since():
    assert reproduces("你好，世界。", "你好,世界。", [])


def test_a_key_that_was_not_inserted_speaks_against_a_text():
    assert not reproduces("經驗", "經驗", [VERIFY])
