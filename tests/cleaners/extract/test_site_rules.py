"""A site's rules that match nothing are flagged with their id; they never break a page."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from cleaners import Article, Page, Rules, clean
from cleaners.extract.site_rules import try_rules
from cleaners.pipeline import current_fingerprint
from tests.crawler.pages import PARAGRAPHS

MARKUP = (
    "<html lang=zh><title>图书馆重新开放</title><body><h1 class=t>图书馆重新开放</h1><div class=story>"
    + "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    + "<p class=shelf>夜读会周五开讲，现场有茶</p></div></body></html>"
)
WHEN = datetime(2024, 6, 30, 12, tzinfo=UTC)


def page(fetched: datetime | None = None) -> Page:
    body = MARKUP.encode()
    return Page("https://a.example/1.html", body, "text/html; charset=utf-8", fetched_at=fetched)


@pytest.mark.parametrize(
    ("rules", "flagged"),
    [
        ({"body": (".article",)}, ["daily: body[0]: .article"]),
        ({"body": (".article", ".text")}, ["daily: body[0]: .article", "daily: body[1]: .text"]),
        ({"drop": (".shelf", ".advert")}, ["daily: drop[1]: .advert"]),
        ({"drop_phrases": ("夜读会", "扫码")}, ["daily: drop_phrases[1]: 扫码"]),
        ({"author": ("a[[",)}, ["daily: author[0]: a[["]),
        ({"body": (".article", ".story")}, []),
        ({"title": ("h1.t",), "keep": (".shelf",)}, []),
        ({"next_page": ("a.next",)}, []),
        ({"drop_phrases": ("夜讀會",)}, []),
        ({}, []),
    ],
)
def test_rules_in_vain(rules: dict[str, tuple[str, ...]], flagged: list[str]) -> None:
    article = clean(page(), Rules(name="daily", **rules))  # type: ignore[arg-type]
    assert isinstance(article, Article)
    assert [note.evidence for note in article.flags] == flagged
    assert {note.rule for note in article.flags} <= {"site.in-vain@1"}
    assert [note for note in article.notes if note.step == "flag/site"] == list(article.flags)
    assert all(line in article.text for line in PARAGRAPHS)


def test_what_matched_is_shown() -> None:
    found = {match.id: match for match in try_rules(page(), Rules(title=("h1",), drop=(".shelf",)))}
    assert (found["title[0]"].count, found["title[0]"].texts) == (1, ("图书馆重新开放",))
    assert found["drop[0]"].texts == ("夜读会周五开讲，现场有茶",)


@pytest.mark.parametrize("body", [b"", b"\x00\x01", b"<", b"<a" * 100_000])
def test_any_page_will_do(body: bytes) -> None:
    assert all(match.count == 0 for match in try_rules(Page("file:///x", body), Rules(drop=(".shelf",))))


@pytest.mark.parametrize(
    ("fetched", "kept"),
    [(WHEN, False), (WHEN.replace(month=7, day=1), True), (None, True)],
)
def test_the_rules_of_the_day_of_the_fetch(fetched: datetime | None, kept: bool) -> None:
    rules = Rules(name="daily", older=(Rules(name="daily", drop=(".shelf",), until=date(2024, 6, 30)),))
    article = clean(page(fetched), rules)
    assert isinstance(article, Article)
    assert ("夜读会周五开讲" in article.text) is kept
    assert article.fingerprint == current_fingerprint(rules) != current_fingerprint(Rules(name="daily"))
