"""Stored pages as they are handed out for cleaning them again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from cleaners.model import Page
from storage import Store
from storage import raw_pages as module
from storage.filters import Where
from storage.models import ArticleRow
from storage.raw_pages import stored_pages
from tests.storage.build import article

COUNT = 7


@pytest.fixture
def seven(opened: tuple[Store, int], monkeypatch: pytest.MonkeyPatch) -> tuple[Store, int]:
    """Articles of 3 characters with even and of 6 with odd numbers, from pages of the same numbers."""
    monkeypatch.setattr(module, "_BATCH", 2)
    store, run = opened
    pages = [(Page(f"o{n}", str(n).encode(), origin=f"o{n}"), "s") for n in range(1, COUNT + 1)]
    refs = store.add_pages(pages, run)
    made = [(ref.id, article("正文。" if ref.id % 2 == 0 else "正文正文。。")) for ref in refs]
    store.add_outcomes(made, run)
    return store, run


def test_all_pages_come_in_the_order_of_storing(seven: tuple[Store, int]) -> None:
    assert [page.id for page in stored_pages(seven[0])] == list(range(1, COUNT + 1))


def test_what_is_done_with_the_pages_changes_nothing_in_the_selection(seven: tuple[Store, int]) -> None:
    store, run = seven
    where = Where(sql="chars = 3")
    given = []
    for page in stored_pages(store, where):
        given.append(page.id)
        # This one falls out of the selection; the one behind it, which was not in it, falls in.
        store.add_outcomes([(page.id, replace(article("很长的正文。"), fingerprint="cleaner-2"))], run)
        if page.id < COUNT:
            store.add_outcomes([(page.id + 1, replace(article("短的。"), fingerprint="cleaner-2"))], run)
    assert given == [2, 4, 6]
    assert [page.id for page in stored_pages(store, where)] == [3, 5, 7]


def test_what_was_dropped_since_is_left_out(seven: tuple[Store, int]) -> None:
    store, _ = seven
    pages = stored_pages(store, Where(sql="chars = 6"))
    assert next(pages).id == 1
    store.add_pages([(Page("o5", b"newer", origin="o5"), "s")], 1)
    assert [page.id for page in pages] == [3, 7]


def test_a_selection_by_source_takes_pages_without_an_article(seven: tuple[Store, int]) -> None:
    store, run = seven
    store.add_pages([(Page("p", b"p", origin="p"), "s"), (Page("q", b"q", origin="q"), "t")], run)
    assert [page.id for page in stored_pages(store, Where(source="s"))] == [*range(1, COUNT + 1), 8]
    with store.writing() as connection:
        connection.execute(update(ArticleRow).where(ArticleRow.id == 3).values(source="t"))
    assert [page.id for page in stored_pages(store, Where(source="t"))] == [3, 9]
