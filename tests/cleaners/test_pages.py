"""Articles in several pages: links to the next part, and parts joined."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cleaners import Article, Page, Rejected, Rules, clean
from cleaners.pages import first_page, join, next_page
from cleaners.part_signs import may_go_on

URL = "https://news.example/2024/0305/bridge.html"


def link(text: str, href: str, extra: str = "") -> str:
    return f"<html><body><p>新桥通车。</p><a {extra} href='{href}'>{text}</a></body></html>"


@pytest.mark.parametrize(
    ("url", "markup", "wanted"),
    [
        (URL, link("下一页", "bridge_2.html"), "https://news.example/2024/0305/bridge_2.html"),
        (URL, link("下一頁 >", "/2024/0305/bridge-2.html"), "https://news.example/2024/0305/bridge-2.html"),
        (URL, link("余下全文", "?page=2"), URL + "?page=2"),
        (URL, link("2", "bridge_2.html", "rel='next'"), "https://news.example/2024/0305/bridge_2.html"),
        (URL + "?page=2&id=7", link("Next page", "?page=3&id=7"), URL + "?page=3&id=7"),
        (URL, "<base href='/'>" + link("下一页", "2024/0305/bridge_2.html"), "https://news.example/2024/0305/bridge_2.html"),
        (URL, "<base href='http://[::1'>" + link("下一页", "bridge_2.html"), "https://news.example/2024/0305/bridge_2.html"),
        ("https://a.example/story/bridge/2/", link("Next", "/story/bridge/3/"), "https://a.example/story/bridge/3/"),
    ],
)  # fmt: skip
def test_next_part(url: str, markup: str, wanted: str) -> None:
    assert next_page(markup, url) == wanted


@pytest.mark.parametrize(
    ("url", "markup"),
    [
        (URL, link("下一页", "harbour.html")),
        (URL, link("下一篇", "bridge_2.html")),
        (URL, link("下一页", "https://other.example/2024/0305/bridge_2.html")),
        (URL, link("下一页", "javascript:next()")),
        (URL, link("下一页", "bridge_3.html")),
        (URL, link("他翻到下一页，没有再读", "bridge_2.html")),
        ("https://news.example/1.html", link("下一页", "/2.html")),
        (URL, link("next", "/2024/0306/ferry.html", "rel=next")),
        (URL, link("下一页", "http://[bad/bridge_2.html")),
        ("https://news.example/bridge_2.html", link("下一页", "bridge_1.html")),
        (URL, ""),
    ],
)
def test_no_next_part(url: str, markup: str) -> None:
    assert next_page(markup, url) is None


def test_a_selector_of_the_site_is_believed() -> None:
    rules = Rules(next_page=("a.more",))
    markup = link("接着读", "/parts/88", "class='more'") + link("下一页", "bridge_2.html")
    assert next_page(markup, URL, rules) == "https://news.example/parts/88"
    assert next_page(link("下一页", "bridge_2.html"), URL, rules) is None
    assert next_page(link("下一页", "bridge_2.html"), URL, Rules(next_page=("a[[",))) is None


LEAD = "这座桥修了三年，比计划提前两个月通车。"


def part(number: int, *texts: str) -> Article:
    image = f'<img src="/img/{number}.jpg" width="600" height="400">'
    body = "".join(f"<p>{text}</p>" for text in (LEAD, *texts))
    head = "<html><head><title>新桥通车</title></head>"
    markup = f"{head}<body><article><h1>新桥通车</h1>{body}{image}</article></body></html>"
    made = clean(Page(f"https://news.example/bridge_{number}.html", markup.encode()))
    assert isinstance(made, Article), made
    return made


def test_parts_become_one_article() -> None:
    one = part(1, "桥长两千米，双向六车道，两侧有步道和自行车道。")
    two = part(2, "渡船将在年底停航，船工大多转到新的游船公司上班。")
    joined = join([one, two])
    assert joined.text.count(LEAD) == 1
    assert joined.text.endswith("渡船将在年底停航，船工大多转到新的游船公司上班。")
    assert joined.url == one.url
    assert joined.meta.title == "新桥通车"
    assert len(joined.blocks) == len(one.blocks) + len(two.blocks)
    assert "pages.repeated@1" in {note.rule for note in joined.removed}
    for image in joined.meta.images:
        assert image.block is None or image.block <= len(joined.blocks)


def test_one_part_is_itself() -> None:
    one = part(1, "桥长两千米，双向六车道，两侧有步道和自行车道。")
    assert join([one]) == one


def test_no_parts_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no parts"):
        join([])


def test_drop_phrases_of_a_site() -> None:
    body = "<p>桥长两千米，双向六车道，两侧有步道和自行车道，今天上午通车。</p>" * 3
    markup = f"<article><h1>新桥通车</h1>{body}<p>掃碼下載青石客戶端，看更多本地的新消息。</p></article>"
    page = Page(URL, f"<html><body>{markup}</body></html>".encode())
    plain, ruled = clean(page), clean(page, Rules(drop_phrases=("扫码下载青石", "  ")))
    assert isinstance(plain, Article)
    assert isinstance(ruled, Article)
    assert "site.phrase@1" in {note.rule for note in ruled.removed}
    assert "青石" not in ruled.text
    assert ruled.text.startswith("桥长两千米")
    off = clean(page, Rules(drop_phrases=("扫码下载青石",), disabled=frozenset({"site.phrase"})))
    assert isinstance(off, Article)
    assert off.text == plain.text


@pytest.mark.parametrize(
    ("url", "markup"),
    [
        ("https://news.example/2024/0305/bridge_2.html", link("上一页", "bridge.html")),
        ("https://news.example/2024/0305/bridge_2.html", link("1", "bridge.html")),
        ("https://news.example/2024/0305/bridge-3.html", link("上一頁", "bridge-2.html")),
        (URL + "?page=2", link("« Previous page", URL)),
        (URL + "?page=2", link("x", URL, "rel='prev'")),
    ],
)
def test_a_later_part_knows_an_earlier_one(url: str, markup: str) -> None:
    assert first_page(markup, url) is not None


@pytest.mark.parametrize(
    ("url", "markup"),
    [
        (URL, link("上一页", "bridge.html")),
        ("https://news.example/2024/story-7", link("新闻", "/2024/story")),
        ("https://news.example/2024/0305/bridge_2.html", link("上一页", "harbour.html")),
        ("https://news.example/2024/0305/bridge_2.html", link("上一篇", "bridge_1.html")),
        ("https://news.example/2024/0305/bridge_2.html", link("1", "https://other.example/2024/0305/bridge.html")),
        ("https://news.example/2024/0305/bridge_2.html", ""),
    ],
)  # fmt: skip
def test_what_is_no_later_part(url: str, markup: str) -> None:
    assert first_page(markup, url) is None


@pytest.mark.parametrize(
    ("href", "wanted"),
    [
        ("bridge_2.html", "file:///dump/a/bridge_2.html"),
        ("https://news.example/2024/0305/bridge_2.html", "file:///dump/a/bridge_2.html"),
        ("harbour.html", None),
        ("https://news.example/", None),
    ],
)
def test_in_a_saved_page_links_lead_to_files(href: str, wanted: str | None) -> None:
    assert next_page(link("下一页", href), "file:///dump/a/bridge.html") == wanted


def test_no_page_of_the_web_leads_to_files() -> None:
    assert next_page(link("下一页", "file:///etc/bridge_2.html"), "https://news.example/bridge.html") is None


def test_pages_that_lead_on_are_told_without_parsing() -> None:
    assert may_go_on(link("下一頁", "x"))
    assert may_go_on(link("2", "x", "rel=next"))
    assert may_go_on("", Rules(next_page=("a.more",)))
    assert not may_go_on("<p>新桥通车。</p><a href='/'>首页</a><a rel=nofollow>nextel</a>")


def paged(number: int, body: str) -> Page:
    html = (
        f"<html lang=zh><title>新桥通车</title><body><article><h1>新桥通车</h1>{body}</article></body></html>"
    )
    return Page(f"https://news.example/2024/bridge_{number}.html", html.encode(), "text/html; charset=utf-8")


FIRST = paged(1, "<p>这座桥修了三年，比计划提前两个月通车。</p><p>桥头的老茶馆也换了新招牌。</p>")
SECOND = paged(2, "<p>第一天就有三万辆车从桥上开过，最早的一辆是送菜的。</p><img src='b.jpg'>")


def test_a_page_with_parts_gives_the_whole_article() -> None:
    whole = clean(replace(FIRST, parts=(SECOND,)))
    alone = [clean(FIRST), clean(SECOND)]
    assert isinstance(whole, Article)
    assert all(isinstance(one, Article) for one in alone)
    assert whole.text == "\n".join(one.text for one in alone)  # type: ignore[union-attr]
    assert whole.url == FIRST.url
    assert whole.flags == ()
    assert whole == clean(replace(FIRST, parts=(SECOND,)))


def test_a_part_that_gives_nothing_is_flagged() -> None:
    whole = clean(replace(FIRST, parts=(paged(2, ""), replace(SECOND, body=b""))))
    assert isinstance(whole, Article)
    assert whole.text == clean(FIRST).text  # type: ignore[union-attr]
    assert [note.rule for note in whole.flags] == ["pages.missing@1", "pages.missing@1"]
    assert [(note.evidence or "").split(":")[0] for note in whole.flags] == ["page 2", "page 3"]
    assert whole.notes[-2:] == whole.flags


def test_without_its_first_page_there_is_no_article() -> None:
    assert isinstance(clean(replace(paged(1, ""), parts=(SECOND,))), Rejected)
