"""Parsers of bylines, dates, names and titles, and the resolution of fields against each other."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cleaners.metadata import byline, dates, names, resolve, titles
from cleaners.metadata.folding import fold
from cleaners.metadata.signatures import is_person, sign
from cleaners.model import Block, Candidate, Document, Extracted, Line, Page, Precision, Rules, Script

CASES = Path(__file__).parents[3] / "fixtures" / "cases" / "metadata"
FETCHED = datetime(2024, 6, 1, 4, 0, tzinfo=UTC)
PROSE = ("老城在河的北岸，码头是它的心脏。", "春天河水上涨，渔船从下游回来。", "石堤上刻着历年洪水的高度。")


def load(name: str) -> dict[str, Any]:
    return tomllib.loads((CASES / f"{name}.toml").read_text("utf-8"))


@pytest.mark.parametrize("case", load("bylines")["case"], ids=lambda c: c["line"][:30])
def test_byline(case: dict[str, str]) -> None:
    parts = byline.parse(case["line"], fold(case["line"])).parts
    assert {p.field: p.value for p in parts} == {k: v for k, v in case.items() if k != "line"}


@pytest.mark.parametrize("case", load("dates")["case"], ids=lambda c: c["text"])
def test_date(case: dict[str, str]) -> None:
    stamp = dates.best(fold(case["text"]), load("dates")["now"])
    if "when" not in case:
        assert stamp is None
    else:
        assert stamp is not None
        assert (stamp.when.isoformat(), stamp.precision.value) == (case["when"], case["precision"])


@pytest.mark.parametrize("case", load("names")["case"], ids=lambda c: c["text"])
def test_names(case: dict[str, Any]) -> None:
    assert list(names.people(case["text"], case.get("chinese", True))) == case["names"]


@pytest.mark.parametrize(
    ("title", "sites", "want"),
    [
        ("河流的四季_青石网", [], "河流的四季"),
        ("河流的四季 - 今日好文", ["今日好文"], "河流的四季"),
        ("大模型公司人才出走 估值泡沫隐现|独角兽|字节跳动_青石订阅", [], "大模型公司人才出走 估值泡沫隐现"),
        ("河流的四季：一座老城与水的故事", ["青石网"], "河流的四季：一座老城与水的故事"),
        ("A-B-C 三方达成协议", [], "A-B-C 三方达成协议"),
        ("新年伊始，老城怎么过", [], "新年伊始，老城怎么过"),
        ("Ein Fischer: «Der Fluss gehört uns allen»", [], "Ein Fischer: «Der Fluss gehört uns allen»"),
        ("Der Fluss und seine Stadt » Steinnetz", ["Steinnetz"], "Der Fluss und seine Stadt"),
    ],
)
def test_strip_site(title: str, sites: list[str], want: str) -> None:
    assert titles.strip_site(title, sites) == want


@pytest.mark.parametrize(
    ("found", "want"),
    [
        (("Streit am Fluss: «Das Wasser gehört allen»", "Ein Fischer klagt - «Das Wasser gehört allen»"), 0),
        (("Streit am Fluss: «Das Wasser gehört allen»", "Streit am Fluss: «Das Wasser gehört allen»"), 1),
        (
            ("Streit am Fluss: «Das Wasser gehört allen»", "Ein Fischer klagt - «Der Fluss ist für alle da»"),
            1,
        ),
        (("The river has failed its town: here is what to do", "Rivers fail: here is what to do"), 1),
    ],
)
def test_two_kickers_before_one_title(found: tuple[str, str], want: int) -> None:
    named = [Candidate("title", found[0], "json-ld"), Candidate("title", found[1], "h1")]
    chosen = titles.choose(named, [], False)
    assert chosen
    assert chosen.value == ("«Das Wasser gehört allen»", found[0])[want]


@pytest.mark.parametrize(
    ("name", "person"), [("何平", True), ("欧阳小雨", True), ("青石网", False), ("加拿大必读", False)]
)
def test_is_person(name: str, person: bool) -> None:
    assert is_person(name) is person


def lines(*texts: str) -> tuple[Line, ...]:
    return tuple(Line(i, t, fold(t)) for i, t in enumerate(texts))


@pytest.mark.parametrize(
    ("texts", "want"),
    [
        (("本报讯（记者何平 通讯员周静）老城在河的北岸。", *PROSE), ("何平", "周静")),
        ((*PROSE, "冬天的河很安静。(文/图 何平 周静)"), ("何平", "周静")),
        ((*PROSE, "冬天的河很安静。（何平）"), ("何平",)),
        ((*PROSE, "南山日报记者 何平"), ("何平",)),
        ((*PROSE, "冬天的河很安静。（完）"), ()),
        ((*PROSE, "他改名叫老陈（化名）"), ()),
        ((*PROSE, "老陈的儿子（李明）住在省城，一年回来两次。"), ()),
        (PROSE, ()),
    ],
)
def test_signatures(texts: tuple[str, ...], want: tuple[str, ...]) -> None:
    assert sign(lines(*texts)) == want


def meta(
    candidates: list[tuple[str, str, str]],
    url: str = "https://news.example/a/1.html",
    rules: Rules | None = None,
) -> Any:
    extracted = Extracted(tuple(Block(t) for t in PROSE), tuple(Candidate(*c) for c in candidates))
    page = Page(url, b"", fetched_at=FETCHED)
    return resolve(Document(lines(*PROSE), url=url), {}, extracted, page, rules or Rules())


def test_nothing_stated_nothing_invented() -> None:
    found = meta([])
    stated = (found.title, found.source, found.published_at, found.site_name, found.producer, found.access)
    assert stated == (None,) * 6
    assert (found.authors, found.editors, found.tags) == ((), (), ())
    assert (found.language, found.script) == ("zh", Script.HANS)


def test_naive_chinese_time_is_of_shanghai_with_its_precision() -> None:
    found = meta([("published", "2024-03-05 08:12", "byline")])
    assert found.published_at.isoformat() == "2024-03-05T08:12:00+08:00"
    assert (found.published_precision, found.timezone_source) == (Precision.MINUTE, "assumed")


def test_rules_name_another_zone() -> None:
    found = meta([("published", "2024-03-05 08:12", "byline")], rules=Rules(zone="Asia/Tokyo"))
    assert (found.published_at.isoformat(), found.timezone_source) == ("2024-03-05T08:12:00+09:00", "rules")


def test_stated_offset_is_kept() -> None:
    found = meta([("published", "2024-03-05T00:12:00Z", "json-ld")])
    assert (found.published_at.isoformat(), found.timezone_source) == ("2024-03-05T00:12:00+00:00", "stated")


def test_future_time_is_refused() -> None:
    assert meta([("published", "2031-01-01 10:00", "json-ld")]).published_at is None


def test_time_before_the_day_in_the_address_is_refused() -> None:
    found = meta([("published", "2012-01-01", "byline")], url="https://news.example/2024/03/05/1.html")
    assert found.published_at.date().isoformat() == "2024-03-05"


def test_printed_clock_refines_the_machine_day() -> None:
    found = meta(
        [
            ("published", "2024-03-05", "meta:publishdate"),
            ("byline", "2024年03月05日 08:12 南山日报", "byline"),
        ]
    )
    assert found.published_at.isoformat() == "2024-03-05T08:12:00+08:00"
    assert found.source == "南山日报"


def test_short_print_takes_the_year_of_fetching() -> None:
    assert (
        meta([("byline", "发布时间：03-05 08:12", "byline")]).published_at.isoformat()
        == "2024-03-05T08:12:00+08:00"
    )


@pytest.mark.parametrize(
    "line", ["03-05 08:12 来源：青石网 编辑：周静", "3月5日 08:12", "来源：青石网 03-05 08:12"]
)
def test_a_byline_without_a_year_tells_the_time(line: str) -> None:
    found = meta([("byline", line, "byline")])
    assert found.published_at.isoformat() == "2024-03-05T08:12:00+08:00"


def test_short_print_takes_the_year_of_the_pages_own_times_before_that_of_fetching() -> None:
    found = meta(
        [("modified", "2019-10-08 12:00:57", "meta:dateupdate"), ("published", "10-08 12:00", "class")]
    )
    assert found.published_at.isoformat() == "2019-10-08T12:00:00+08:00"


def test_short_print_of_december_before_a_time_in_january() -> None:
    found = meta([("modified", "2020-01-03 09:00", "meta:dateupdate"), ("published", "12-30 12:00", "class")])
    assert found.published_at.isoformat() == "2019-12-30T12:00:00+08:00"


@pytest.mark.parametrize(
    ("printed", "want"),
    [
        (("2024年03月05日 08:12", "2024-03-05 09:40:11"), "2024-03-05T08:12:30+08:00"),
        (("2024-03-05 09:40:11",), "2024-03-05T09:40:11+08:00"),
    ],
)
def test_a_print_that_agrees_confirms_the_machines_time(printed: tuple[str, ...], want: str) -> None:
    machine = ("published", "2024-03-05T08:12:30+08:00", "article:published_time")
    found = meta([machine, *(("published", text, "class") for text in printed)])
    assert found.published_at.isoformat() == want


@pytest.mark.parametrize(
    ("printed", "want"),
    [
        ("2024年3月5日 上午8:12", "2024-03-05T08:12:30+08:00"),
        ("2024-03-05 00:12", "2024-03-05T00:12:30+00:00"),
        ("2024-03-05", "2024-03-05T00:12:30+00:00"),
    ],
)
def test_a_time_in_utc_is_told_on_the_clock_that_the_page_prints(printed: str, want: str) -> None:
    machine = ("published", "2024-03-05T00:12:30+00:00", "article:published_time")
    assert meta([machine, ("published", printed, "class")]).published_at.isoformat() == want


def test_yesterday_may_be_long_ago() -> None:
    found = meta([("byline", "昨天 来源：青石网", "byline"), ("published", "1709600000", "script")])
    assert found.published_at.isoformat() == "2024-03-05T08:53:20+08:00"


def test_how_long_ago_it_was_is_no_source() -> None:
    found = meta([("byline", "2天前 · 2024-03-03 08:12", "byline")])
    assert (found.published_at.isoformat(), found.source) == ("2024-03-03T08:12:00+08:00", None)


def test_heading_above_the_text_stands_for_a_title_that_names_a_column() -> None:
    above = ("title", "河流的四季与老城的码头", "above")
    assert meta([("title", "新闻动态--青石网", "title"), above]).title == "河流的四季与老城的码头"
    assert meta([("title", "老城码头三百年_青石网", "title"), above]).title == "老城码头三百年"


def test_editor_is_no_author() -> None:
    found = meta([("byline", "责任编辑：周静", "byline-end"), ("author", "周静", "meta:author")])
    assert (found.authors, found.editors) == ((), ("周静",))


def test_outlet_is_no_author() -> None:
    found = meta([("byline", "来源：青石网", "byline"), ("author", "青石网", "meta:author")])
    assert (found.authors, found.source) == ((), "青石网")


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("来源：青石观察 2024-03-05 06:30", "青石观察"),
        ("来源:青石观察 | 2024年03月05日", "青石观察"),
        ("来源：2024-03-05 06:30", None),
        ("来源：3小时前", None),
    ],
)
def test_a_time_behind_the_source_is_none_of_it(line: str, source: str | None) -> None:
    assert meta([("byline", line, "byline")]).source == source


def test_site_name_is_no_source() -> None:
    found = meta([("site_name", "青石网", "og:site_name"), ("byline", "青石网", "byline")])
    assert (found.source, found.site_name) == (None, "青石网")


def test_evidence_has_the_winner_first() -> None:
    found = meta([("title", "河流的四季_青石网", "title"), ("title", "河流的四季", "heading")])
    assert found.title == "河流的四季"
    assert found.evidence[0] == Candidate("title", "河流的四季", "heading")
