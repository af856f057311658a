"""The arithmetic on recurring blocks: what counts as an article of its own, and what as the site's."""

from __future__ import annotations

import pytest

from cleaners import Article, Page, clean
from cleaners.memory import Edge, Known, block_hash, is_own, is_recurring, reach, used_part
from cleaners.model import Rules
from cleaners.pipeline import current_fingerprint

A, B, C = (Edge(number, 40) for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("edges", "counts", "own"),
    [
        ((A, B), {}, True),
        ((A, B), {1: 1, 2: 1}, False),
        ((A, B), {1: 7, 2: 1}, False),
        ((A, B), {1: 7}, True),
        ((Edge(1, 9),), {}, False),
        ((Edge(9, 30), A, B), {1: 1, 2: 1}, True),
        ((Edge(9, 30), A, B, C), {1: 1, 2: 1, 3: 1}, False),
        ((Edge(9, 130), A, B, C), {1: 1, 2: 1, 3: 1}, True),
        ((A, A, A), {1: 1}, False),
        ((), {}, False),
    ],
)
def test_copies_and_new_versions_are_no_articles_of_their_own(edges, counts, own) -> None:
    assert is_own(edges, counts) is own


@pytest.mark.parametrize(
    ("articles", "first", "now", "recurs"),
    [
        (4, 1, 4, False),
        (5, 1, 5, True),
        (5, 1, 12, True),
        (5, 1, 13, False),
        (5, 26, 30, False),  # five in a row, of the last twenty
        (8, 23, 30, True),
        (40, 1, 100, True),
        (39, 1, 100, False),
    ],
)
def test_what_recurs(articles: int, first: int, now: int, recurs: bool) -> None:
    assert is_recurring(articles, reach(first, now)) is recurs


BODY = ("老陈在渡口守了四十年，灯是他每天傍晚亲手点上的。", "去年冬天修了新桥，坐船的人一天比一天少。")
LINE = "青禾新媒体矩阵由本台融合传播部倾力打造"


def cleaned(*known: Known, lines: tuple[str, ...] = (*BODY, LINE), **rules: object) -> Article:
    body = "".join(f"<p>{line}</p>" for line in lines)
    body = f"<body><article><h1>渡口的灯</h1>{body}</article></body>"
    page = f"<html lang=zh><title>渡口的灯</title>{body}</html>"
    rules_ = Rules(learned=known, **rules)  # type: ignore[arg-type]
    article = clean(Page("https://a.example/1.html", page.encode(), "text/html; charset=utf-8"), rules_)
    assert isinstance(article, Article)
    return article


def known(text: str, articles: int = 6, of: int = 6) -> Known:
    return Known(block_hash(text), articles, of, "2026-03-05T10:00:00.000Z")


def test_what_was_learned_goes_with_its_evidence() -> None:
    article = cleaned(known(LINE))
    assert article.text == "\n".join(BODY)
    (note,) = [note for note in article.removed if note.step == "judge/learned"]
    assert (note.rule, note.before) == ("learned.recurring@1", LINE)
    assert note.evidence == "on 6 of 6 articles of the site since 2026-03-05"


def test_only_what_bears_on_the_page_shows_in_its_fingerprint() -> None:
    plain, other, used = cleaned(), cleaned(known("别处的一行字")), cleaned(known(LINE))
    assert plain.fingerprint == other.fingerprint == current_fingerprint() != used.fingerprint
    assert used.fingerprint == current_fingerprint(None, used_part(used.sighting.edges, [known(LINE)]))
    assert cleaned(known(LINE, 7, 7)).fingerprint == used.fingerprint
    assert plain.sighting.edges == used.sighting.edges


@pytest.mark.parametrize(
    ("blocks", "rules"),
    [
        ((BODY[1],), {}),  # not at the end: a line that is not known follows it
        ((*BODY, LINE), {}),  # all of the page is known: a copy of an article
        ((LINE,), {"disabled": frozenset({"learned.recurring"})}),
        ((BODY[0],), {}),  # at the beginning, and not on nearly all articles
    ],
)
def test_what_is_known_may_stay(blocks: tuple[str, ...], rules: dict[str, object]) -> None:
    keys = [block.replace("，", "").replace("。", "") for block in blocks]
    assert cleaned(*(known(key) for key in keys), **rules).text == "\n".join((*BODY, LINE))


def test_a_line_on_the_subject_of_the_title_stays() -> None:
    lines = (*BODY, "渡口的灯还亮着")
    assert cleaned(known("渡口的灯还亮着"), lines=lines).text == "\n".join(lines)
