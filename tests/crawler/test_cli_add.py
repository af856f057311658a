"""`taosha sources add` on a site on loopback, and `taosha init`."""

from tests.crawler.crawling import LOOPBACK, Answer, Site, run
from tests.crawler.newsroom import Newsroom


def test_a_home_page_becomes_a_source_that_crawls(tmp_path):
    with Newsroom(20) as site:
        arguments = ("--sources", str(tmp_path / "mine"), "--allow-network", LOOPBACK, "--delay", "0")
        added = run("sources", "add", site.url, "--name", "daily", *arguments, cwd=tmp_path)
        assert added.code == 0, added.err
        text = (tmp_path / "mine" / "daily.toml").read_text(encoding="utf-8")
        assert f"{site.url}sitemap.xml" in text
        assert r"article = '//[^/]+/\d{4,}/\d{4,}\.html" in text
        again = run("sources", "add", site.url, "--name", "daily", *arguments, cwd=tmp_path)
        assert (again.code, "there already" in again.err) == (2, True)
        crawled = run("crawl", "daily", "--store", str(tmp_path / "s.db"), "--json", *arguments, cwd=tmp_path)
    assert crawled.code == 0, crawled.err
    assert crawled.json["sources"]["daily"]["new"] == 20


def test_a_site_without_articles_gives_no_file(tmp_path):
    with Site(lambda path: Answer(b"<p>nothing</p>") if path == "/" else None) as site:
        ran = run("sources", "add", site.url, "--name", "x", "--allow-network", LOOPBACK, cwd=tmp_path)
    assert (ran.code, list(tmp_path.iterdir())) == (5, [])


def test_init_makes_an_example_and_never_overwrites_it(tmp_path):
    made = run("init", str(tmp_path / "work"), cwd=tmp_path)
    assert made.code == 0, made.err
    (sample,) = (tmp_path / "work" / "sources").iterdir()
    assert "home" in sample.read_text(encoding="utf-8")
    assert run("init", str(tmp_path / "work"), cwd=tmp_path).code == 2


def test_what_stands_in_the_way_is_said_and_nothing_else(tmp_path):
    with Newsroom(3) as site:
        ran = run("sources", "add", site.url, "--name", "x", "--delay", "0", cwd=tmp_path)
        fine = run(
            "sources",
            "add",
            site.url,
            "--name",
            "x",
            "--delay",
            "0",
            "--allow-network",
            LOOPBACK,
            cwd=tmp_path,
        )
    assert ran.code == 5
    assert "--allow-network" in ran.err
    assert fine.code == 0
    assert [line for line in (ran.err + fine.err).splitlines() if "scrapy" in line] == []


def test_what_is_no_address_is_not_asked_for(tmp_path):
    ran = run("sources", "add", "news.example.org", cwd=tmp_path)
    assert ran.code == 2
    assert "not an http or https URL" in ran.err
    assert "https://" in ran.err.partition("\n")[2]


def test_a_name_that_is_almost_right_or_no_name_at_all_gets_a_hint(tmp_path):
    assert "Did you mean solidot?" in run("crawl", "soildot", cwd=tmp_path).err
    assert "https://news.example.org" in run("crawl", "news.example.org", cwd=tmp_path).err
