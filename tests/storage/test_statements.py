"""Statements that are compiled once mean the same on both databases."""

from __future__ import annotations

from sqlalchemy import bindparam, func, insert, select, update

from storage import Store
from storage.models import RuleRow, table_of
from storage.statements import Statement, deleting
from storage.upserts import Upsert

RULES = table_of(RuleRow)
BY_NAME = Statement(
    lambda among: select(RULES.c.id, RULES.c.step).where(among(RULES.c.name, "names")).order_by(RULES.c.id)
)
BY_NUMBER = Statement(
    lambda among: select(RULES.c.name).where(among(RULES.c.id, "ids"), RULES.c.step != bindparam("not_step"))
)
LAST = Statement(lambda _: select(func.coalesce(func.max(RULES.c.id), 0) + 1))
ROWS = [{"id": n, "name": name, "step": "a"} for n, name in enumerate(("甲", "it's", '"]', "d"), 1)]


def test_lists_are_one_parameter(opened: tuple[Store, int]) -> None:
    with opened[0].writing() as connection:
        Statement(lambda _: insert(RULES)).run_all(connection, ROWS)
        found = BY_NAME.run(connection, {"names": ["甲", '"]', "it's", "nobody", "%s"]}).all()
        assert [tuple(row) for row in found] == [(1, "a"), (2, "a"), (3, "a")]
        assert BY_NAME.run(connection, {"names": []}).all() == []
        names = BY_NUMBER.run(connection, {"ids": [4, 2, 2, 99], "not_step": "b"}).scalars().all()
        assert sorted(names) == ["d", "it's"]
        assert BY_NUMBER.run(connection, {"ids": [4], "not_step": "a"}).all() == []


def test_what_a_statement_says_itself_is_kept(opened: tuple[Store, int]) -> None:
    with opened[0].writing() as connection:
        assert LAST.run(connection).scalar_one() == 1
        Statement(lambda _: insert(RULES)).run_all(connection, ROWS)
        assert LAST.run(connection).scalar_one() == 5


def test_an_update_sets_the_columns_that_are_given(opened: tuple[Store, int]) -> None:
    change = Statement(lambda _: update(RULES).where(RULES.c.id == bindparam("key")))
    with opened[0].writing() as connection:
        Statement(lambda _: insert(RULES)).run_all(connection, ROWS)
        change.run_all(connection, [{"key": 1, "step": "b"}, {"key": 2, "step": "c"}])
        change.run(connection, {"key": 3, "name": "new", "step": "d"})
        change.run_all(connection, [])
        rows = connection.execute(select(RULES.c.name, RULES.c.step).order_by(RULES.c.id)).all()
    assert [tuple(row) for row in rows] == [("甲", "b"), ("it's", "c"), ("new", "d"), ("d", "a")]


def test_deletions_and_upserts(opened: tuple[Store, int]) -> None:
    put = Upsert(RULES, ("name", "step"), ("id",))
    keep = Upsert(RULES, ("name", "step"), ())
    with opened[0].writing() as connection:
        put.run_all(connection, ROWS)
        put.run_all(connection, [{"id": 9, "name": "d", "step": "a"}])
        keep.run(connection, {"id": 10, "name": "d", "step": "a"})
        deleting(RULES.c.id).run_all(connection, [{"key": 1}, {"key": 2}])
        assert connection.execute(select(RULES.c.id).order_by(RULES.c.id)).scalars().all() == [3, 9]
