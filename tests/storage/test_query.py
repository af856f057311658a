"""What a person types, as a query for the index: or a reason why not."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import QuerySyntaxError
from storage.query import parse_query

GOOD = [
    ("大", '"大"'),
    ("模型", '"模型"'),
    ("大模型", '"大模 模型"'),
    ("大模型 融資", '("大模 模型" AND "融资")'),
    ("模型 AND 融资", '("模型" AND "融资")'),
    ("模型 OR 融资", '("模型" OR "融资")'),
    ("甲乙 丙丁 OR 戊己", '(("甲乙" AND "丙丁") OR "戊己")'),
    ("模型 -融资", '(("模型") NOT "融资")'),
    ("-融资 模型", '(("模型") NOT "融资")'),
    ("模型 NOT 融资 NOT 上市", '(("模型") NOT ("融资" OR "上市"))'),
    ("模型 AND NOT 融资", '(("模型") NOT "融资")'),
    ("(甲乙 OR 丙丁) 戊己", '(("甲乙" OR "丙丁") AND "戊己")'),
    ('"language model"', '"language model"'),
    ("“人工智能”", '"人工 工智 智能"'),
    ("他说“大模型”了", '("他说" AND "大模 模型" AND "了")'),
    ("open*", '"open"*'),
    ("title:融资", '{title} : "融资"'),
    ("title:(甲乙 OR 丙丁)", '{title} : ("甲乙" OR "丙丁")'),
    ("GPT-4", '"gpt 4"'),
    ("用AI", '"用 ai"'),
    ("AI用", '"ai 用"*'),
    ("and or not", '("and" AND "or" AND "not")'),
    ("华为（中国）发布：新机！", '"华为 为 中国 国 发布 布 新机"'),
    ("模型 ！！ 融资", '("模型" AND "融资")'),
    ("什么是“大模型", '("什么 么是" AND "大模 模型")'),
    ("a' ; DROP TABLE articles", '("a" AND "drop" AND "table" AND "articles")'),
    ("text^2 NEAR(a b)", '("text 2" AND "near" AND ("a" AND "b"))'),
]


@pytest.mark.parametrize(("typed", "match"), GOOD, ids=[case[0] for case in GOOD])
def test_understands(typed: str, match: str) -> None:
    assert parse_query(typed).match == match


BAD = [
    ("", "no word", 0),
    ("   ", "no word", 0),
    ("！！", "no word", 0),
    ('"模型', "quotation mark", 0),
    ("(模型", "not closed", 0),
    ("模型)", "never opened", 2),
    ("模型 OR", "missing", 5),
    ("OR 模型", "missing", 0),
    ("模型 AND", "both sides", 3),
    ("AND 模型", "both sides", 0),
    ("NOT 模型", "beside it", 0),
    ("模型 ()", "missing", 4),
    ("模型 NOT", "missing", 6),
    ("字 " * 65, "more than 64 words", 128),
    ("字" * 2001, "more than 2000", 2000),
    ("(" * 70 + "字" + ")" * 70, "too many parentheses", 64),
]


@pytest.mark.parametrize(("typed", "reason", "position"), BAD, ids=[case[0][:10] or "empty" for case in BAD])
def test_explains_what_it_does_not_understand(typed: str, reason: str, position: int) -> None:
    with pytest.raises(QuerySyntaxError, match=reason) as caught:
        parse_query(typed)
    assert caught.value.position == position


def test_words_to_mark_leave_out_what_is_excluded() -> None:
    assert parse_query('大模型 NOT (融资 OR 上市) "GPT 四"').words == ("大模型", "gpt", "四")


index = sqlite3.connect(":memory:")
index.execute('CREATE VIRTUAL TABLE f USING fts5(title, text, tokenize="unicode61 remove_diacritics 2")')


@given(st.text(st.sampled_from("大模ab1\"“”()-*: \n^{}+,'\x00\\ANDORT"), max_size=25) | st.text(max_size=25))
def test_no_query_ever_reaches_the_index_broken(typed: str) -> None:
    try:
        match = parse_query(typed).match
    except QuerySyntaxError:
        return
    assert index.execute("SELECT rowid FROM f WHERE f MATCH ?", (match,)).fetchall() == []
