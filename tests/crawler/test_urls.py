import pytest

from crawler.discovery.urls import absolute, normalize_url
from tests.cases import load


@pytest.mark.parametrize("case", load("urls"))
def test_one_spelling_for_one_url(case):
    assert normalize_url(case["url"]) == case.get("same")


@pytest.mark.parametrize("case", load("urls"))
def test_the_one_spelling_stays(case):
    if "same" in case:
        assert normalize_url(case["same"]) == case["same"]


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("b.html", "https://example.org/x/b.html"),
        ("/b", "https://example.org/b"),
        ("//cdn.example.org/b", "https://cdn.example.org/b"),
        ("?page=2", "https://example.org/x/a?page=2"),
        ("  /b\n/c ", "https://example.org/b/c"),
        ("", None),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("http://[broken", None),
        ("/" + "a" * 3000, None),
    ],
)
def test_links_are_resolved_on_their_page(link, found):
    assert absolute(link, "https://example.org/x/a") == found
