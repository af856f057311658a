"""`taosha sources test`: rules tried out on a saved page."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from crawler.cli.app import app
from tests.crawler.pages import PARAGRAPHS

PAGE = (
    "<html lang='zh-CN'><head><meta charset='utf-8'><title>图书馆重新开放_测试日报</title></head><body>"
    "<div class='nav'>首页 新闻</div><h1 class='t'>图书馆重新开放</h1><div class='by'>作者：林小雨</div>"
    f"<div class='story'>{''.join(f'<p>{p}</p>' for p in PARAGRAPHS)}"
    "<p class='promo'>夜读会周五开讲</p></div>"
    "</body></html>"
)
SOURCE = """
home = "https://news.example/"

[clean]
body = ["div.article", "div.story"]
title = ["h1.t"]
author = ["span.name"]
drop = [".promo", ".advert"]
drop_phrases = ["夜读会", "扫码关注"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "daily.toml").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "saved.html").write_text(PAGE, encoding="utf-8")
    return tmp_path


def call(folder: Path, what: str, *more: str) -> Result:
    page = ["--page", str(folder / "saved.html"), "--sources", str(folder)]
    return CliRunner().invoke(app, ["sources", "test", what, *page, *more])


def told(folder: Path, what: str) -> dict[str, object]:
    import json

    done = call(folder, what, "--json")
    assert done.exit_code == 0, done.output
    result: dict[str, object] = json.loads(done.stdout)
    return result


def test_what_each_rule_matched(folder: Path) -> None:
    found = told(folder, str(folder / "daily.toml"))
    rules = {rule["id"]: (rule["count"], rule["needed"]) for rule in found["rules"]}  # type: ignore[attr-defined]
    assert rules == {
        "body[0]": (0, False),
        "body[1]": (1, False),
        "title[0]": (1, False),
        "author[0]": (0, True),
        "drop[0]": (1, True),
        "drop[1]": (0, True),
        "drop_phrases[0]": (1, True),
        "drop_phrases[1]": (0, True),
    }
    assert found["in_vain"] == ["author[0]: span.name", "drop[1]: .advert", "drop_phrases[1]: 扫码关注"]
    article = found["article"]
    assert article["title"] == "图书馆重新开放"  # type: ignore[index]
    assert article["text"] == "\n".join(PARAGRAPHS)  # type: ignore[index]


@pytest.mark.parametrize("what", ["daily", "https://news.example/2026/1.html"])
def test_a_source_is_found_by_its_name_and_by_an_address(folder: Path, what: str) -> None:
    assert told(folder, what)["source"] == "daily"


def test_for_people(folder: Path) -> None:
    done = call(folder, "daily")
    assert "drop[0]\t.promo\t1\t夜读会周五开讲" in done.stdout
    assert "warning: daily: author[0]: span.name: matches nothing on this page" in done.stderr
    assert "title: 图书馆重新开放" in done.stdout


@pytest.mark.parametrize(
    ("what", "code", "words"),
    [
        ("nobody", 2, "nobody"),
        ("https://other.example/1.html", 2, "no source covers"),
        ("missing.toml", 4, "missing.toml"),
    ],
)
def test_mistakes(folder: Path, what: str, code: int, words: str) -> None:
    done = call(folder, what)
    assert (done.exit_code, words in done.stderr) == (code, True), done.output


def test_a_broken_file_names_the_line(folder: Path) -> None:
    (folder / "daily.toml").write_text(SOURCE + "colour = 1\n", encoding="utf-8")
    done = call(folder, str(folder / "daily.toml"))
    assert (done.exit_code, "daily.toml:10: clean.colour: unknown key" in done.stderr) == (4, True), (
        done.stderr
    )


def test_a_page_without_an_article(folder: Path) -> None:
    (folder / "saved.html").write_text("<html><body></body></html>", encoding="utf-8")
    done = call(folder, "daily")
    assert (done.exit_code, "no article: no_content" in done.stderr) == (5, True)
