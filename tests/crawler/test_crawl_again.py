"""Crawling a second time: nothing twice, nothing missed, and nothing asked without a reason."""

import pytest

from tests.crawler.crawling import run
from tests.crawler.newsroom import Newsroom, crawl_arguments, rows


class Rounds:
    """Three crawls: the first, one with nothing changed, one after edits, additions and a removal."""

    def __init__(self, site, store):
        self.store = store
        self.results = [run(*crawl_arguments(site, store))]
        self.first = list(site.asked)
        site.forget()
        self.results.append(run(*crawl_arguments(site, store)))
        self.second, self.second_bodies = list(site.asked), list(site.bodies)
        site.forget()
        self.edited = list(site.texts)[5:125:12]
        for path in self.edited:
            site.write(path, "改写过的标题也写得足够长了" + path[-9:-5])
        self.added = [site.add() for _ in range(5)]
        self.removed = next(iter(site.texts))
        site.write(self.removed, "")
        self.current = dict(site.texts)
        del site.texts[self.removed]
        self.results.append(run(*crawl_arguments(site, store)))
        self.third_bodies = [path for path in site.bodies if path in self.current]


@pytest.fixture(scope="module")
def rounds(tmp_path_factory):
    with Newsroom(125) as site:
        yield Rounds(site, tmp_path_factory.mktemp("again") / "store.db")


def test_all_three_crawls_end_well(rounds):
    assert [(r.code, r.json["status"]) for r in rounds.results] == [(0, "finished")] * 3, rounds.results[
        1
    ].err


def test_nothing_changed_costs_no_article_and_few_requests(rounds):
    assert len(rounds.first) > 125
    assert [path for path in rounds.second_bodies if path in rounds.current] == []
    assert 0 < len(rounds.second) <= 0.05 * len(rounds.first), rounds.second


def test_edits_and_additions_are_current_at_the_cost_of_few_bodies(rounds):
    assert len(rounds.edited) == 10
    titles = {
        origin.partition("/2026")[2]: title
        for origin, title in rows(rounds.store, "select origin, title from articles")
    }
    wrong = [
        path
        for path in (*rounds.edited, *rounds.added)
        if titles[path.partition("/2026")[2]] != rounds.current[path]
    ]
    assert wrong == []
    assert set(rounds.third_bodies) == {*rounds.edited, *rounds.added}
    assert len(rounds.third_bodies) <= 20


def test_an_edited_article_is_a_new_revision(rounds):
    (edited,) = rows(rounds.store, "select count(*) from articles where revision = 2")
    assert edited == (10,)


def test_what_is_not_there_any_more_is_gone_and_kept(rounds):
    where = f"where url like '%{rounds.removed}'"
    ((state, reason, due),) = rows(rounds.store, f"select state, reason, due_at from frontier {where}")
    assert (state, reason) == ("gone", "http_error")
    assert due is not None
    assert rows(rounds.store, f"select count(*) from articles {where}") == [(1,)]


def test_every_url_has_a_settled_state_and_a_referrer(rounds):
    counts = dict(
        rows(rounds.store, "select state, count(*) from frontier where kind = 'article' group by 1")
    )
    assert counts == {"stored": 129, "gone": 1}
    assert rows(rounds.store, "select kind from frontier where referrer is null") == [("home",)]
    assert rows(rounds.store, "select count(*) from frontier where waiting is not null") == [(0,)]


def test_without_times_a_changed_list_makes_the_server_say_what_changed(tmp_path):
    store = tmp_path / "store.db"
    with Newsroom(30, maps=False, tags=True) as site:
        assert run(*crawl_arguments(site, store)).code == 0
        site.forget()
        edited = list(site.texts)[12]
        site.write(edited, "改写过的标题也写得足够长了")
        added = site.add()
        again = run(*crawl_arguments(site, store))
        assert again.code == 0
        assert sorted(path for path in site.bodies if path in site.texts) == [edited, added]
        (figures,) = again.json["sources"].values()
        assert (figures["new"], figures["changed"], figures["unchanged"]) == (1, 1, 29)
