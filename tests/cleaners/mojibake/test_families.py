"""Every family of damage, made by forward models from sentences of our own."""

from __future__ import annotations

import pytest

from cleaners.mojibake import mend, mojibake
from tests.bench.damage import FAMILIES, own_sentences, sample

FLOORS = {
    "UTF-8 as cp1252, NBSP a space": 0.8,
    "UTF-8 as cp1252, NBSP gone": 0.8,
    "UTF-8 as GBK, U+FFFD a byte": 0.8,
    "UTF-8 as GBK, ? a byte": 0.8,
    "UTF-8 as GB18030, browser": 0.6,
    "GBK as Big5-HKSCS, a byte": 0.8,
    "GBK as EUC-KR, browser": 0.6,
    "GBK as Big5, replace": 0.9,
    "GBK as Big5, ?": 0.9,
    "Big5 as GBK, replace": 0.7,
    "UTF-8 as Shift_JIS": 0.9,
    "UTF-8 as EUC-KR": 0.8,
    "GBK as Shift_JIS": 0.9,
}
LOSSLESS = [name for name, (kind, _) in FAMILIES.items() if kind == "lossless"]


@pytest.mark.parametrize("name", LOSSLESS)
def test_lossless_damage_is_undone_exactly(name: str) -> None:
    pairs = list(sample(own_sentences(), 7, 12, FAMILIES[name][1]))
    assert len(pairs) >= 10
    assert [mend(seen).text for _, seen in pairs] == [true for true, _ in pairs]


@pytest.mark.parametrize("name", FLOORS)
def test_most_lossy_damage_is_undone(name: str) -> None:
    pairs = list(sample(own_sentences(), 7, 15, FAMILIES[name][1]))
    assert len(pairs) >= 10
    assert sum(mend(seen).text == true for true, seen in pairs) >= FLOORS[name] * len(pairs)


@pytest.mark.parametrize("name", FLOORS)
def test_what_was_guessed_is_uncertain(name: str) -> None:
    pairs = sample(own_sentences(), 7, 15, FAMILIES[name][1])
    seen = next(seen for _, seen in pairs if "\ufffd" in seen or "?" in seen or "NBSP" in name)
    notes = mend(seen).notes
    assert notes
    assert any(note.uncertain for note in notes)


def test_bytes_dropped_without_a_trace_are_found() -> None:
    pairs = list(sample(own_sentences(), 7, 15, FAMILIES["GBK as Big5, ignore"][1]))
    results = [mend(seen) for _, seen in pairs]
    assert sum(result.text == true for (true, _), result in zip(pairs, results, strict=True)) >= 0.8 * len(
        pairs
    )
    thinned = [result for (true, seen), result in zip(pairs, results, strict=True) if len(seen) != len(true)]
    assert thinned
    assert all(note.uncertain for result in thinned for note in result.notes)


def test_utf8_with_a_third_of_its_bytes_lost_is_a_guess_at_most() -> None:
    pairs = list(sample(own_sentences(), 7, 8, FAMILIES["UTF-8 as Big5"][1]))
    results = [mend(seen) for _, seen in pairs]
    assert sum(result.text != seen for (_, seen), result in zip(pairs, results, strict=True)) >= 6
    assert all(note.uncertain for result in results for note in result.notes)


@pytest.mark.parametrize("name", LOSSLESS)
def test_one_damaged_paragraph_of_a_good_page(name: str) -> None:
    true, seen = next(sample(own_sentences(), 11, 1, FAMILIES[name][1]))
    page = ["这是好的一段文字。", seen, "這一段也是好的。", ""]
    assert [result.text for result in mojibake(page)] == [page[0], true, page[2], ""]


@pytest.mark.parametrize("name", LOSSLESS)
def test_a_damaged_stretch_of_a_good_line(name: str) -> None:
    true, seen = next(sample(own_sentences(), 13, 1, FAMILIES[name][1]))
    assert mend(f"记者看到，墙上贴着：{seen}没有人知道是谁写的。").text == (
        f"记者看到，墙上贴着：{true}没有人知道是谁写的。"
    )


def test_a_page_about_encodings_keeps_its_samples() -> None:
    page = ["网页出现乱码怎么办？", "浣犲ソ涓栫晫", "ÄãºÃÊÀ½ç", "&ldquo;"]
    assert [result.text for result in mojibake(page)] == page
