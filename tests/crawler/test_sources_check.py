"""`taosha sources check` asks a site and says what works; nothing is kept."""

from tests.crawler.crawling import LOOPBACK, Answer, Site, article, listing, run


def paper(path):
    if path == "/":
        return listing({f"/2026/{n}.html": f"第{n}篇报道的标题写得足够长了" for n in range(100000, 100008)})
    if path == "/feed.xml":
        return Answer(b"<html>no feed</html>")
    return article(f"标题{path[-11:-5]}写得足够长了") if path.startswith("/2026/") else None


def check(tmp_path, site, *more):
    folder = tmp_path / "sources"
    folder.mkdir(exist_ok=True)
    text = f'home = "{site.url}"\ndiscover = true\nfeeds = ["{site.url}feed.xml"]\n'
    (folder / "paper.toml").write_text(text)
    return run(
        "sources", "check", "paper", "--sources", str(folder), "--delay", "0", *more, cwd=tmp_path
    )  # fmt: skip


def test_a_source_that_works_in_part(tmp_path):
    with Site(paper) as site:
        done = check(tmp_path, site, "--json", "--allow-network", LOOPBACK)
        assert done.code == 0, done.err
        found = done.json
        assert sum(path.startswith("/2026/") for path in site.asked) == 3
        assert "/robots.txt" in site.asked
        lists = {one["url"].removeprefix(site.url): (one["state"], one["reason"]) for one in found["lists"]}
    assert lists[""] == ("stored", None)
    assert lists["feed.xml"][0] == "failed"
    assert found["works"]
    assert found["named"] == 8
    assert len(found["articles"]) == 3
    assert all(one["published_at"] for one in found["articles"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sources"]


def test_a_source_that_does_not_work(tmp_path):
    with Site(lambda path: Answer(b"no", 503, headers={"Retry-After": "600"})) as site:
        done = check(tmp_path, site, "--allow-network", LOOPBACK)
    assert done.code == 5
    assert "No article came through" in done.err
    assert "scrapy" not in done.err


def test_offline_asks_nobody(tmp_path):
    with Site(paper) as site:
        done = check(tmp_path, site, "--offline")
        assert (done.code, site.asked) == (0, [])
    assert "paper: ok" in done.err
