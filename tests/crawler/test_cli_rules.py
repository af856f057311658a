"""`taosha rules`: what rules did, and taking one out of service and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crawler.cli.app import app

CREDIT = "图/视觉中国"
BODY = "城北的老机修厂又开了炉。厂长说，这一次要做的不是农机，是给风机用的齿轮，订单排到了后年。"
PAGE = (
    f"<html><body><article><h1>老厂开炉</h1><p>{BODY}</p><p>{CREDIT}</p><p>{BODY}</p></article></body></html>"
)


class Command:
    """Runs the program on one store."""

    def __init__(self, store: Path) -> None:
        self.store = store

    def __call__(self, *arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, [*arguments, "--store", str(self.store)])
        assert done.exit_code == code, done.output
        return done.stdout if code == 0 else done.stderr

    def told(self, *arguments: str) -> str:
        done = CliRunner().invoke(app, [*arguments, "--store", str(self.store)])
        assert done.exit_code == 0, done.output
        return done.stderr


@pytest.fixture
def taosha(tmp_path: Path) -> Command:
    page = tmp_path / "page.html"
    page.write_text(PAGE, encoding="utf-8")
    command = Command(tmp_path / "store.db")
    command("clean", str(page), "--source", "wanbao", "--workers", "0")
    return command


def rule_of_the_credit(taosha: Command) -> str:
    (block,) = (b for b in json.loads(taosha("why", "1", "--json"))["removed"] if b["text"] == CREDIT)
    return str(block["rule"])


def test_a_rule_is_disabled_for_a_source_and_the_text_comes_back(taosha: Command, tmp_path: Path) -> None:
    rule = rule_of_the_credit(taosha)
    name = rule.partition("@")[0]
    assert CREDIT not in taosha("show", "1", "--text")
    assert "is disabled for wanbao" in taosha.told("rules", "disable", rule, "--source", "wanbao")
    assert "was disabled for wanbao already" in taosha.told("rules", "disable", name, "--source", "wanbao")
    assert f"Disabled for wanbao: {name}" in taosha("why", "1")
    assert json.loads(taosha("why", "1", "--json"))["disabled_rules"] == [name]
    assert CREDIT not in taosha("show", "1", "--text")  # not before it is cleaned again
    summary = json.loads(taosha("reclean", "--workers", "0", "--json"))
    assert summary["counts"]["changed"] == 1
    assert CREDIT in taosha("show", "1", "--text")
    other = tmp_path / "other.html"
    other.write_text(PAGE.replace("老厂", "新厂"), encoding="utf-8")
    taosha("clean", str(other), "--source", "wanbao", "--workers", "0")
    assert CREDIT in taosha("show", "2", "--text")  # what comes in is cleaned so from the start
    third = tmp_path / "third.html"
    third.write_text(PAGE.replace("老厂", "别厂"), encoding="utf-8")
    taosha("clean", str(third), "--source", "another", "--workers", "0")
    assert CREDIT not in taosha("show", "3", "--text")  # of another source
    assert "nothing is due" in taosha.told("reclean", "--source", "wanbao", "--workers", "0")


def test_a_rule_is_enabled_again(taosha: Command) -> None:
    rule = rule_of_the_credit(taosha)
    before = taosha("show", "1", "--text")
    taosha("rules", "disable", rule, "--source", "wanbao")
    taosha("reclean", "--workers", "0")
    assert "acts on wanbao again" in taosha.told("rules", "enable", rule, "--source", "wanbao")
    taosha("reclean", "--workers", "0")
    assert taosha("show", "1", "--text") == before
    assert "is not disabled" in taosha("rules", "enable", rule, "--source", "wanbao", code=2)


@pytest.mark.parametrize(
    ("rule", "source", "told"),
    [
        ("credit.imag", "wanbao", "Did you mean credit.image"),
        ("nothing.like-it", "wanbao", "there is no rule"),
        ("credit.image", "nobody", "the store has no source 'nobody'"),
        ("mojibake.lost", "wanbao", "can not be disabled"),
    ],
)
def test_mistakes_are_told(taosha: Command, rule: str, source: str, told: str) -> None:
    assert told in taosha("rules", "disable", rule, "--source", source, code=2)


def test_rules_are_listed_with_what_they_did(taosha: Command) -> None:
    rule = rule_of_the_credit(taosha)
    taosha("rules", "disable", rule, "--source", "wanbao")
    rows = {row["rule"]: row for row in json.loads(taosha("rules", "list", "--json"))}
    assert (rows[rule]["blocks"], rows[rule]["chars"]) == (1, len(CREDIT))
    assert rows[rule]["disabled_for"] == ["wanbao"]
    assert rule in taosha("rules", "list", "--stored-since", "1d", "--source", "wanbao")
    assert taosha("rules", "list", "--stored-since", "2999") == ""
    assert taosha("rules", "list", "--source", "nobody") == ""
    assert "is no time" in taosha("rules", "list", "--stored-since", "yesterday", code=2)


def test_samples_of_a_rule(taosha: Command) -> None:
    rule = rule_of_the_credit(taosha)
    assert taosha("rules", "show", rule) == f"1\twanbao\t{CREDIT}\n"
    (sample,) = json.loads(taosha("rules", "show", rule.partition("@")[0], "--json"))["removed"]
    assert (sample["article_id"], sample["text"]) == (1, CREDIT)
    assert "it did nothing here" in taosha.told("rules", "show", "chrome.share")
    assert "there is no rule" in taosha("rules", "show", "no.rule", code=2)


def test_search_is_filtered_by_language_and_by_what_became_of_the_page(taosha: Command) -> None:
    for options, count in (
        (["--language", "zh"], 1),
        (["--language", "en"], 0),
        (["--outcome", "article"], 1),
        (["--outcome", "soft_404"], 0),
    ):
        assert len(json.loads(taosha("search", "齿轮", "--json", *options))) == count, options
    assert "there is no outcome" in taosha("search", "齿轮", "--outcome", "lost", code=2)
    assert len(json.loads(taosha("list", "--json", "--language", "en"))) == 0


def test_a_mistake_in_a_query_is_pointed_at(taosha: Command) -> None:
    told = taosha("search", "齿轮 AND", code=2)
    assert "AND needs a word on both sides" in told
    assert "\n  齿轮 AND\n       ^" in told
