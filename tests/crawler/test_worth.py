import pytest

from crawler.spiders.worth import ALLOWANCES, Worth

HOST = "https://example.org"
ARTICLE = ALLOWANCES["article"]


def _asked(worth, urls, kind="article", **keys):
    return sum(worth.admits(HOST + url, kind, **keys) for url in urls)


def test_a_shape_that_gives_nothing_is_left():
    worth = Worth()
    assert _asked(worth, (f"/calendar/{n}.html" for n in range(1000, 2000))) == ARTICLE.shape


def test_a_shape_that_gives_articles_goes_on():
    worth = Worth()
    for number in range(1000, 4000):
        url = f"{HOST}/2026/{number}.html"
        assert worth.admits(url, "article")
        if number % 5 == 0:
            worth.good(url, "article")


def test_many_shapes_of_one_folder_share_its_budget():
    worth = Worth()
    assert _asked(worth, (f"/maze/{n * 7919:x}z/" for n in range(2000))) == ARTICLE.folder


def test_many_folders_share_the_budget_of_the_host():
    worth = Worth()
    assert _asked(worth, (f"/{n * 7919:x}z/page" for n in range(5000))) == ARTICLE.host


def test_one_trap_leaves_the_others_their_budget():
    worth = Worth()
    _asked(worth, (f"/calendar/{n}.html" for n in range(1000, 2000)))
    assert _asked(worth, ("/news/1001.html", "/a/b/c.html")) == 2


def test_what_a_sitemap_names_needs_no_budget_of_its_shape():
    worth = Worth()
    urls = [f"/p/{n}.html" for n in range(1000, 2000)]
    assert _asked(worth, urls, named=True) == ARTICLE.host


def test_other_hosts_are_counted_apart():
    worth = Worth()
    _asked(worth, (f"/calendar/{n}.html" for n in range(1000, 2000)))
    assert worth.admits("https://www.example.org/calendar/1000.html", "article")


def test_no_host_is_asked_for_more_than_the_most():
    worth = Worth(most=50)
    for number in range(1000, 1100):
        worth.good(f"{HOST}/2026/{number}.html", "article")
    assert _asked(worth, (f"/2026/{n}.html" for n in range(1000, 1100))) == 50


def test_the_same_text_again_is_not_worth_it():
    worth = Worth()
    asked = 0
    for number in range(1000, 2000):
        url = f"{HOST}/a/{number}.html"
        if worth.admits(url, "article"):
            asked += 1
            worth.article(url, text=1)
    assert asked == ARTICLE.shape + ARTICLE.growth


@pytest.mark.parametrize(
    ("path", "open_"),
    [
        ("/a/b/a/b/a/b/a/b/", False),
        ("/" + "/".join("abcdefghijklmnopqrstuvwxyz") + "/", False),
        ("/news/china/news/2026/", True),
        ("/2026/2026/2026/2026/1.html", True),
        ("/a/b/c/d/e/f/g/h/i/j.html", True),
    ],
)
def test_paths_that_go_in_circles_are_not_followed(path, open_):
    assert Worth().open(HOST + path, "listing") is open_
