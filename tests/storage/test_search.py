"""Search finds Chinese and Latin words, ranks, marks, and stays in step with the articles."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.dialects import sqlite

from storage import Store
from storage.errors import FilterInvalid, QuerySyntaxError
from storage.filters import Where
from storage.search import _ranked, rebuild_index, search
from tests.storage.build import CHINA, article, put

Opened = tuple[Store, int]

ARTICLES = {
    "o:finance": article("某公司完成新一轮融资，投资方没有透露。", title="融资消息"),
    "o:model": article("大模型的训练需要算力。\n这家公司也在融资。", title="人工智能与大模型"),
    "o:hant": article("這款機器人會說話。", title="機器人"),
    "o:mixed": article("OpenAI 发布 GPT-4，用AI写稿的人多了。", title="OpenAI news"),
    "o:spaced": article("人工 智能 改变生活。", title=None),
}


@pytest.fixture
def filled(opened: Opened) -> Opened:
    store, run = opened
    for origin, given in ARTICLES.items():
        put(store, run, given, origin)
    return opened


def found(store: Store, query: str, where: Where | None = None) -> set[str]:
    origins = list(ARTICLES)
    return {origins[hit.article_id - 1].removeprefix("o:") for hit in search(store, query, where)}


FINDS = [
    ("融资", {"finance", "model"}),
    ("融資", {"finance", "model"}),
    ("资", {"finance", "model"}),
    ("机器人", {"hant"}),
    ("機器人會", {"hant"}),
    ("大模型", {"model"}),
    ("大模", {"model"}),
    ("大型", set()),
    ("资投", set()),
    ("算力这家", set()),
    ("openai", {"mixed"}),
    ("OPENAI", {"mixed"}),
    ("open", set()),
    ("open*", {"mixed"}),
    ("gpt-4", {"mixed"}),
    ("gpt-5", set()),
    ("用AI", {"mixed"}),
    ("AI写", {"mixed"}),
    ("AI写稿", {"mixed"}),
    ('"发布 GPT"', {"mixed"}),
    ("人工智能", {"model", "spaced"}),
    ("融资 -大模型", {"finance"}),
    ("大模型 OR 机器人", {"model", "hant"}),
    ("title:融资", {"finance"}),
    ("title:(融资 OR 机器人)", {"finance", "hant"}),
    ("融资 -title:融资", {"model"}),
    ("(机器人 OR 融资) -大", {"finance", "hant"}),
    ("title:机*", {"hant"}),
    ("title:人", {"hant", "model"}),
    ("text:融资 公司", {"finance", "model"}),
    ("火星", set()),
]


@pytest.mark.parametrize(("query", "expected"), FINDS, ids=[case[0] for case in FINDS])
def test_finds(filled: Opened, query: str, expected: set[str]) -> None:
    assert found(filled[0], query) == expected


def test_a_word_in_the_title_counts_more(filled: Opened) -> None:
    assert [hit.title for hit in search(filled[0], "融资")] == ["融资消息", "人工智能与大模型"]


def test_the_match_is_marked_in_the_spelling_of_the_page(filled: Opened) -> None:
    (hit,) = search(filled[0], "机器人")
    assert hit.title_parts == (("機器人", True),)
    assert hit.snippet == (("這款", False), ("機器人", True), ("會說話。", False))


def test_a_snippet_is_cut_around_the_match(opened: Opened) -> None:
    store, run = opened
    put(store, run, article("前" * 300 + "目标" + "后" * 300), "o:long")
    (hit,) = search(store, "目标")
    texts = [text for text, _ in hit.snippet]
    assert texts[0] == texts[-1] == "…"
    assert ("目标", True) in hit.snippet
    assert len("".join(texts)) == 82


def test_a_page_without_title_shows_its_origin(filled: Opened) -> None:
    hit = next(hit for hit in search(filled[0], "改变生活"))
    assert (hit.title, hit.title_parts) == (None, (("o:spaced", False),))


def test_the_index_follows_updates_and_deletions(filled: Opened) -> None:
    store, run = filled
    put(store, run, article("改写过的内容。", title="全新标题"), "o:finance", b"new")
    assert found(store, "融资") == {"model"}
    assert found(store, "改写") == found(store, "全新标题") == {"finance"}
    with store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM articles WHERE origin = 'o:model'")
    assert found(store, "大模型") == set()
    check_index(store)


def entries(store: Store) -> list[tuple[Any, ...]]:
    """All that the index holds, token by token."""
    if store.dialect == "postgresql":
        with store.reading() as connection:
            query = "SELECT article_id, title, text FROM article_words ORDER BY 1"
            return [tuple(row) for row in connection.exec_driver_sql(query)]
    with store.writing() as connection:
        connection.exec_driver_sql(
            "CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'articles_fts', 'instance')"
        )
        query = 'SELECT term, doc, col, "offset" FROM temp.words ORDER BY 1, 2, 3, 4'
        found = [tuple(row) for row in connection.exec_driver_sql(query)]
        connection.exec_driver_sql("DROP TABLE temp.words")
        return found


def check_index(store: Store) -> None:
    """The index holds what a new one would."""
    if store.dialect == "sqlite":
        with store.writing() as connection:
            connection.exec_driver_sql("INSERT INTO articles_fts (articles_fts) VALUES ('integrity-check')")
    before = entries(store)
    assert before
    rebuild_index(store)
    assert entries(store) == before


EMPTY = {
    "sqlite": "INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')",
    "postgresql": "DELETE FROM article_words",
}


def test_the_index_can_be_made_anew(filled: Opened) -> None:
    store, _ = filled
    with store.writing() as connection:
        connection.exec_driver_sql(EMPTY[store.dialect])
    assert found(store, "融资") == set()
    rebuild_index(store)
    assert found(store, "融资") == {"finance", "model"}


def test_marks_on_latin_letters_do_not_matter(opened: Opened) -> None:
    store, run = opened
    put(store, run, article("Café Ünïcode 咖啡。", title="Résumé"), "o:1")
    for query in ("cafe", "CAFÉ", "unicode", "resume", "title:résumé", "caf*"):
        assert len(search(store, query)) == 1, query


def test_huge_texts_are_indexed(opened: Opened) -> None:
    store, run = opened
    long = "".join(map(chr, range(0x4E00, 0x4E00 + 20000)))
    put(store, run, article("开头的话。", "字" * 40_000, long, "x" * 1900, "结尾的话。" * 5), "o:1")
    for query in ("开头的话", "结尾的话", "字字", "x" * 1900, "xx*"):
        assert len(search(store, query)) == 1, query


def test_filters_and_limit(opened: Opened) -> None:
    store, run = opened
    for day in (1, 15, 28):
        moment = datetime(2025, 2, day, 0, 30, tzinfo=CHINA)
        put(
            store,
            run,
            article("共同的词。", published_at=moment, source="某报" if day == 15 else None),
            f"o:{day}",
        )
    put(store, run, article("共同的词，没有日期。"), "o:none")

    def days(where: Where) -> set[str | None]:
        return {hit.published_at and hit.published_at[:10] for hit in search(store, "共同", where)}

    assert days(Where()) == {"2025-02-01", "2025-02-15", "2025-02-28", None}
    assert days(Where(since="2025-02-15")) == {"2025-02-15", "2025-02-28"}
    assert days(Where(until="2025-02-15")) == {"2025-02-01", "2025-02-15"}
    assert days(Where(since="2025-02", until="2025")) == {"2025-02-01", "2025-02-15", "2025-02-28"}
    assert days(Where(until="2025-01")) == set()
    assert days(Where(source="某报")) == {"2025-02-15"}
    assert len(search(store, "共同", Where(source="files"))) == 4
    assert len(search(store, "共同", limit=2)) == 2
    assert len(search(store, "共同", limit=None)) == 4


@pytest.mark.parametrize(
    "day", ["yesterday", "2025-13", "2025-01-32", "25-01-01", "2025-1-1", "", "2025-01-01T00:00"]
)
def test_a_bad_day_is_explained(day: str) -> None:
    with pytest.raises(FilterInvalid, match="is no day"):
        Where(since=day)


def test_a_bad_query_is_explained(filled: Opened) -> None:
    with pytest.raises(QuerySyntaxError, match=r"not closed \(at character 4\)"):
        search(filled[0], "融资 (大")


def test_marks_in_a_query_can_not_break_the_index(filled: Opened) -> None:
    for mark in "\"'*^:;-+(){}[]<>=~\\\x00，。“”":
        try:
            search(filled[0], f"融资{mark}大")
        except QuerySyntaxError:
            assert mark in '"()'


def test_a_filter_does_not_ask_the_index_again_for_each_article(opened_file: tuple[Store, int]) -> None:
    """`rowid IN (...)` in FTS5 runs the query once for each member: 200 times the work on a large store."""
    store, run = opened_file
    put(store, run, article("融资。"), "a")
    statement = _ranked('"融资"', Where(source="files"), 5)
    sql = str(statement.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
    with store.reading() as connection:
        plan = [row[3] for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + sql)]
    (index,) = (step for step in plan if "articles_fts" in step)
    assert "M" in index
    assert "=" not in index


def test_of_very_many_matches_the_newest_are_ranked(
    opened: tuple[Store, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, run = opened
    for number, title in enumerate(("融资 融资", "别的", "融资消息", "别的")):
        put(store, run, article("这家公司在融资。", title=title), f"o:{number}")
    assert next(iter(search(store, "融资", limit=1))).article_id == 1
    monkeypatch.setattr("storage.search._RANKED", 2)
    monkeypatch.setattr("storage.search_words._RANKED", 2)
    assert [hit.article_id for hit in search(store, "融资", limit=1)] == [3]
    assert len(search(store, "融资", limit=3)) == 3
    assert len(search(store, "融资", limit=None)) == 4
