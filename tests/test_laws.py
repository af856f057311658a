"""What holds for every page: nothing vanishes, notes replay, clean is total, deterministic and idempotent."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaners import Article, Page, Rejected, clean
from cleaners.model import replay
from tests.cases import FIXTURES

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)

SENTENCES = [
    "公司在发布会上公布了新一代芯片的性能数据，单位功耗下降三成。",
    "“我们会把节省下来的成本让给客户。”负责人说。",
    "互聯(lián)網(wǎng)企業(yè)發(fā)布數(shù)據(jù)，應(yīng)用經(jīng)過調(diào)整，實(shí)現(xiàn)增長(zhǎng)。",
    "The company said on Monday that revenue grew by 12%, more than expected.",
    "来源：财经观察",
    "责任编辑：李明",
    "- | 主队三比一取胜，后卫续约两年",
    "从事⼤模型相关⼯作",
    "\u200b大\u00a0模　型\ufeff",
    "「引文」——他問:真的?",
    "<&>",
    "打开客户端查看全文",
]
TEXT = st.one_of(st.sampled_from(SENTENCES), st.text(max_size=30)).map(html.escape)


TAGS = (
    "p",
    "div",
    "li",
    "ul",
    "h2",
    "span",
    "a",
    "b",
    "td",
    "tr",
    "table",
    "section",
    "article",
    "blockquote",
)
TAGS += ("figure", "figcaption", "font")


def _element(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tags = st.sampled_from(TAGS)
    return st.builds(
        lambda tag, inner: f"<{tag}>{''.join(inner)}</{tag}>",
        tags,
        st.lists(children, min_size=1, max_size=4),
    )


BODY = st.recursive(st.one_of(TEXT, st.just("<br>"), st.just("<img src=a.jpg>")), _element, max_leaves=25)
PARAGRAPHS = [
    "北方一家轴承厂在去年秋天换掉了用了二十年的热处理炉，新炉子的能耗只有原来的六成，而且不再需要人守着。",
    "厂长说，当时最担心的不是钱，而是停产。两个月的订单要提前赶出来，仓库里堆满了成品，工人轮班睡在休息室。",
    "新设备投产以后，废品率从百分之三降到了不足百分之一。省下来的电费，大约四年可以收回全部投资。",
    "附近的三家工厂也来参观过，其中一家已经签了合同。设备商表示，今年的产能已经排满，最快也要等到明年春天。",
]
ARTICLE = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
TITLES = st.sampled_from(
    ["轴承厂换掉二十年的热处理炉", "轴承厂换掉二十年的热处理炉_产业观察网", "热处理炉 &lt;更新&gt;"]
)
PAGES = st.builds(
    lambda title, before, inside, after: (
        f"<html><head><meta charset=utf-8><title>{title}</title></head><body>{before}"
        f"<div class=content>{ARTICLE}{inside}<p>{PARAGRAPHS[1]}</p></div>{after}</body></html>"
    ),
    TITLES,
    BODY,
    BODY,
    BODY,
)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def page(body: bytes, kind: str | None = "text/html") -> Page:
    return Page(url="https://news.example/a.html", body=body, content_type=kind, fetched_at=NOW)


def letters(text: str) -> str:
    """What must not vanish: letters and digits of any script that repair may not take away."""
    return "".join(re.findall(r"[^\W_]", text))


@QUICK
@given(PAGES)
def test_no_visible_text_is_missing_from_the_blocks(source: str) -> None:
    outcome = clean(page(source.encode("utf-8", "surrogatepass")))
    assert isinstance(outcome, Article)
    soup = BeautifulSoup(source, "lxml")
    visible = letters(soup.body.get_text() if soup.body else "")
    assert letters("".join(block.raw for block in outcome.blocks)) == visible


@QUICK
@given(PAGES)
def test_notes_replay(source: str) -> None:
    outcome = clean(page(source.encode("utf-8", "surrogatepass")))
    assert isinstance(outcome, Article)
    for block in outcome.blocks:
        kept = replay(block.raw, block.notes)
        assert block.text == ("" if block.dropped else kept)
    assert PARAGRAPHS[2] in outcome.text


@QUICK
@given(PAGES)
def test_clean_is_deterministic(source: str) -> None:
    body = source.encode("utf-8", "surrogatepass")
    assert clean(page(body)) == clean(page(body))


@QUICK
@given(
    st.binary(max_size=400),
    st.sampled_from([None, "text/html; charset=gb2312", "text/plain", "x/y; charset="]),
)
def test_clean_is_total_on_bytes(body: bytes, kind: str | None) -> None:
    assert isinstance(clean(page(body, kind)), Article | Rejected)


@QUICK
@given(PAGES, st.sampled_from(["gb18030", "big5hkscs", "utf-16", "shift_jis", "latin-1"]))
def test_clean_is_total_on_encodings(source: str, encoding: str) -> None:
    assert isinstance(clean(page(source.encode(encoding, "replace"))), Article | Rejected)


@pytest.mark.parametrize("path", sorted((FIXTURES / "seeds").glob("*/00*.*t*")), ids=lambda p: p.name)
def test_clean_is_idempotent_on_its_own_output(path) -> None:  # type: ignore[no-untyped-def]
    kind = "text/plain" if path.suffix == ".txt" else "text/html"
    first = clean(page(path.read_bytes(), kind))
    assert isinstance(first, Article)
    again = clean(page(first.text.encode(), "text/plain; charset=utf-8"))
    assert isinstance(again, Article)
    assert again.text == first.text
