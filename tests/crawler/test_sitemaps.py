import gzip
import itertools
import tracemalloc

import pytest

from crawler.discovery.entries import Entry
from crawler.discovery.sitemaps import read_sitemap, sitemap_parts
from crawler.discovery.xml import XmlError

BASE = "https://example.org/sitemap.xml"
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
IMAGE = 'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'


def test_an_index_names_further_sitemaps():
    entry = "<sitemap><loc>/a.xml.gz</loc><lastmod>2026-03-05</lastmod></sitemap>"
    body = f"<sitemapindex {SPACE}>{entry}</sitemapindex>"
    found = read_sitemap(body.encode(), BASE)
    assert found.sitemaps == (Entry("https://example.org/a.xml.gz", None, "2026-03-05", "2026-03-05"),)
    assert found.pages == ()


def test_a_url_set_names_pages_with_their_news_fields():
    body = f"""<urlset {SPACE} {NEWS} {IMAGE}>
    <url><loc> https://example.org/a/1.html </loc><lastmod>2026-03-06</lastmod>
      <image:image><image:loc>https://example.org/1.jpg</image:loc></image:image></url>
    <url><loc>https://example.org/a/2.html</loc><news:news><news:publication_date>2026-03-05</news:publication_date>
      <news:title>甲</news:title></news:news></url>
    <url><loc></loc></url></urlset>"""
    pages = (
        Entry("https://example.org/a/1.html", None, "2026-03-06", "2026-03-06"),
        Entry("https://example.org/a/2.html", "甲", "2026-03-05"),
    )
    assert read_sitemap(body.encode(), BASE).pages == pages
    assert read_sitemap(gzip.compress(body.encode()), BASE).pages == pages


def test_a_plain_list_is_a_sitemap_too():
    found = read_sitemap(b"https://example.org/a/1\r\nhttps://example.org/a/2\nftp://x/\n", BASE)
    assert [entry.url for entry in found.pages] == ["https://example.org/a/1", "https://example.org/a/2"]


def test_a_cut_gzip_gives_what_came():
    rows = "".join(f"<url><loc>https://example.org/a/{n}</loc></url>" for n in range(500))
    body = gzip.compress(f"<urlset>{rows}</urlset>".encode())
    assert 0 < len(read_sitemap(body[: len(body) // 2], BASE).pages) < 500


def test_a_sitemap_has_no_more_pages_than_the_protocol_allows():
    rows = b"<url><loc>https://example.org/a</loc></url>" * 50_010
    assert len(read_sitemap(b"<urlset>" + rows + b"</urlset>", BASE).pages) == 50_000


@pytest.mark.parametrize(
    "body", [b"<html></html>", b"", b'<!DOCTYPE u [<!ENTITY a "b">]><urlset/>', b"\xff\xd8\xff\xe0 picture"]
)
def test_what_is_no_sitemap_is_refused(body):
    with pytest.raises(XmlError):
        read_sitemap(body, BASE)


def test_a_large_sitemap_is_read_in_constant_memory():
    filler = b"<note>" + b"x" * 2000 + b"</note>"
    rows = b"".join(b"<url><loc>https://example.org/a/%d</loc>%b</url>" % (n, filler) for n in range(10_000))
    body = gzip.compress(b"<urlset>" + rows + b"</urlset>", 1)
    tracemalloc.start()
    counts = [len(part.pages) for part in sitemap_parts(body, BASE)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert counts == [1000] * 10
    assert peak < len(rows) / 8


def test_several_archives_in_one_file_are_read_one_after_the_other():
    halves = [b"<urlset><url><loc>/a/1</loc></url>", b"<url><loc>/a/2</loc></url></urlset>"]
    body = b"".join(map(gzip.compress, halves)) + b"rest"
    assert [entry.url[-1] for entry in read_sitemap(body, BASE).pages] == ["1", "2"]


def test_what_was_read_before_the_limit_was_met_is_given(monkeypatch):
    rows = b"".join(b"<url><loc>https://example.org/a/%d</loc></url>" % n for n in range(3000))
    parts = sitemap_parts(b"<urlset>" + rows + b"<x>" + b" " * (65 << 20), BASE)
    assert sum(len(part.pages) for part in itertools.islice(parts, 3)) == 3000
    with pytest.raises(XmlError, match="more than"):
        next(parts)
