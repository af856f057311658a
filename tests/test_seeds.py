"""The pages that the project was created from, against their gold answers: one test a field."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from typing import Any

import pytest
from rapidfuzz.distance import Levenshtein

from cleaners import Article, Page, clean, normalize
from tests.cases import FIXTURES

SEEDS = FIXTURES / "seeds"
KINDS = ("html", "txt")
NAMES = ("001", "002", "004")
TONED = re.compile("[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]")
BRACKET = re.compile(rf"\([a-zü]*{TONED.pattern}[a-zü]*\)")
FIELDS = (
    "title",
    "authors",
    "editors",
    "source",
    "producer",
    "published_at",
    "original_title",
    "image_credit",
)

MOST_WRONG = 0.0015
"""Share of characters of the gold text that may be wrong."""


@cache
def article(kind: str, name: str) -> Article:
    path = SEEDS / kind / f"{name}.{kind}"
    content_type = "text/plain" if kind == "txt" else "text/html"
    outcome = clean(Page(url=path.as_uri(), body=path.read_bytes(), content_type=content_type))
    assert isinstance(outcome, Article), outcome
    return outcome


@cache
def gold(name: str) -> Any:
    return json.loads((SEEDS / "gold" / f"{name}.json").read_text(encoding="utf-8"))


@cache
def on_page(name: str) -> Any:
    """What the HTML page says beyond the text: its own title, dates and chrome lines."""
    return json.loads((SEEDS / "html" / "expect.json").read_text(encoding="utf-8"))[name]


def folded(value: object) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", str(value))).lower()


def wanted(kind: str, name: str, field: str) -> tuple[Any, list[Any]]:
    key = "published" if field == "published_at" else field
    metadata, accepted = dict(gold(name)["metadata"]), dict(gold(name)["accept"])
    if kind == "html":
        metadata |= on_page(name)["metadata"]
        for other, values in on_page(name)["accept"].items():
            accepted[other] = accepted.get(other, []) + values
    return metadata.get(key), accepted.get(key, [])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", KINDS)
def test_text(kind: str, name: str) -> None:
    want = gold(name)["text"]
    assert Levenshtein.distance(want, article(kind, name).text) <= MOST_WRONG * len(want) * 2
    mean = sum(
        Levenshtein.distance(gold(n)["text"], article(kind, n).text) / len(gold(n)["text"]) for n in NAMES
    ) / len(NAMES)
    assert mean <= MOST_WRONG


@pytest.mark.parametrize("name", ["000", "003"])
@pytest.mark.parametrize("kind", KINDS)
def test_pages_without_gold(kind: str, name: str) -> None:
    want = json.loads((SEEDS / "lines.json").read_text(encoding="utf-8"))[name]
    text = article(kind, name).text
    lines = text.split("\n")
    assert (lines[0], lines[-1], len(lines)) == (want["first"], want["last"], want["paragraphs"])
    assert [line for line in want["lines"] if line not in lines] == []
    assert [chrome for chrome in want["outside"] if chrome in text] == []
    assert text.count("“") == text.count("”")
    assert normalize(text) == text


@pytest.mark.parametrize("name", ["001", "002"])
@pytest.mark.parametrize("kind", KINDS)
def test_source_text_keeps_the_script(kind: str, name: str) -> None:
    assert "們" in article(kind, name).source_text
    assert normalize(article(kind, name).source_text) == article(kind, name).text


@pytest.mark.parametrize("name", ["000", "001", "002", "003", "004"])
@pytest.mark.parametrize("kind", KINDS)
def test_no_annotation_is_left(kind: str, name: str) -> None:
    assert not TONED.search(article(kind, name).text)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", KINDS)
def test_noise_lines_are_removed_and_said(kind: str, name: str) -> None:
    text = folded(normalize(article(kind, name).text))
    removed = folded(
        " ".join(normalize(BRACKET.sub("", note.before)) for note in article(kind, name).removed)
    )
    for row in gold(name)["removed"]:
        line = folded(normalize(BRACKET.sub("", row["line"])))
        if len(line) < 8 or "title" in row["kind"] or "?" in row["line"]:
            continue
        assert line not in text
        assert line in removed


@pytest.mark.parametrize("name", NAMES)
def test_chrome_is_outside(name: str) -> None:
    for line in on_page(name)["chrome"]:
        assert folded(normalize(line)) not in folded(article("html", name).text)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", KINDS)
def test_metadata(kind: str, name: str, field: str) -> None:
    want, accepted = wanted(kind, name, field)
    got = getattr(article(kind, name).meta, field)
    if isinstance(want, list):
        assert sorted(map(folded, got)) == sorted(map(folded, want))
    elif field == "published_at" and want:
        assert got is not None
        assert got.isoformat().startswith(want)
    elif want is None:
        assert got is None or folded(got) in map(folded, accepted)
    else:
        assert folded(got) in {folded(want), *map(folded, accepted)}


def test_both_forms_of_the_page_with_headlines_give_the_same_text() -> None:
    assert article("html", "002").text == article("html", "002_leaky").text
