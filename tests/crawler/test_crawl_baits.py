"""Everything that could lure the crawler inside a network: no request arrives, nothing of it is stored."""

import json

import pytest

from tests.crawler.crawling import Answer, Site, article, listing, run
from tests.crawler.newsroom import rows

SECRET = "内部机密的数据不可外传"
HOSTS = (
    "127.0.0.2",
    "0x7f000002",
    "2130706434",
    "127.2",
    "0177.0.0.2",
    "[::ffff:127.0.0.2]",
    "[::ffff:7f00:2]",
)
OTHERS = (
    "http://169.254.169.254/latest/20260305.html",
    "http://[::1]:9/20260305.html",
    "http://0.0.0.0:9/2026.html",
)
SCHEMES = (
    "file:///etc/passwd",
    "gopher://127.0.0.2/1",
    "data:text/html,20260305",
    "ftp://127.0.0.2/2026.html",
)
TITLE = "这条链接通向公司内部的网络地址"


class Baits(Site):
    """Each way to name an address, with each host: links, redirects, feeds, sitemaps, next pages."""

    def __init__(self, port):
        super().__init__(self.answer)
        self.inside = [f"http://{host}:{port}" for host in HOSTS]

    def answer(self, path):
        kind, _, number = path.strip("/").partition("/")
        target = self.inside[int(number[:1] or 0) % len(self.inside)] + f"/2026/{kind}.html"
        if path == "/robots.txt":
            lines = "".join(f"Sitemap: {place}/sitemap.xml\n" for place in self.inside)
            return Answer(lines.encode(), content_type="text/plain")
        if path == "/":
            return self.home()
        if path in ("/feed.xml", "/map.xml"):
            return self.document(path)
        if kind == "moved":
            return Answer(status=302, headers={"Location": target})
        if kind == "refresh":
            return Answer(f'<meta http-equiv="refresh" content="0;url={target}">'.encode())
        if kind == "canonical":
            found = article(
                f"第{number}篇写着别处地址的报道",
                f"第{number}篇报道。" + "正文里的句子说明了事情的经过。" * 20,
            )
            head = f'<head><link rel="canonical" href="{target}"><base href="{target}">'
            return Answer(found.body.replace(b"<head>", head.encode()))
        return None

    def home(self):
        count = range(len(HOSTS))
        links = {
            f"/{kind}/{n}20260305.html": f"{TITLE}{n}"
            for kind in ("moved", "refresh", "canonical")
            for n in count
        }
        links |= {f"{place}/2026/link{n}.html": f"{TITLE}{n}" for n, place in enumerate(self.inside)}
        links |= dict.fromkeys((*OTHERS, *SCHEMES), TITLE)
        heads = [f'<link rel="next" href="{place}/list/2">' for place in self.inside]
        heads += [
            f'<link rel="alternate" type="application/rss+xml" href="{place}/rss">' for place in self.inside
        ]
        return listing(links, "".join(heads))

    def document(self, path):
        places = [*self.inside, *OTHERS, *SCHEMES]
        if path == "/feed.xml":
            items = "".join(
                f"<item><title>{TITLE}</title><link>{place}/2026/f.html</link></item>" for place in places
            )
            return Answer(f"<rss><channel>{items}</channel></rss>".encode())
        maps = "".join(f"<sitemap><loc>{place}/more.xml</loc></sitemap>" for place in places)
        urls = "".join(f"<url><loc>{place}/2026/20260305.html</loc></url>" for place in places)
        return Answer(f"<sitemapindex>{maps}{urls}</sitemapindex>".encode())


@pytest.fixture(scope="module", params=["offsite", "own"])
def baited(request, tmp_path_factory):
    """Once with hosts that are not the source's, once with a source that lists all of them as its own."""
    folder = tmp_path_factory.mktemp("baits")
    with Site(lambda path: article(SECRET), host="127.0.0.2") as inside, Baits(inside.server_port) as site:
        own = [f"{host}:{inside.server_port}" for host in (*HOSTS, "localhost")]
        keys = {"home": site.url, "discover": True, "feeds": [site.url + "feed.xml"]}
        keys["sitemaps"] = [site.url + "map.xml", site.inside[0] + "/own.xml"]
        keys["hosts"] = [f"127.0.0.1:{site.server_port}", *(own if request.param == "own" else [])]
        lines = [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
        (folder / "bait.toml").write_text("\n".join([*lines, "[pace]", "delay = 0"]), encoding="utf-8")
        ran = run(
            *("crawl", "bait", "--sources", str(folder), "--store", str(folder / "s.db"), "--json"),
            *("--allow-network", "127.0.0.1", "-s", "RETRY_ENABLED=False"),
        )
        yield ran, inside, site, folder / "s.db"


def test_no_request_arrives_inside(baited):
    _, inside, site, _ = baited
    assert inside.asked == []
    assert len([path for path in site.asked if path.startswith(("/moved", "/refresh"))]) >= 2 * len(HOSTS)


def test_nothing_of_it_is_stored(baited):
    *_, store = baited
    assert SECRET.encode() not in store.read_bytes()
    assert rows(store, f"select count(*) from articles where text like '%{SECRET}%'") == [(0,)]
    assert b"root:x:0" not in store.read_bytes()


def test_the_articles_beside_the_baits_are_stored(baited):
    *_, store = baited
    assert rows(store, "select count(*) from articles") == [(len(HOSTS),)]


def test_why_they_were_not_asked_is_recorded(baited):
    ran, *_ = baited
    figures = ran.json["sources"]["bait"]
    assert {key for key in figures if key.startswith(("failed.", "skipped."))} & {
        "failed.address", "skipped.offsite", "skipped.address",
    }  # fmt: skip
