"""History: every change leaves the state before, with its cause, and all states come back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.model import Image, Reason, Rejected
from storage import Store
from storage.differences import Chunk, chunks, difference
from storage.errors import StoreDamaged
from storage.history import revisions, states
from storage.states import pack_state, unpack_state
from tests.storage.build import article, noted_article, put

Opened = tuple[Store, int]
ORIGIN = "https://example.org/1"


def test_a_new_article_has_one_state(opened: Opened) -> None:
    store, run = opened
    number = put(store, run, article("一段。"), ORIGIN).article_id or 0
    (only,) = revisions(store, number)
    assert (only.number, only.cause, only.run_id, only.fields, only.rules) == (1, "new", run, (), {})
    assert list(states(store, number)) == [1]
    for ask in (revisions, states):
        with pytest.raises(KeyError):
            ask(store, number + 1)


@pytest.mark.parametrize(
    ("body", "fingerprint", "cause"),
    [(b"new", "cleaner-1", "source"), (b"old", "cleaner-2", "cleaner"), (b"new", "cleaner-2", "both")],
)
def test_a_change_says_what_caused_it(opened: Opened, body: bytes, fingerprint: str, cause: str) -> None:
    store, run = opened
    put(store, run, article("旧。"), ORIGIN, b"old")
    saved = put(store, run, article("新。", fingerprint=fingerprint), ORIGIN, body)
    assert saved.kind == "changed"
    first, second = revisions(store, saved.article_id or 0)
    assert (first.cause, first.fingerprint, first.chars) == ("new", "cleaner-1", 2)
    assert (second.cause, second.fingerprint, second.number) == (cause, fingerprint, 2)
    assert second.fields == ("text", "source_text")


def test_every_state_comes_back_as_it_was(opened: Opened) -> None:
    store, run = opened
    made = [
        article("一。", "二。", title=None, authors=("张三",)),
        article("一。", "二。\x00\ud800", title="题", tags=("甲", "乙")),
        noted_article("cleaner-3"),
        article("长" * 5000, title="题", images=(Image("https://example.org/a.png", "图", None, 1),)),
        article("", title="题"),
    ]
    kept = []
    for outcome in made:
        number = put(store, run, outcome, ORIGIN).article_id or 0
        kept.append(states(store, number)[len(kept) + 1])
    assert list(states(store, number).values()) == kept
    assert [state["text"] for state in kept[:2]] == ["一。\n二。", "一。\n二。␀\ufffd"]
    assert kept[3]["images"] == [
        {"url": "https://example.org/a.png", "alt": "图", "caption": None, "block": 1}
    ]


def test_what_is_no_change_leaves_no_revision(opened: Opened) -> None:
    store, run = opened
    number = put(store, run, article("同。"), ORIGIN).article_id or 0
    put(store, run, article("同。", fingerprint="cleaner-2"), ORIGIN)
    put(store, run, Rejected("u", Reason.EMPTY, "nothing", "cleaner-2"), ORIGIN, b"empty")
    assert [r.number for r in revisions(store, number)] == [1]


def test_a_revision_counts_what_the_rules_did(opened: Opened) -> None:
    store, run = opened
    number = put(store, run, noted_article(), ORIGIN).article_id or 0
    put(store, run, article("新。"), ORIGIN)
    assert revisions(store, number)[1].rules == {
        "annotations.pinyin@1": (1, 0),
        "credit.photo@2": (1, 0),
        "extract.outside@1": (1, 0),
        "markup.slip@1": (1, 0),
        "punctuation.widen@1": (1, 0),
        "script.simplified@1": (1, 0),
    }


def test_old_states_cost_little(opened: Opened) -> None:
    store, run = opened
    paragraphs = [f"第{i}段说的是另外一件事，数字是{i * 7919 % 1000}。" for i in range(60)]
    number = put(store, run, article(*paragraphs), ORIGIN).article_id or 0
    put(store, run, article(*paragraphs[:30], "改过的一段。", *paragraphs[31:]), ORIGIN, b"new")
    with store.reading() as connection:
        size = connection.exec_driver_sql("SELECT length(before) FROM revisions").scalar_one()
    assert size < 600
    assert states(store, number)[1]["text"] == "\n".join(paragraphs)


def test_a_spoiled_state_is_noticed(opened: Opened) -> None:
    store, run = opened
    number = put(store, run, article("旧的正文。" * 20), ORIGIN).article_id or 0
    put(store, run, article("新的正文。" * 20), ORIGIN, b"new")
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE revisions SET before = substr(before, 1, 40)")
    with pytest.raises(StoreDamaged):
        states(store, number)


texts = st.lists(st.sampled_from(["甲", "乙。", "丙丁", ""]), min_size=1, max_size=12).map("\n".join)


@settings(max_examples=100, deadline=None)
@given(texts, texts)
def test_chunks_hold_both_texts_whole(before: str, after: str) -> None:
    found = list(chunks(before, after))
    assert "\n".join(line for chunk in found for line in chunk.before) == before
    assert "\n".join(line for chunk in found for line in chunk.after) == after
    old, new = ({"title": None, "text": t, "source_text": t, "images": []} for t in (before, after))
    assert unpack_state(pack_state(old, new), new) == old
    assert bool(difference(old, new)) == (before != after)


def test_a_difference_names_fields_and_paragraphs() -> None:
    old = {"title": "旧题", "authors": '["张三"]', "text": "一\n二\n三", "source_text": "一", "images": []}
    new = old | {"title": "新题", "authors": '["李四"]', "text": "一\n贰\n三\n四", "tags": None}
    found = difference(old, new)
    assert found.fields == {"title": ("旧题", "新题"), "authors": (["张三"], ["李四"])}
    assert found.texts == {
        "text": (
            Chunk(("一",), ("一",)),
            Chunk(("二",), ("贰",)),
            Chunk(("三",), ("三",)),
            Chunk((), ("四",)),
        )
    }


def test_huge_texts_are_not_aligned_paragraph_by_paragraph() -> None:
    before, after = "\n".join(map(str, range(3000))), "\n".join(map(str, range(1, 3002)))
    assert [chunk.same for chunk in chunks(before, after)] == [False]


def test_the_views_tell_it_in_sql(opened: Opened) -> None:
    store, run = opened
    put(store, run, noted_article(), ORIGIN)
    with store.reading() as connection:
        edits = connection.exec_driver_sql(
            'SELECT rule, position, block, "offset", before, after FROM v_edits ORDER BY position'
        ).all()
    assert [tuple(row) for row in edits] == [
        ("markup.slip@1", 0, None, 40, "?/p>", "</p>"),
        ("annotations.pinyin@1", 1, 1, 2, "(lián)", ""),
        ("script.simplified@1", 2, 1, 1, "聯網", "联网"),
        ("punctuation.widen@1", 3, 1, 3, ",", "，"),
    ]
    put(store, run, article("新。"), ORIGIN, b"new")
    with store.reading() as connection:
        found = connection.exec_driver_sql("SELECT title, number, cause, command FROM v_revisions").all()
    assert [tuple(row) for row in found] == [("标题", 2, "source", "clean")]
