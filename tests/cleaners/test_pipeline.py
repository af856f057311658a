"""The frame, on the pages that the project was created from: one test a claim."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from cleaners import Article, Page, Reason, Rejected, Rules, clean
from cleaners.model import replay
from tests.cases import FIXTURES

SEEDS = FIXTURES / "seeds"


@cache
def cleaned(path: Path) -> Article:
    kind = "text/plain" if path.suffix == ".txt" else "text/html"
    outcome = clean(Page(url=path.as_uri(), body=path.read_bytes(), content_type=kind))
    assert isinstance(outcome, Article), outcome
    return outcome


PAGES = sorted(SEEDS.glob("*/*.html")) + sorted(SEEDS.glob("*/*.txt"))


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_every_change_is_noted(path: Path) -> None:
    for block in cleaned(path).blocks:
        text = replay(block.raw, block.notes)
        assert block.text == ("" if block.dropped else text)
        if block.dropped:
            assert block.dropped.after == ""
            assert block.dropped.rule.count("@") == 1


def html(body: str) -> Page:
    return Page(
        url="https://news.example/1.html", body=body.encode(), content_type="text/html; charset=utf-8"
    )


PROSE = "<p>公司在发布会上公布了新一代芯片的性能数据，单位功耗下降三成，量产时间定在明年。</p>"


def test_no_bytes_are_rejected_as_empty() -> None:
    assert_rejected(Page(url="file:///a.html", body=b" \n"), Reason.EMPTY)


def test_bytes_that_are_no_text_are_rejected() -> None:
    assert_rejected(
        Page(url="file:///a.html", body=b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8), Reason.NOT_HTML
    )


def test_a_file_takes_the_address_that_its_page_names() -> None:
    body = f'<link rel=canonical href="https://news.example/9.html"><h1>新一代芯片</h1>{PROSE * 3}'
    outcome = clean(Page(url="file:///dump/a.html", body=body.encode()))
    assert isinstance(outcome, Article)
    assert outcome.url == "https://news.example/9.html"


def test_a_disabled_rule_does_not_act() -> None:
    body = f'<h1>新一代芯片</h1>{PROSE * 3}<p>他說:"很好"</p>'
    plain, quoted = clean(html(body)), clean(html(body), Rules(disabled=frozenset({"quotes.pair"})))
    assert isinstance(plain, Article)
    assert isinstance(quoted, Article)
    assert "“很好”" in plain.text
    assert '"很好"' in quoted.text
    assert plain.fingerprint != quoted.fingerprint


def test_what_extraction_dropped_by_a_disabled_rule_is_kept() -> None:
    body = f"<h1>新一代芯片</h1>{PROSE * 3}<footer><p>本站地址在城北老街三号</p></footer>"
    dropped = clean(html(body))
    assert isinstance(dropped, Article)
    (rule,) = {note.rule.partition("@")[0] for note in dropped.removed if "城北" in note.before}
    kept = clean(html(body), Rules(disabled=frozenset({rule})))
    assert isinstance(kept, Article)
    assert "城北" not in dropped.text
    assert "城北" in kept.text


def test_a_text_on_which_a_disabled_repair_would_act_stays_as_it_is() -> None:
    damaged = (
        "<p>互聯(lián)網(wǎng)與數(shù)據(jù)的發(fā)展很快。</p><p>業(yè)務(wù)經(jīng)過調(diào)整。</p>"
    )
    body = f"<h1>新一代芯片</h1>{PROSE * 3}{damaged}"
    repaired, left = clean(html(body)), clean(html(body), Rules(disabled=frozenset({"annotations.pinyin"})))
    assert isinstance(repaired, Article)
    assert isinstance(left, Article)
    assert "(lián)" not in repaired.source_text
    assert "(lián)" in left.source_text


def assert_rejected(page: Page, reason: Reason) -> None:
    outcome = clean(page)
    assert isinstance(outcome, Rejected)
    assert outcome.reason is reason
    assert outcome.detail.endswith(".")


def test_a_tag_that_lost_its_bracket_ends_its_paragraph() -> None:
    body = f"<h1>新一代芯片</h1><p>他们对市场很乐观?/p>{PROSE * 3}"
    outcome = clean(html(body))
    assert isinstance(outcome, Article)
    assert [note.rule for note in outcome.page_notes] == ["annotations.markup@1"]
    assert "/p>" not in outcome.text


def test_pictures_of_a_saved_page_are_where_the_page_came_from() -> None:
    picture = '<img src="/pictures/1.jpg" width=600>'
    canonical = '<link rel=canonical href="https://news.example/9.html">'
    body = f"{canonical}<h1>新一代芯片</h1>{PROSE}{picture}{PROSE * 2}"
    outcome = clean(Page(url="file:///dump/a.html", body=body.encode()))
    assert isinstance(outcome, Article)
    assert [image.url for image in outcome.meta.images] == ["https://news.example/pictures/1.jpg"]
