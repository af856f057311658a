"""Cookies from a file go where they belong, and nowhere else."""

import pytest
from scrapy import Request

from crawler.net.cookies import CookieFileError, CookieFileMiddleware, read_cookies
from tests.crawler.crawling import LOOPBACK, Site, article, listing, run

LATER = 4102444800
LINES = [
    f"example.org\tFALSE\t/\tFALSE\t{LATER}\tsession\tabc",
    f".example.org\tTRUE\t/members\tFALSE\t{LATER}\tpath\tdef",
    f"example.org\tFALSE\t/\tTRUE\t{LATER}\tsecure\tghi",
    "example.org\tFALSE\t/\tFALSE\t1\texpired\told",
    "example.org\tFALSE\t/\tFALSE\t0\tuntil_closed\tjkl",
    f"other.example\tFALSE\t/\tFALSE\t{LATER}\tother\tmno",
]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "cookies.txt"
    path.write_text("\n".join(["# Netscape HTTP Cookie File", *LINES]) + "\n")
    return path


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("http://example.org/", {"session", "until_closed"}),
        ("https://example.org/", {"session", "until_closed", "secure"}),
        ("http://example.org/members/1", {"session", "until_closed", "path"}),
        ("http://sub.example.org/members/1", {"path"}),
        ("http://sub.example.org/", set()),
        ("http://example.org.evil.example/", set()),
        ("http://example.net/", set()),
    ],
)
def test_each_cookie_goes_where_it_belongs(path, url, names):
    request = Request(url)
    CookieFileMiddleware(path).process_request(request)
    sent = (request.headers.get("Cookie") or b"").decode()
    assert {pair.split("=")[0] for pair in sent.split("; ") if pair} == names


def test_what_the_server_has_set_wins(path):
    request = Request("http://example.org/", headers={"Cookie": "session=new; more=1"})
    CookieFileMiddleware(path).process_request(request)
    sent = request.headers["Cookie"].decode().split("; ")
    assert set(sent) == {"session=new", "more=1", "until_closed=jkl"}


@pytest.mark.parametrize("content", [b"", b"{}", b"session=abc", b"\xff\xfe\x00"])
def test_what_is_no_cookie_file_is_said_without_its_content(tmp_path, content):
    path = tmp_path / "cookies.txt"
    path.write_bytes(content)
    with pytest.raises(CookieFileError) as told:
        read_cookies(path)
    assert "session=abc" not in str(told.value)


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(CookieFileError, match="can not be read"):
        read_cookies(tmp_path / "none.txt")


def test_a_crawl_brings_them_along_and_keeps_them_to_itself(tmp_path):
    seen = []

    pages = {f"/2026/{n}.html": f"第{n}篇报道的标题写得足够长了" for n in range(100000, 100003)}

    def answer(path):
        return listing(pages) if path == "/" else article(pages[path]) if path in pages else None

    with Site(answer) as site:
        site.cookies = seen
        (tmp_path / "cookies.txt").write_text(
            f"# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t{LATER}\tmember\tsecret-value\n"
        )
        (tmp_path / "paper.toml").write_text(f'home = "{site.url}"\ncookies = "cookies.txt"\n')
        done = run(
            "crawl", "paper", "--sources", str(tmp_path), "--store", str(tmp_path / "s.db"), "--json",
            "--delay", "0", "--allow-network", LOOPBACK, "--log-format", "json", "-s", "LOG_LEVEL=DEBUG",
        )  # fmt: skip
    assert done.code == 0, done.err
    assert done.json["sources"]["paper"]["new"] == 3
    assert set(seen) == {"member=secret-value"}
    assert "secret-value" not in done.err
    assert b"secret-value" not in (tmp_path / "s.db").read_bytes()


def test_a_broken_cookie_file_is_said_before_anything_is_asked(tmp_path):
    (tmp_path / "cookies.txt").write_text("no cookies")
    (tmp_path / "paper.toml").write_text('home = "https://example.org/"\ncookies = "cookies.txt"\n')
    done = run("crawl", "paper", "--sources", str(tmp_path), "--store", str(tmp_path / "s.db"))
    assert done.code == 4
    assert "paper: " in done.err
    assert "is no Netscape cookie file" in done.err
    assert not (tmp_path / "s.db").exists()
