"""Notices in place of articles are refused, and short news that looks like them is kept.

The cases are in two halves, drawn at random: one that the vocabulary was made with, where every page
counts, and one that it was not made with, where shares count.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from cleaners import Article, Page, clean
from cleaners.extract.notices import Surroundings, is_notice

CASES = Path(__file__).parents[3] / "fixtures" / "cases" / "extract"


def read(name: str) -> Any:
    return tomllib.loads((CASES / name).read_text("utf-8"))


FRAMES: dict[str, dict[str, str]] = read("page_frames.toml")
KNOWN: list[dict[str, Any]] = read("dead_ends.toml")["page"]
HELD_OUT: list[dict[str, Any]] = read("dead_ends_held_out.toml")["page"]


def is_article(case: dict[str, Any], frame: str) -> bool:
    html = frame.replace("{title}", case["title"]).replace("{body}", case["body"])
    page = Page("https://news.example/2026/0101/12345.html", html.encode())
    return isinstance(clean(page), Article)


def plain(case: dict[str, Any]) -> bool:
    return is_article(case, FRAMES["plain"][case["frame"]])


@pytest.mark.parametrize("case", KNOWN, ids=lambda case: case["body"])
def test_known_pages(case: dict[str, Any]) -> None:
    assert plain(case) is not case["dead"]


def test_dead_ends_that_no_rule_was_made_with_are_refused() -> None:
    found = [plain(case) for case in HELD_OUT if case["dead"]]
    assert found.count(False) >= 0.9 * len(found)


def test_short_news_that_no_rule_was_made_with_is_kept() -> None:
    found = [plain(case) for case in HELD_OUT if not case["dead"]]
    assert found.count(False) <= 0.02 * len(found)


@pytest.mark.parametrize("frame", FRAMES["walled"])
def test_forms_around_an_article_do_not_refuse_it(frame: str) -> None:
    found = [is_article(case, FRAMES["walled"][frame]) for case in KNOWN if not case["dead"]]
    assert found.count(False) <= 0.02 * len(found)


@pytest.mark.parametrize("frame", FRAMES["walled"])
def test_forms_around_a_dead_end_do_not_hide_it(frame: str) -> None:
    found = [is_article(case, FRAMES["walled"][frame]) for case in KNOWN if case["dead"]]
    assert found.count(True) == 0


@pytest.mark.parametrize(
    ("text", "around", "notice"),
    [
        ("该内容已被发布者删除。", Surroundings(dated=True), True),
        ("服务器繁忙，请稍后再来。", Surroundings(dated=True), False),
        ("感谢您关注青石观察，本站正在维护。", Surroundings(names=("青石观察",)), True),
        ("该文章《河流的四季》已被删除。", Surroundings(), True),
        ("门口写着“您要找的页面不存在”。", Surroundings(), False),
        ("", Surroundings(titles=("页面不存在",)), True),
        ("", Surroundings(titles=("河流的四季",)), False),
        ("应该没有人申请。", Surroundings(), False),
    ],
)
def test_what_stands_around_a_message_counts(text: str, around: Surroundings, notice: bool) -> None:
    assert is_notice(text, around) is notice
