"""Whole pages through extraction: layouts, page kinds, text dumps, limits, and the laws."""

from __future__ import annotations

import json
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.extract import extract, extract_plain
from cleaners.extract.parse import MAX_ELEMENTS, parse
from cleaners.extract.walk import walk
from cleaners.model import Extracted, Page, Reason, Rejected, Rules

CASES = Path(__file__).parents[3] / "fixtures" / "cases" / "extract"
LAYOUTS = tomllib.loads((CASES / "layouts.toml").read_text("utf-8"))["page"]
KINDS = tomllib.loads((CASES / "kinds.toml").read_text("utf-8"))["page"]
PAGE = Page("https://news.example/2024/a1.html", b"")
SENTENCE = "老城在河的北岸，码头是它的心脏，三百年来没有变过。"


def extracted(html: str, rules: Rules | None = None) -> Extracted:
    found = extract(html, PAGE, rules or Rules())
    assert isinstance(found, Extracted), found
    return found


def kept(found: Extracted) -> list[str]:
    return [b.raw for b in found.blocks if b.dropped is None]


@pytest.mark.parametrize("case", LAYOUTS, ids=lambda c: c["name"])
def test_layout(case: dict[str, Any]) -> None:
    titles = {"河流的四季", "南山今年的水位", "南山新桥今晨通车", "老城修缮石堤", "The river in winter"}
    assert [text for text in kept(extracted(case["html"])) if text not in titles] == case["kept"]


@pytest.mark.parametrize("case", LAYOUTS, ids=lambda c: c["name"])
def test_dropped_blocks_say_why(case: dict[str, Any]) -> None:
    for block in extracted(case["html"]).blocks:
        if block.dropped:
            assert block.dropped.step == "extract"
            assert block.dropped.rule.startswith("extract.")
            assert (block.dropped.before, block.dropped.after) == (block.raw, "")


@pytest.mark.parametrize("case", KINDS, ids=lambda c: c["name"])
def test_kind(case: dict[str, str]) -> None:
    page = Page("https://news.example/" if case["reason"] == "listing" else PAGE.url, b"")
    found = extract(case["html"], page, Rules())
    assert (found.reason.value if isinstance(found, Rejected) else "") == case["reason"]


def test_deep_page_within_the_limit_is_read_whole() -> None:
    page = "<html><body>" + "<div>" * 900 + f"<p>{SENTENCE}</p>" * 3 + "</div>" * 900
    assert kept(extracted(page)) == [SENTENCE] * 3


@pytest.mark.parametrize("levels", [3_000, 50_000])
def test_too_deep_is_said(levels: int) -> None:
    found = extract("<div>" * levels + f"<p>{SENTENCE}</p>", PAGE, Rules())
    assert isinstance(found, Rejected)
    assert found.reason is Reason.TOO_DEEP


@pytest.mark.parametrize("one", ['a{}="1"', "a{}", "a{}='<'"])
def test_a_hundred_thousand_attributes(one: str) -> None:
    attributes = " ".join(one.format(i) for i in range(100_000))
    assert SENTENCE in kept(
        extracted(f"<html><body><div {attributes}><p>{SENTENCE}</p><p>{SENTENCE}</p></div>")
    )


@pytest.mark.parametrize("html", ["", "   ", "<html></html>", "<!-- nothing -->", "\x00", "\ud800"])
def test_nothing_gives_a_reason(html: str) -> None:
    assert isinstance(extract(html, PAGE, Rules()), Rejected)


def test_rules_choose_body_and_drop() -> None:
    first = f"<div class='a'><p>{SENTENCE}</p><p class='x'>短句</p></div>"
    html = f"<html><body>{first}<div class='b'><p>{SENTENCE * 3}</p></div></body></html>"
    assert kept(extracted(html, Rules(body=("div.a",), drop=(".x",)))) == [SENTENCE]


def test_selector_that_is_none_matches_nothing() -> None:
    html = f"<html><body><div><p>{SENTENCE}</p><p>{SENTENCE}</p></div></body></html>"
    assert kept(extracted(html, Rules(body=("div[",)))) == [SENTENCE, SENTENCE]


def test_images_are_absolute_and_placed() -> None:
    image = "<img data-src='/i/1.jpg' src='data:image/gif;base64,R0' alt='码头'>"
    html = f"<html><body><div><p>{SENTENCE}</p>{image}<p>{SENTENCE}</p></div></body></html>"
    (found,) = extracted(html).images
    assert (found.url, found.alt, found.block) == ("https://news.example/i/1.jpg", "码头", 1)


def test_candidates_of_data_for_machines() -> None:
    data = {
        "@type": "NewsArticle",
        "headline": "河流的四季",
        "datePublished": "2024-03-05T08:12:00+08:00",
        "author": [{"name": "何平"}],
    }
    head = (
        f'<link rel="canonical" href="/c.html"><script type="application/ld+json">{json.dumps(data)}</script>'
    )
    html = f'<html lang="zh-CN"><head>{head}</head><body><p>{SENTENCE}</p><p>{SENTENCE}</p></body></html>'
    found = extracted(html)
    assert {(c.field, c.value) for c in found.candidates if c.origin == "json-ld"} == {
        ("title", "河流的四季"),
        ("published", "2024-03-05T08:12:00+08:00"),
        ("author", "何平"),
    }
    assert (found.canonical_url, found.lang) == ("https://news.example/c.html", "zh-CN")


def visible(html: str) -> str:
    root = parse(html, PAGE)
    return "" if isinstance(root, Rejected) else "".join("".join(p.raw for p in walk(root).pieces).split())


TAGS = (
    "p",
    "div",
    "span",
    "li",
    "td",
    "b",
    "a",
    "section",
    "h2",
    "blockquote",
    "pre",
    "tr",
    "table",
    "br",
    "x-card",
)
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="<>&"), max_size=8
)
MARKUP = st.lists(
    st.one_of(TEXT, st.sampled_from([f"<{t}>" for t in TAGS] + [f"</{t}>" for t in TAGS])), max_size=40
)


@settings(max_examples=150, deadline=None)
@given(MARKUP)
def test_every_visible_character_is_in_exactly_one_piece(parts: list[str]) -> None:
    root = parse("<html><body>" + "".join(parts), PAGE)
    if not isinstance(root, Rejected):
        pieces = "".join("".join(p.raw for p in walk(root).pieces).split())
        assert pieces == "".join("".join(root.itertext()).split())


@settings(max_examples=60, deadline=None)
@given(MARKUP)
def test_total_on_any_markup(parts: list[str]) -> None:
    assert isinstance(extract("".join(parts), PAGE, Rules()), Extracted | Rejected)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"河流的四季\n\n{SENTENCE}\n\n{SENTENCE}", "河流的四季"),
        (
            f"河流的四季，到底是什么？图片来源：视觉中国\n- 来源：青石网\n{SENTENCE}\n{SENTENCE}",
            "河流的四季，到底是什么？",
        ),
        (f"{SENTENCE}\n{SENTENCE}", None),
        ("春天\n夏天\n秋天\n冬天的河很安静", None),
        (f"作者：何平\n{SENTENCE}\n{SENTENCE}", None),
        (f"- 球队或交易主力后卫\n{SENTENCE}\n{SENTENCE}", None),
        (SENTENCE, None),
    ],
)
def test_title_of_a_dump(text: str, title: str | None) -> None:
    found = extract_plain(text, PAGE)
    assert isinstance(found, Extracted)
    assert next((c.value for c in found.candidates if c.field == "title"), None) == title


@pytest.mark.parametrize(
    ("text", "reason"), [("", Reason.EMPTY), ("\n \n", Reason.EMPTY), ("短。", Reason.TOO_SHORT)]
)
def test_dump_without_text(text: str, reason: Reason) -> None:
    found = extract_plain(text, PAGE)
    assert isinstance(found, Rejected)
    assert found.reason is reason


def test_too_many_elements_are_said() -> None:
    found = extract("<html><body>" + "<b></b>" * (MAX_ELEMENTS + 1) + f"<p>{SENTENCE}</p>", PAGE, Rules())
    assert isinstance(found, Rejected)
    assert found.reason is Reason.TOO_DEEP


@pytest.mark.parametrize(
    "body",
    [
        '<script>"' + "<p>a" * 400_000 + '"</script>',
        "<script>" + '"a' * 1_000_000 + "</script>",
        '<script>"' + '\\"<p>' * 300_000 + '"</script>',
        "<p>" + "一个很长的句子，没有结束，" * 250_000,
        "<p>" + "a" * 10_000_000,
    ],
    ids=["markup in a string", "quotes", "strings in a string", "one node of text", "one word"],
)
def test_ten_megabytes_end_in_time(body: str) -> None:
    start = time.process_time()
    assert isinstance(extract("<html><body>" + body, PAGE, Rules()), Extracted | Rejected)
    assert time.process_time() - start < 5


def test_scripts_without_an_article_are_a_shell() -> None:
    strings = json.dumps(["<p>请稍候，页面正在打开</p>" + " " * 200, "data" * 100])
    html = f"<html><body><div id='app'></div><script>show({strings})</script></body></html>"
    found = extract(html, PAGE, Rules())
    assert isinstance(found, Rejected)
    assert found.reason is Reason.SCRIPT_SHELL


@pytest.mark.parametrize(
    ("beside", "asked"),
    [
        pytest.param("", False, id="nothing-else-could-be-the-article"),
        pytest.param("<div>" + f"<p>{SENTENCE * 3}</p>" * 3 + "</div>", True, id="another-text-is-there"),
    ],
)
def test_other_readers_are_asked_about_a_text_that_its_title_does_not_name(
    monkeypatch: pytest.MonkeyPatch, beside: str, asked: bool
) -> None:
    questions: list[int] = []
    monkeypatch.setattr("cleaners.extract.trafilatura_lines", lambda *_: questions.append(1) or [])
    text = "渔船清早出港，傍晚回来，鱼价比去年高了一成，码头上的人都说今年是个好年景。"
    body = f"<article><h1>银行公布利率</h1>{f'<p>{text * 3}</p>' * 6}</article>{beside}"
    menu = "<ul>" + "".join(f"<li><a href='/{n}'>栏目{n}</a></li>" for n in range(8)) + "</ul>"
    extracted(f"<html lang=zh><title>银行公布利率</title><body>{menu}{body}</body></html>")
    assert bool(questions) is asked
