import pytest

from crawler.spiders.identity import canonical_of, names_same

URL = "https://example.org/m/2026/10001.html"


@pytest.mark.parametrize(
    ("head", "canonical"),
    [
        ('<link rel="canonical" href="/2026/10001.html">', "https://example.org/2026/10001.html"),
        ("<LINK HREF='https://example.org/2026/1.html?a=1&amp;b=2' REL=canonical />", "https://example.org/2026/1.html?a=1&b=2"),
        ("<link rel=canonical href=/2026/10001.html>", "https://example.org/2026/10001.html"),
        ('<link rel="alternate" href="/amp"><link rel="canonical" href="/x">', "https://example.org/x"),
        ('<link rel="canonical" href="javascript:alert(1)">', None),
        ('<link rel="canonical" href="file:///etc/passwd">', None),
        ('<link rel="canonical">', None),
        ('<link rel="stylesheet" href="/canonical.css">', None),
        ("<p>rel=canonical</p>", None),
        ("", None),
    ],
)  # fmt: skip
def test_the_canonical_link_is_read_off_the_bytes(head, canonical):
    assert canonical_of(f"<html><head>{head}</head>".encode(), URL) == canonical
    assert canonical_of(f"<html><head><title>标题</title>{head}</head>".encode("gb18030"), URL) == canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/amp/2026/10001.html", "/2026/10001.html"),
        ("/print.php?id=10001", "/2026/03/10001.html"),
        ("/news/how-the-factory-grew", "/print/how-the-factory-grew"),
        ("/新闻报道/一家工厂扩建", "/m/一家工厂扩建"),
        ("/p/a81f00b2c9", "/m.html?key=a81f00b2c9"),
        ("/2026/10001.html?from=timeline", "/2026/10001.html"),
    ],
)
def test_addresses_that_name_the_same_article(one, other):
    assert names_same("https://example.org" + one, "https://m.example.org" + other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/2026/03/10001.html", "/2026/03/10002.html"),
        ("/20260305/a.html", "/20260305/b.html"),
        ("/202603/1.html", "/202603/2.html"),
        ("/news/1.html", "/news/"),
        ("/2026/10001.html", "/"),
        ("/tech/how-it-works", "/tech/"),
    ],
)
def test_addresses_that_do_not(one, other):
    assert not names_same("https://example.org" + one, "https://example.org" + other)
