"""Whole pages: what is repaired, what is called uncertain, and what must stay."""

from __future__ import annotations

import random

import pytest
from opencc import OpenCC

from cleaners.slips import mend_slips, repair_page
from cleaners.slips.forward import damage, stray_places
from cleaners.slips.gbk import encode
from cleaners.slips.harvest import harvest, strip_annotations
from tests.cleaners.slips.damaging import cases, damaged_page, negatives, prose, repaired

KEYS = [
    ("驅", "qū"),
    ("災", "zāi"),
    ("冊", "cè"),
    ("數", "shù"),
    ("當", "dāng"),
    ("驗", "yàn"),
    ("優", "yōu"),
    ("業", "yè"),
    ("務", "wù"),
    ("國", "guó"),
    ("個", "gè"),
    ("發", "fā"),
    ("現", "xiàn"),
    ("時", "shí"),
    ("對", "duì"),
]
EVIDENCE = ["這個國家的業務發展得很快，數據就是證明。", "當時的發現對業務很有好處。"]


def every_stray(text):
    places = stray_places(encode(damage(text, KEYS)))
    return lambda place: place in places


@pytest.mark.parametrize(
    "clean",
    [
        "大家都說，因為行業不景氣，他才離開公司。",
        "員工們因為工作太累覺得看不到希望。",
        "因為大家都還沒有到齊，會議推遲了。",
        "他們在投資上花了很多心思。",
        "這座城市變為人們心中的樣子。",
        "當地政府表示支持這項計劃。",
        "因實習生離職，名單需要重寫。",
        "銷售額下降了兩成。“我們還要努力。”經理說。",
        "今年的表現異常活躍，讓人意外。",
        "他說：“他們會在年底完成所有的工作。”",
        "這件事很快得到解決。現在一切正常。",
        "她說完就走了。可是沒有人在意。",
    ],
)
def test_a_slip_is_undone(clean):
    page = [damage(line, KEYS, every_stray(line)) for line in [*EVIDENCE, clean]]
    assert page[-1] != clean
    assert repaired(page) == [*EVIDENCE, clean]


def strays_across(text):
    """Hit each mark that the text does not have: its bytes are those of two neighbours."""
    data = encode(damage(text, KEYS))
    return lambda place: data[place : place + 2].decode("gbk") not in text


@pytest.mark.parametrize(
    "clean",
    [
        "工人把最後一批設備送到學校。\n家長們在門口等著看結果。",
        "他說：“這筆錢一定要還。”\n會議到晚上才結束。",
        "“孩子們在城裡看過雪景。”\n她卻覺得這樣已經很好。",
    ],
)
def test_a_line_end_that_a_slip_took_comes_back(clean):
    shown = damage(clean, KEYS, strays_across(clean))
    assert "\n" not in shown
    assert repaired([*(damage(line, KEYS) for line in EVIDENCE), shown])[-1] == clean


@pytest.mark.parametrize(
    "clean",
    [
        "他說：“這筆錢一定要還。” CEO沒有再說什麼。",
        "工人把設備送到學校 (東區)，家長們在等。",
        "員工們因為 (工作) 太累覺得看不到希望。",
    ],
)
def test_no_line_end_where_a_slip_took_something_else(clean):
    shown = damage(clean, KEYS, strays_across(clean))
    assert "\n" not in repaired([*(damage(line, KEYS) for line in EVIDENCE), shown])[-1]


@pytest.mark.parametrize("case", cases("page"), ids=lambda case: case.name)
def test_page(case):
    assert repaired(case.texts) == case.repaired


@pytest.mark.parametrize("case", negatives(), ids=lambda case: case.name)
def test_suspicious_but_right(case):
    assert repaired(case.texts) == case.texts


@pytest.mark.parametrize("case", negatives(), ids=lambda case: case.name)
def test_suspicious_but_right_among_other_negatives(case):
    texts = [*case.texts, *prose()[:5]]
    assert repaired(texts) == texts


def test_clean_pages_stay():
    simplified = prose()
    traditional = [OpenCC("s2tw").convert(line) for line in simplified]
    assert repaired(simplified) == simplified
    assert repaired(traditional) == traditional


@pytest.fixture(scope="module")
def page():
    traditional = [OpenCC("s2tw").convert(line) for line in prose()]
    return damaged_page(traditional, random.Random(3), strays=0.66)


def test_most_slipped_lines_of_a_page_come_out_right(page):
    evidence = harvest(page.shown)
    rows = zip(page.clean, page.shown, repaired(page.shown), strict=True)
    slipped = [(clean, fixed) for clean, shown, fixed in rows if strip_annotations(shown, evidence) != clean]
    assert len(slipped) >= 8
    assert sum(clean == fixed for clean, fixed in slipped) >= 0.8 * len(slipped)


def test_lines_without_a_slip_come_out_right(page):
    evidence = harvest(page.shown)
    for clean, shown, fixed in zip(page.clean, page.shown, repaired(page.shown), strict=True):
        if strip_annotations(shown, evidence) == clean:
            assert fixed == clean


def test_repairing_twice_changes_nothing_more(page):
    once = repaired(page.shown)
    assert repaired(once) == once


def test_a_repair_with_rivals_is_uncertain():
    page = [damage(line, KEYS) for line in [*EVIDENCE, "他相信，因為她喜歡這個地方。"]]
    assert repair_page(page)[-1].uncertain
    assert not repair_page(page)[0].uncertain


def test_a_dot_in_a_foreign_name_is_put_back_on_a_noisy_page_only():
    page = [damage(line, KEYS) for line in EVIDENCE]
    name = "首席戰略官詹姆斯?米勒說，公司會繼續投資。"
    assert repaired([*page, name])[-1] == name.replace("?", "·")
    assert repaired([name]) == [name]


def test_a_cut_pronoun_is_the_one_of_the_line():
    for clean in ("她跑得很快。“我們贏了。”她笑著說。", "他跑得很快。“我們贏了。”他笑著說。"):
        page = [damage(line, KEYS, every_stray(line)) for line in [*EVIDENCE, clean]]
        assert repaired(page)[-1] == clean


TORN = "他們卻?yàn)"


def test_what_no_clean_text_explains_is_pointed_out():
    page = [damage(line, KEYS) for line in EVIDENCE]
    texts = [*page, TORN]
    notes = mend_slips(texts)[-1].notes
    assert [(note.rule, note.before, note.after, note.where) for note in notes] == [
        ("annotations.lost@1", "?yàn)", "?yàn)", 3)
    ]
    assert all(note.uncertain for note in notes)


@pytest.mark.parametrize("texts", [*(case.texts for case in negatives()), [TORN], prose()])
def test_nothing_is_pointed_out_on_pages_without_the_noise(texts):
    assert not any(result.notes for result in mend_slips(list(texts)))
