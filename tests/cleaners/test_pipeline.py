"""The frame, on the pages that the project was created from: one test a claim."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cleaners import Article, Page, clean
from cleaners.model import replay
from tests.cases import FIXTURES

SEEDS = FIXTURES / "seeds"
GOLD = ("001", "002", "004")


@cache
def cleaned(path: Path) -> Article:
    kind = "text/plain" if path.suffix == ".txt" else "text/html"
    outcome = clean(Page(url=path.as_uri(), body=path.read_bytes(), content_type=kind))
    assert isinstance(outcome, Article), outcome
    return outcome


@cache
def gold(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((SEEDS / "gold" / f"{name}.json").read_text(encoding="utf-8"))
    return data


PAGES = sorted(SEEDS.glob("*/*.html")) + sorted(SEEDS.glob("*/*.txt"))


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_every_change_is_noted(path: Path) -> None:
    for block in cleaned(path).blocks:
        text = replay(block.raw, block.notes)
        assert block.text == ("" if block.dropped else text)
        if block.dropped:
            assert block.dropped.after == ""
            assert block.dropped.rule.count("@") == 1


@pytest.mark.parametrize("name", GOLD)
@pytest.mark.parametrize("kind", ["html", "txt"])
def test_no_gold_paragraph_is_lost(name: str, kind: str) -> None:
    lines = set(cleaned(SEEDS / kind / f"{name}.{kind}").text.split("\n"))
    wanted = gold(name)["text"].split("\n")
    assert sum(line in lines for line in wanted) >= 0.75 * len(wanted)


@pytest.mark.parametrize("name", GOLD)
@pytest.mark.parametrize("kind", ["html", "txt"])
def test_no_noise_line_is_left(name: str, kind: str) -> None:
    article = cleaned(SEEDS / kind / f"{name}.{kind}")
    assert len(article.kept) <= len(gold(name)["text"].split("\n")) + 1


def test_the_leaky_page_gives_the_same_text() -> None:
    assert cleaned(SEEDS / "html" / "002_leaky.html").text == cleaned(SEEDS / "html" / "002.html").text
