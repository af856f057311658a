"""Each judge against its case file: lines that must go and, at least as many, lines that must stay."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from cleaners.judges import JUDGES
from cleaners.metadata.folding import fold
from cleaners.model import Document, Line

CASES = Path(__file__).parents[3] / "fixtures" / "cases" / "judges"
SINGLE = ("byline", "credit", "chrome", "intro", "related", "notice", "echo")
TITLES = ("河流的四季：一座老城与水的故事", "河流的四季：一座老城与水的故事_青石网")
ARTICLE = (
    "老城在河的北岸，码头是它的心脏。",
    "春天河水上涨，渔船从下游回来，码头上从早到晚都是人。",
    "夏天的傍晚，孩子们在河边放风筝，老人坐在台阶上看水。",
    "到了秋天，河水退下去，露出三百年前修的石堤。",
    "石堤上刻着历年洪水的高度，最高的一道在人的头顶以上。",
    "文物部门去年把石堤列入名录，修缮却迟迟没有开始。",
    "住在岸边的人说，河才是这座城的主人。",
    "冬天的河很安静，船都停在对岸，只有渡口还亮着灯。",
    "渡口的灯是老陈点的，他在这里守了四十年。",
    "他说等石堤修好，就把灯交给儿子。",
    "儿子在省城上班，一年回来两次。",
    "没有人知道他会不会回来。",
)


def document(lines: list[tuple[str, int]]) -> Document:
    made = (Line(i, text, fold(text), "p", links) for i, (text, links) in enumerate(lines))
    return Document(tuple(made), TITLES, "青石网", "https://news.example/1.html")


def verdict(name: str, line: str, where: str, linked: int = 0) -> str:
    place = {"head": 1, "middle": len(ARTICLE) * 3 // 2, "tail": len(ARTICLE) * 3 - 1}[where]
    texts = [(f"{text}{i or ''}", 0) for i in range(3) for text in ARTICLE]
    texts.insert(place, (line, linked))
    return dict(JUDGES)[name](document(texts)).get(place, "")


def load(name: str) -> list[dict[str, Any]]:
    return tomllib.loads((CASES / f"{name}.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize(
    ("name", "case"), [(name, case) for name in SINGLE for case in load(name)], ids=lambda v: str(v)[:60]
)
def test_line(name: str, case: dict[str, Any]) -> None:
    found = verdict(name, case["line"], case["where"], case.get("linked", 0))
    assert found == case["rule"]


@pytest.mark.parametrize(
    "case", [c for name in SINGLE for c in load(name) if not c["rule"]], ids=lambda c: c["line"][:40]
)
def test_article_text_survives_every_judge(case: dict[str, Any]) -> None:
    assert {name: v for name, _ in JUDGES if (v := verdict(name, case["line"], case["where"]))} == {}


@pytest.mark.parametrize("name", SINGLE)
def test_as_many_negatives_as_positives(name: str) -> None:
    cases = load(name)
    assert sum(not case["rule"] for case in cases) >= sum(bool(case["rule"]) for case in cases)


@pytest.mark.parametrize("name", [name for name, _ in JUDGES])
def test_clean_article_passes_untouched(name: str) -> None:
    assert dict(JUDGES)[name](document([(text, 0) for text in ARTICLE])) == {}


@pytest.mark.parametrize("name", [name for name, _ in JUDGES])
def test_no_lines_no_verdicts(name: str) -> None:
    assert dict(JUDGES)[name](document([])) == {}


HEADLINES = tomllib.loads((CASES / "headlines.toml").read_text("utf-8"))["document"]


@pytest.mark.parametrize("case", HEADLINES, ids=lambda c: c["name"])
@pytest.mark.parametrize("where", ["middle", "tail"])
def test_headline_rows(case: dict[str, Any], where: str) -> None:
    rows = [(row, len(row) if case["linked"] else 0) for row in case["rows"]]
    lines = [(text, 0) for text in (*ARTICLE, *case.get("before", []))]
    place = len(lines) if where == "tail" else 6
    lines[place:place] = rows
    dropped = dict(JUDGES)["headlines"](document(lines))
    drop = case["drop"] and (where == "tail" or not case.get("under"))
    assert sorted(dropped) == (list(range(place, place + len(rows))) if drop else [])


def test_headline_rows_as_many_negatives_as_positives() -> None:
    for under in (False, True):
        drops = [case["drop"] for case in HEADLINES if bool(case.get("under")) is under]
        assert drops.count(False) >= drops.count(True)


def test_speakers_of_an_interview_stay() -> None:
    talk = [(f"记者：{q}", 0) for q in ("好的", "明白", "是吗", "再见")]
    lines = [(text, 0) for text in ARTICLE[:3]]
    for question in talk:
        lines += [question, ("老陈：那年的水涨到了石堤上，谁也没见过那么大的水。", 0)]
    assert dict(JUDGES)["byline"](document(lines)) == {}


def test_second_copy_of_a_run_goes() -> None:
    lines = [(text, 0) for text in (*ARTICLE, *ARTICLE[2:7])]
    assert sorted(dict(JUDGES)["repeat"](document(lines))) == list(range(12, 17))


def test_single_repeated_line_stays() -> None:
    lines = [(text, 0) for text in (*ARTICLE[:5], ARTICLE[2], *ARTICLE[5:])]
    assert dict(JUDGES)["repeat"](document(lines)) == {}
