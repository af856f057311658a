"""Home pages alone: feeds, sitemaps and lists are found, articles told from everything else."""

import pytest

from tests.crawler.crawling import LOOPBACK, Answer, Site, article, listing, run

TITLES = [f"第{n}家工厂宣布扩建生产线并且招聘工人" for n in range(6)]


def _feed_site():
    items = "".join(f"<item><title>{t}</title><link>/p/{n + 1}</link></item>" for n, t in enumerate(TITLES))
    pages = {f"/p/{n + 1}": article(title) for n, title in enumerate(TITLES)}
    pages["/rss"] = Answer(f"<rss><channel>{items}</channel></rss>".encode(), content_type="text/plain")
    head = '<link rel="alternate" type="application/rss+xml" href="/rss">'
    pages["/"] = listing({"/about": "关于我们", "/login": "登录"}, head)
    return pages


def _sitemap_site(base):
    paths = [f"/news/how-the-factory-number-{n}-grew" for n in range(6)]
    locations = "".join(f"<url><loc>{base}{path}</loc></url>" for path in [*paths, "/contact", "/tag/news"])
    pages = {path: article(title) for path, title in zip(paths, TITLES, strict=True)}
    pages["/robots.txt"] = Answer(f"Sitemap: {base}/maps/all.xml".encode(), content_type="text/plain")
    pages["/maps/all.xml"] = Answer(f"<urlset>{locations}</urlset>".encode())
    pages["/"] = listing({"/contact": "联系我们"})
    return pages


def _list_site():
    """Two sections, each with pages of lists; a calendar without end."""
    pages = {"/": listing({"/tech/": "科技", "/money/": "财经", "/events/2026/04/": "活动"})}
    for section, first in (("tech", 0), ("money", 3)):
        for page in range(3):
            number = first + page
            links = {f"/{section}/20260{number + 1}/{5000 + number}.shtml": TITLES[number]}
            links["/" if page == 2 else f"/{section}/index_{page + 2}.shtml"] = (
                "首页" if page == 2 else "下一页"
            )
            pages[f"/{section}/" if page == 0 else f"/{section}/index_{page + 1}.shtml"] = listing(links)
            pages[f"/{section}/20260{number + 1}/{5000 + number}.shtml"] = article(TITLES[number])
    return pages


def _calendar(path):
    if path.startswith("/events/"):
        year, month = (int(part) for part in path.strip("/").split("/")[1:3])
        return listing({f"/events/{year + month // 12}/{month % 12 + 1:02}/": "下个月"})
    return None


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    store = f"sqlite:///{tmp_path_factory.mktemp('homes') / 'store.db'}"
    feed = Site(_feed_site().get)
    lists = _list_site()
    listed = Site(lambda path: lists.get(path) or _calendar(path))
    mapped = Site(lambda path: None)
    mapped.respond = _sitemap_site(mapped.url.rstrip("/")).get
    with feed, listed, mapped:
        ran = run(
            *("crawl", feed.url, mapped.url, listed.url, "--store", store, "--json"),
            *("--allow-network", LOOPBACK, "--delay", "0"),
        )
    assert ran.code == 0, ran.err
    return {
        "feed": (ran.json["sources"][feed.url[7:-1]], feed.asked),
        "sitemap": (ran.json["sources"][mapped.url[7:-1]], mapped.asked),
        "lists": (ran.json["sources"][listed.url[7:-1]], listed.asked),
    }


@pytest.mark.parametrize("kind", ["feed", "sitemap", "lists"])
def test_all_articles_are_found_and_nothing_else_is_stored(homes, kind):
    figures, _ = homes[kind]
    assert (figures["new"], figures["rejected"], figures["failed"]) == (6, 0, 0)


@pytest.mark.parametrize("kind", ["feed", "sitemap", "lists"])
def test_pages_that_are_no_articles_by_their_names_are_left_alone(homes, kind):
    _, asked = homes[kind]
    assert [path for path in asked if path in ("/login", "/about", "/contact")] == []


def test_a_calendar_without_articles_is_not_followed(homes):
    _, asked = homes["lists"]
    assert len([path for path in asked if path.startswith("/events/")]) <= 1
