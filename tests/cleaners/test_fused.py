"""Two articles in one page are flagged where the second begins; one article is not."""

from __future__ import annotations

from typing import Any

import pytest

from cleaners import Article, Page, clean
from cleaners.fused import seams
from cleaners.metadata.folding import fold
from cleaners.model import Document, Line, Rules
from tests import cases

CASES = cases.load("fused")


def document(case: dict[str, Any]) -> Document:
    lines = []
    for index, line in enumerate(case["lines"]):
        tag, _, text = line.partition("|")
        lines.append(Line(index, text, fold(text), tag))
    return Document(tuple(lines), tuple(case.get("titles", ())))


@pytest.mark.parametrize("case", CASES)
def test_where_the_second_article_begins(case: dict[str, Any]) -> None:
    page = document(case)
    found = seams(page, frozenset(range(len(page.lines))))
    wanted = [(case["rule"], case["seam"])] if "seam" in case else []
    assert [(seam.rule, page.lines[seam.index].text) for seam in found] == wanted


def test_there_are_more_that_are_one_article() -> None:
    fused = sum("seam" in p.values[0] for p in CASES)
    assert 5 <= fused <= len(CASES) - fused


def cleaned(case: dict[str, Any], **rules: Any) -> Article:
    body = "".join("<{0}>{1}</{0}>".format(*line.split("|")) for line in case["lines"])
    body = f"<body><article><h1>茶山上的三月</h1>{body}</article></body>"
    html = f"<html lang=zh><title>茶山上的三月</title>{body}</html>"
    page = Page("https://a.example/1.html", html.encode(), "text/html; charset=utf-8")
    article = clean(page, Rules(**rules))
    assert isinstance(article, Article)
    return article


@pytest.mark.parametrize("number", [0, 3])
def test_the_flag_gives_the_place_in_the_text(number: int) -> None:
    case = CASES[number].values[0]
    article = cleaned(case)
    (flag,) = article.flags
    assert (flag.step, flag.rule, flag.before, flag.after) == ("flag/fused", case["rule"], "", "")
    assert article.text[flag.where - 1] == "\n"
    assert article.text[flag.where :].startswith(fold(case["seam"])[:4])


def test_the_rule_can_be_switched_off() -> None:
    assert cleaned(CASES[0].values[0], disabled=frozenset({"fused.headline"})).flags == ()
