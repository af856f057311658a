import re
import tomllib
from pathlib import Path

import pytest

import crawler.sources
from crawler.sources import parse_source
from crawler.sources.proposal import Proposal, article_pattern

HOST = "https://news.example.org"


@pytest.mark.parametrize(
    ("articles", "others"),
    [
        ([f"/2026/{n}.html" for n in range(10001, 10009)], ["/2026/", "/about.html", "/tag/10001.html"]),
        (["/a/how-we-built-it", "/a/what-the-town-did", "/a/why-it-took-long"], ["/b/how-we-did-it", "/a/"]),
        ([f"/show.php?cat=3&id={n}" for n in range(101, 110)], ["/show.php", "/list.php?id=3"]),
        ([f"/p/{n}" for n in (7, 8, 12, 105)], ["/q/7", "/p/"]),
        (["/2026/10001.html", "/2026/10002.html", "/live/50001.shtml", "/live/50002.shtml"], ["/live/"]),
    ],
)  # fmt: skip
def test_a_pattern_takes_the_articles_and_leaves_the_others(articles, others):
    pattern = article_pattern([HOST + path for path in articles])
    assert pattern is not None
    assert all(re.search(pattern, HOST + path) for path in articles)
    assert not [path for path in others if re.search(pattern, HOST + path)]


@pytest.mark.parametrize("urls", [[], ["/how-we-built-it", "/about-our-company"]])
def test_addresses_without_anything_in_common_give_no_pattern(urls):
    assert article_pattern([HOST + path for path in urls]) is None


def test_the_shape_of_an_article_that_came_through_is_always_in_the_pattern():
    many = [f"{HOST}/2026/{n}.html" for n in range(10001, 10100)]
    pattern = article_pattern(many, [f"{HOST}/special/77001.html"])
    assert pattern is not None
    assert re.search(pattern, f"{HOST}/special/77002.html")


@pytest.mark.parametrize(
    "proposal",
    [
        Proposal("x", HOST + "/", ["news.example.org"]),
        Proposal("x", HOST + "/", ["a.org", "b.org:8080"], [HOST + '/f"1'], [HOST + "/s"], pattern=r"/\d+"),
    ],
)  # fmt: skip
def test_a_proposal_is_a_valid_source_file(proposal):
    source = parse_source(proposal.toml, Path("daily.toml"))
    assert (source.name, source.home, source.hosts) == ("daily", proposal.home, tuple(proposal.hosts))
    assert source.feeds == tuple(proposal.feeds)
    assert source.discover is not bool(proposal.feeds)


def test_every_key_of_the_scaffold_is_one_that_works():
    text = Path(crawler.sources.__file__).with_name("scaffold.toml").read_text(encoding="utf-8")
    assert parse_source(text, Path("example.toml")).discover
    bare = re.sub(r"^# (?=\[|\w+ = )", "", text, flags=re.MULTILINE)
    assert len(tomllib.loads(bare)) > 12
    assert parse_source(bare, Path("example.toml")).rules.zone == "Asia/Shanghai"
