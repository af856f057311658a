import re

import pytest

from crawler.discovery.entries import Entry
from crawler.discovery.links import Link, PageLinks
from crawler.sources import Listing, Source
from crawler.spiders.plan import Budget, Plan, Want
from crawler.spiders.worth import Worth

HOST = "https://example.org"


def plan(**keys):
    limits = {k: keys.pop(k) for k in ("worth", "max_sitemaps") if k in keys}
    return Plan(Source(name="x", hosts=("example.org",), **keys), **limits)


def urls(wants, kind="article"):
    return [want.url.removeprefix(HOST) for want in wants if want.kind == kind]


def page(*paths, next_pages=()):
    links = tuple(Link(HOST + path, text) for path, text in paths)
    return PageLinks(links, next_pages=tuple(HOST + path for path in next_pages))


def test_it_starts_where_the_source_says():
    source = plan(home=HOST + "/", feeds=(HOST + "/f", HOST + "/f"), listings=(HOST + "/l",))
    assert [(w.kind, w.url) for w in source.starts()] == [("feed", HOST + "/f"), ("listing", HOST + "/l")]
    assert [w.kind for w in plan(home=HOST + "/", discover=True).starts()] == ["home"]


def test_each_article_is_wanted_once_wherever_it_is_named():
    one = plan()
    assert urls(one.from_feed([Entry(HOST + "/p/1"), Entry(HOST + "/p/1")])) == ["/p/1"]
    assert urls(one.from_sitemap([Entry(HOST + "/p/1"), Entry(HOST + "/p/2")])) == ["/p/2"]


def test_what_is_outside_or_ignored_is_not_wanted():
    one = plan(ignore=(re.compile("/video/"),))
    entries = [Entry("https://other.org/2026/1234567.html"), Entry(HOST + "/video/1234567.html")]
    assert urls(one.from_feed(entries)) == urls(one.from_sitemap(entries)) == []
    assert (
        list(one.feed("https://other.org/rss"))
        == list(one.sitemap(Want("https://other.org/map.xml", "sitemap")))
        == []
    )


def test_the_pattern_of_the_source_decides_when_there_is_one():
    one = plan(article=re.compile(r"/a\d+$"))
    assert urls(one.from_feed([Entry(HOST + "/a1"), Entry(HOST + "/20260305/99999.html")])) == ["/a1"]


def test_a_budget_gives_what_is_left_and_takes_back_what_was_not_needed():
    budget = Budget(3)
    assert [budget.reserve(2), budget.reserve(2), budget.reserve(2)] == [2, 1, 0]
    budget.give_back(1)
    assert budget.reserve(5) == 1
    assert Budget().reserve(7) == 7


def test_what_states_a_time_is_passed_on_though_it_was_named_before():
    one = plan()
    entry = Entry(HOST + "/2026/1000001.html", modified="2026-03-05")
    assert urls(one.from_feed([Entry(entry.url)])) == urls(one.from_sitemap([entry]))
    assert urls(one.from_sitemap([Entry(entry.url)])) == []


def test_a_list_whose_articles_are_all_known_from_earlier_runs_is_not_followed():
    found = page(("/2026/1001.html", "标题"), next_pages=["/l?page=2"])
    want = Want(HOST + "/l", "listing")
    known = {HOST + "/2026/1001.html"}
    assert urls(plan().from_page(found, want, known), "listing") == []
    assert urls(plan().from_page(found, want, set()), "listing") == ["/l?page=2"]


def test_sitemaps_of_an_index_are_read_again_unless_they_state_a_time():
    entries = [Entry(HOST + "/a.xml", modified="2026-03-05T10:00:00+08:00"), Entry(HOST + "/b.xml")]
    first, second = plan().from_index(entries, depth=0)
    assert (first.again, first.stated.isoformat(), first.depth) == (False, "2026-03-05T02:00:00+00:00", 1)
    assert (second.again, second.stated) == (True, None)


def test_a_list_is_followed_while_it_shows_new_articles():
    one = plan(listings=(HOST + "/l",))
    (want,) = one.starts()
    seen = []
    for number in range(1, 9):
        found = page((f"/2026/100{min(number, 4)}.html", "标题"), next_pages=[f"/l?page={number + 1}"])
        wants = list(one.from_page(found, want))
        seen += urls(wants)
        follow = [w for w in wants if w.kind == "listing"]
        if not follow:
            break
        (want,) = follow
    assert seen == ["/2026/1001.html", "/2026/1002.html", "/2026/1003.html", "/2026/1004.html"]
    assert want.page == 5


def test_a_list_goes_on_though_its_articles_were_named_by_a_feed():
    one = plan()
    assert urls(one.from_feed([Entry(HOST + "/2026/1001.html")])) == ["/2026/1001.html"]
    found = page(("/2026/1001.html", "标题"), next_pages=["/l?page=2"])
    assert urls(one.from_page(found, Want(HOST + "/l", "listing")), "listing") == ["/l?page=2"]


def test_a_source_limits_the_pages_of_its_lists():
    one = plan(listing=Listing(pages=2))
    found = page(("/2026/1001.html", "标题"), next_pages=["/l?page=2"])
    assert urls(one.from_page(found, Want(HOST + "/l", "listing", page=2)), "listing") == []


@pytest.mark.parametrize(("discover", "lists"), [(True, ["/tech/", "/money/"]), (False, [])])
def test_sections_are_looked_at_only_when_left_to_discovery(discover, lists):
    one = plan(discover=discover)
    found = page(
        ("/tech/", "科技"),
        ("/money/", "财经"),
        ("/login", "登录"),
        ("/x/", "这是一段长得不像栏目名称的文字，所以不是栏目"),
    )
    assert urls(one.from_page(found, Want(HOST + "/", "home")), "listing") == lists


def test_sections_have_a_depth_and_a_budget():
    one = plan(discover=True, worth=Worth(lists=3))
    many = page(("/2026/1001.html", "标题"), *((f"/s{n}/", "栏目") for n in "abcdefgh"))
    wants = [w for w in one.from_page(many, Want(HOST + "/", "home")) if w.kind == "listing"]
    assert sum(one.admits(want) for want in wants) == 3
    deep = plan(discover=True)
    assert urls(deep.from_page(many, Want(HOST + "/", "listing", depth=2)), "listing") == []


def test_sitemaps_that_name_each_other_end():
    one = plan(max_sitemaps=2)
    wants = [
        w
        for _ in range(3)
        for path in ("/a.xml", "/b.xml", "/c.xml")
        for w in one.sitemap(Want(HOST + path, "sitemap"))
    ]
    assert urls(wants, "sitemap") == ["/a.xml", "/b.xml"]


def test_a_list_of_pages_that_turned_out_to_be_none_is_not_followed():
    one = plan(listings=(HOST + "/l",))
    for number in range(1000, 1100):
        one.admits(Want(f"{HOST}/fake/{number}.html", "article"))
        one.worth.vain(f"{HOST}/fake/{number}.html", "article")
    found = page(("/fake/2000.html", "一个足够长的新闻标题"), next_pages=["/l?page=2"])
    assert one.articles(found)
    assert urls(one.from_page(found, Want(HOST + "/l", "listing")), "listing") == []


def test_the_places_that_the_source_gives_are_always_asked():
    one = plan(listings=(HOST + "/l",), worth=Worth(lists=0))
    assert one.admits(Want(HOST + "/l", "listing"))
    assert not one.admits(Want(HOST + "/m", "listing"))


def test_a_list_is_followed_though_its_articles_are_still_being_cleaned():
    one = plan(listings=(HOST + "/l",))
    for number in range(1000, 1100):
        one.admits(Want(f"{HOST}/2026/{number}.html", "article"))
    found = page(("/2026/1105.html", "标题"), next_pages=["/l?page=2"])
    assert urls(one.from_page(found, Want(HOST + "/l", "listing")), "listing") == ["/l?page=2"]


def test_the_first_page_of_a_list_may_show_what_the_home_page_showed():
    one = plan(discover=True)
    top = page(("/2026/1001.html", "标题"))
    list(one.from_page(top, Want(HOST + "/", "home")))
    again = page(("/2026/1001.html", "标题"), next_pages=["/l?page=2"])
    known = frozenset({HOST + "/2026/1001.html"})
    assert urls(one.from_page(again, Want(HOST + "/l", "listing", page=2)), "listing") == []
    assert urls(one.from_page(again, Want(HOST + "/l", "listing"), known), "listing") == []
    assert urls(one.from_page(again, Want(HOST + "/l", "listing")), "listing") == ["/l?page=2"]


def test_sections_with_numbers_are_lists_and_short_headlines_articles():
    one = plan(discover=True)
    story = "一家工厂的第{}次搬迁与重建"
    found = page(
        *((f"/story/77{n}123", story.format(n)) for n in range(3)),
        ("/story/889123", "快评"),
        ("/s/6841", "产业"),
    )
    assert urls(one.from_page(found, Want(HOST + "/", "home")), "listing") == ["/s/6841"]
    assert [link.text for link in one.articles(found)][-1] == "快评"
