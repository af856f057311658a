"""What is learned from a reader's clean articles, and what it does for damaged ones."""

from __future__ import annotations

import random

import pytest
from opencc import OpenCC

from cleaners import Page, clean, repair
from cleaners.model import Article, Rules
from cleaners.pipeline import current_fingerprint
from cleaners.slips import repair_page
from cleaners.slips.familiar import familiar_phrases
from cleaners.slips.forward import damage
from tests.cleaners.slips.damaging import damaged_page, prose
from tests.cleaners.slips.test_page import EVIDENCE, KEYS

ARTICLES = [
    "陈建志说，工程进展顺利。",
    "昨天，陈建志来到现场。",
    "记者见到陈建志时，她正在开会。",
]


def test_names_that_the_model_does_not_expect_are_learned():
    assert "陈建志" in familiar_phrases(ARTICLES)


@pytest.mark.parametrize(
    "texts",
    [
        [],
        ["中华人民共和国"] * 5,  # what everybody writes
        ARTICLES[:2],  # too seldom
        ["陈建志，陈建志，陈建志，陈建志。"],  # in one text only
        ["abc def ghi " * 5] * 3,
    ],
)
def test_what_is_not_learned(texts):
    assert familiar_phrases(texts) == ()


def test_the_order_of_texts_does_not_matter_and_scripts_are_alike():
    traditional = [OpenCC("s2tw").convert(text) for text in ARTICLES]
    assert familiar_phrases(traditional[::-1]) == familiar_phrases(ARTICLES)


def test_so_many_are_kept():
    chance = random.Random(1)
    rare = ["".join(chr(chance.randrange(0x5000, 0x9000)) for _ in range(3)) for _ in range(100)]
    assert len(familiar_phrases(["，".join(rare)] * 3, most=50)) == 50


LOST = "因為陳建志還沒有到齊資料，會議推遲了。"


def test_what_was_learned_wins_where_bytes_were_lost():
    page = [damage(line, KEYS) for line in [*EVIDENCE, LOST]]
    without = repair_page(page)[-1]
    told = repair_page(page, familiar_phrases(ARTICLES))[-1]
    assert without.text != LOST
    assert told.text == LOST


def test_repair_takes_phrases_and_leaves_clean_text():
    phrases = familiar_phrases(ARTICLES)
    text = "\n".join([*EVIDENCE, *ARTICLES])
    assert repair(text, phrases).text is text
    damaged = "\n".join(damage(line, KEYS) for line in [*EVIDENCE, LOST])
    assert repair(damaged, phrases).text.endswith(LOST)


def test_what_was_learned_is_part_of_the_fingerprint():
    rules = Rules(phrases=familiar_phrases(ARTICLES))
    page = Page("https://example.org/1", "\n".join(prose()[:6]).encode(), "text/plain")
    article = clean(page, rules)
    assert isinstance(article, Article)
    assert article.fingerprint == current_fingerprint(rules) != current_fingerprint(Rules())
    assert article.text == clean(page).text  # nothing is damaged


def test_other_pages_come_out_as_before():
    traditional = [OpenCC("s2tw").convert(line) for line in prose()[:20]]
    page = damaged_page(traditional, random.Random(3), strays=0.66)
    phrases = familiar_phrases(ARTICLES)
    assert repair_page(page.shown, phrases) == repair_page(page.shown)
