"""Which texts of one publisher are one article, and that the store remembers it."""

import pytest

from cleaners import clean
from cleaners.model import Article, Page, Reason, Rejected
from crawler.arrivals import Arrival
from crawler.twins import Twins, same_article, stands_for_any
from storage import open_store
from storage.likeness import Likeness
from storage.visits import Visit
from tests.crawler.crawling import article as page_of
from tests.crawler.prose import story

FIRST, SECOND = (story(n)[1] for n in (1, 2))
PARTS = FIRST.split("。")[:-1]
TEXT = "\n".join(PARTS)
PREAMBLE = "根据国家有关规定，现将本期抽检的结果公告如下，供消费者查询和监督，未经授权不得用于商业用途。" * 4


def like(text, title="新泊位启用", published="2026-03-05 02:00", origin="https://a.example/1"):
    return Likeness(origin, title, text, published)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (like(TEXT), like(TEXT, title="打印：新泊位启用", published=None)),
        (like(TEXT), like(f"责任编辑：李明\n{TEXT}")),
        (like(TEXT), like(TEXT.replace("，", ","))),
        (like(TEXT), like(f"{TEXT}\n欢迎关注港口发布的公众号，了解更多消息")),
        (like(FIRST), like(FIRST.replace("。", "。\n"))),
        (like("泊位今日启用。"), like("泊位今日启用。")),
    ],
    ids=[
        "other title",
        "a byline more",
        "other marks",
        "a line of the site more",
        "other paragraphs",
        "a flash",
    ],
)
def test_one_article(one, other):
    assert same_article(one, other)
    assert same_article(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (like(TEXT), like(SECOND)),
        (like("泊位今日启用。"), like("泊位今日启用。", title="旧泊位停用")),
        (like(f"{PREAMBLE}\n批次31合格"), like(f"{PREAMBLE}\n批次47合格", title="第47期公告")),
        (like(TEXT), like("\n".join([*PARTS[:-4], "此后的情况完全不同，工程因为资金的缘故推迟了两年"]))),
        (
            like(f"{PREAMBLE}\n不合格的有：甲厂的酱油和乙厂的醋以及丙厂的豆腐"),
            like(f"{PREAMBLE}\n不合格的有：丁厂的面粉和戊厂的大米以及己厂的糖", published="2026-03-06 02:00"),
        ),
    ],
    ids=[
        "other text",
        "a flash of other title",
        "other number",
        "half of it rewritten",
        "bulletins of two days",
    ],
)
def test_two_articles(one, other):
    assert not same_article(one, other)
    assert not same_article(other, one)


TITLES = ("新泊位启用", "渔港扩建完工", "夜班渡轮加开", "海堤加高半米")


def under(text, titles=TITLES):
    return [like(text, title, origin=f"https://a.example/{n}") for n, title in enumerate(titles)]


@pytest.mark.parametrize("text", ["请用新版本打开。", "Open it in the new release."])
def test_the_same_few_words_under_many_titles_are_the_sites(text):
    first, second, *others = under(text)
    assert not stands_for_any(second, [first])
    assert all(stands_for_any(other, [first, second]) for other in others)


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("请用新版本打开。", ("新泊位启用",) * 4),
        ("请用新版本打开。", (None,) * 4),
        ("泊位今日启用。", TITLES),
        ("Ferries stay in port.", ("Ferries cancelled", "Storm warning", "Harbour news")),
        (TEXT, TITLES),
    ],
    ids=["one title", "no title", "news of one of them", "news in english", "an article that was copied"],
)
def test_news_is_kept_whatever_else_has_its_text(text, titles):
    *earlier, last = under(text, titles)
    assert not stands_for_any(last, earlier)


def arrival(store, run, number, text, title="新泊位启用"):
    raw = Page(f"https://a.example/{number}", page_of(title, text).body, "text/html; charset=utf-8")
    (ref,) = store.add_pages([(raw, "a")], run, [None])
    outcome = clean(raw)
    assert isinstance(outcome, Article)
    return Arrival(raw, "a", None, Visit(number), page_id=ref.id, outcome=outcome)


def keep(store, run, arrivals):
    kept = Twins(store).sorted_out(arrivals)
    store.add_outcomes([(one.page_id, one.outcome) for one in kept], run)
    return [one.outcome for one in kept]


def test_a_later_run_knows_the_articles_of_an_earlier_one(opened_store):
    store, run = opened_store
    keep(store, run, [arrival(store, run, 1, FIRST)])
    (twin,) = keep(store, run, [arrival(store, run, 2, FIRST)])
    assert isinstance(twin, Rejected)
    assert twin.reason is Reason.DUPLICATE
    assert "https://a.example/1" in twin.detail


def test_an_article_is_no_twin_of_itself_nor_of_another_source(opened_store):
    store, run = opened_store
    keep(store, run, [arrival(store, run, 1, FIRST)])
    (again,) = keep(store, run, [arrival(store, run, 1, FIRST)])
    other = arrival(store, run, 3, FIRST)
    other.source = "b"
    (elsewhere,) = Twins(store).sorted_out([other])
    assert isinstance(again, Article)
    assert isinstance(elsewhere.outcome, Article)


def test_pages_of_one_text_and_many_titles_are_refused_from_the_third_on(opened_store):
    store, run = opened_store
    text = "夏天的风从水面上吹过来，树影落在石阶上。"
    pages = [arrival(store, run, n, text, title) for n, title in enumerate(TITLES)]
    *_, third = keep(store, run, pages[:3])
    (fourth,) = keep(store, run, pages[3:])
    assert isinstance(third, Rejected)
    assert isinstance(fourth, Rejected)
    assert (third.reason, fourth.reason) == (Reason.SOFT_404, Reason.SOFT_404)


@pytest.fixture
def opened_store(tmp_path):
    with open_store(tmp_path / "store.db") as store:
        yield store, store.start_run("test", ["a"], {})
