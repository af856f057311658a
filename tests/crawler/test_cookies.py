"""Cookies from a file go where they belong, and nowhere else."""

import pytest
from scrapy import Request

from crawler.net.cookies import CookieFileError, CookieFileMiddleware, read_cookies

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
