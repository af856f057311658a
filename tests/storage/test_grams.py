"""The tokens of the full-text index."""

from __future__ import annotations

import hashlib
from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.grams import fold, grams, is_gram_char, tokens

TOKENS = [
    ("大模型", ["大模", "模型", "型"]),
    ("大", ["大"]),
    ("", []),
    ("，。！", []),
    ("人工智能，大", ["人工", "工智", "智能", "能", "大"]),
    ("用GPT-4写稿", ["用", "gpt", "4", "写稿", "稿"]),
    ("人工 智能", ["人工", "工智", "智能", "能"]),
    ("人工\n智能", ["人工", "工", "智能", "能"]),
    ("Hello  World_2", ["hello", "world", "2"]),
    ("ひらがな", ["ひら", "らが", "がな", "な"]),
    ("한국어 뉴스", ["한국", "국어", "어뉴", "뉴스", "스"]),
    ("𠮷野家", ["𠮷野", "野家", "家"]),
    ("2025年1月", ["2025", "年", "1", "月"]),
]


@pytest.mark.parametrize(("text", "expected"), TOKENS, ids=[case[0] or "nothing" for case in TOKENS])
def test_cuts_runs_into_pairs_and_keeps_words(text: str, expected: list[str]) -> None:
    assert tokens(fold(text)) == expected


FOLDED = [
    ("資訊科技", "资讯科技"),
    ("ＡＩ４．０", "ai4.0"),
    ("裡面著名", "里面着名"),
    ("⼤⼯", "大工"),
    ("Ünïcode", "ünïcode"),
    ("İ", "İ"),
    ("普通话不变", "普通话不变"),
]


@pytest.mark.parametrize(("text", "expected"), FOLDED)
def test_folds_spellings_together(text: str, expected: str) -> None:
    assert fold(text) == expected


@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_folding_keeps_the_length_and_is_done_once(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


def test_every_single_character_is_indexed_once_behind_a_gap() -> None:
    pairs, singles = grams("大大模型").split(" zzgapzz ")
    assert pairs == "大大 大模 模型 型"
    assert sorted(singles.split()) == sorted("大模型")
    assert grams(None) == grams("") == ""


def test_the_fold_table_knows_all_traditional_characters() -> None:
    table = Path(opencc.__file__).parent / "dictionary" / "TSCharacters.txt"
    missing = []
    for line in table.read_text("utf-8").splitlines():
        traditional, simplified = line.split("\t")
        if fold(traditional) not in {fold(c) for c in simplified.split(" ")}:
            missing.append(line)
    assert missing == []


def test_tokens_do_not_change_unnoticed() -> None:
    """A new number here needs a migration that calls ``rebuild_index``: old tokens could not be removed."""
    codes = (*range(0x20, 0x250), *range(0x3041, 0x30FF), *range(0x4E00, 0x9FA6), *range(0xFF01, 0xFF5F))
    every = "".join(map(chr, codes))  # all assigned long ago: the same in every version of Python
    said = grams("引号“甲”、OpenAI 用GPT-4 寫稿。" + fold(every))
    assert hashlib.sha256(said.encode()).hexdigest() == (
        "96d8d4caef9d9ef0358f61e4ff4bbe2dfa43675f1f5e424b33ab994769fefe76"
    )


def by_the_letter(text: str) -> str:
    """What the index holds, made token by token."""
    if not text:
        return ""
    folded = fold(text)
    return " ".join((*tokens(folded), "zzgapzz", *sorted(filter(is_gram_char, set(folded)))))


@given(st.text(st.sampled_from("大模型融資，。 aAb1２Ａéü_\n\u3000İ𠮷\ue000ひ한“-\x00"), max_size=30))
def test_arrays_give_the_tokens_that_letters_give(text: str) -> None:
    assert grams(text) == by_the_letter(text)


def test_every_character_gives_its_tokens() -> None:
    for start in range(0, 0x110000, 0x1000):
        text = "".join(map(chr, range(start, start + 0x1000)))
        assert grams(text) == by_the_letter(text), hex(start)


def test_many_foreign_characters_fold_as_few_do() -> None:
    traditional = [c for c in map(chr, range(0x4E00, 0x9FA6)) if fold(c) != c]
    assert len(traditional) > 1000
    assert fold("".join(traditional)) == "".join(map(fold, traditional))
