"""The golden corpus: pages written for it in the layouts that news sites use; one test a field.

A field that ``expected.json`` does not have is not asked for on that page; ``gaps`` names the fields that
the program does not read right yet.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cleaners import Article, Page, Rejected, clean
from tests.cases import FIXTURES

FOLDERS = sorted(p.parent for p in (FIXTURES / "golden").glob("*/expected.json"))


GAP = pytest.mark.xfail(reason="not read right yet; the answer is the page's", strict=True)


@cache
def wanted(folder: Path) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return answer


@cache
def cleaned(folder: Path) -> Article:
    page = Page(wanted(folder)["url"], (folder / "page.html").read_bytes())
    outcome = clean(page)
    assert isinstance(outcome, Article), outcome
    return outcome


@cache
def rejected(folder: Path) -> Rejected:
    outcome = clean(Page(wanted(folder)["url"], (folder / "page.html").read_bytes()))
    assert isinstance(outcome, Rejected), outcome.text
    return outcome


def asking(field: str) -> pytest.MarkDecorator:
    folders = [
        pytest.param(folder, id=folder.name, marks=[GAP] if field in wanted(folder).get("gaps", ()) else [])
        for folder in FOLDERS
        if field in wanted(folder)
    ]
    return pytest.mark.parametrize("folder", folders)


def test_there_are_pages_to_look_at() -> None:
    assert len(FOLDERS) >= 60
    assert sum("reason" in wanted(folder) for folder in FOLDERS) >= 6


@asking("reason")
def test_reason(folder: Path) -> None:
    assert rejected(folder).reason == wanted(folder)["reason"]


@asking("text")
def test_text(folder: Path) -> None:
    got = [block.source_text.strip("\u3000 ") for block in cleaned(folder).kept]
    assert got == wanted(folder)["text"]


@asking("title")
def test_title(folder: Path) -> None:
    assert cleaned(folder).meta.title == wanted(folder)["title"]


@asking("authors")
def test_authors(folder: Path) -> None:
    assert list(cleaned(folder).meta.authors) == wanted(folder)["authors"]


@asking("editors")
def test_editors(folder: Path) -> None:
    assert list(cleaned(folder).meta.editors) == wanted(folder)["editors"]


@asking("source")
def test_source(folder: Path) -> None:
    assert cleaned(folder).meta.source == wanted(folder)["source"]


@asking("published_at")
def test_published(folder: Path) -> None:
    when = cleaned(folder).meta.published_at
    assert (when.isoformat() if when else None) == wanted(folder)["published_at"]


@asking("images")
def test_images(folder: Path) -> None:
    assert [image.url for image in cleaned(folder).meta.images] == wanted(folder)["images"]
