"""A small town of publishers, crawled with nothing but their home pages: what is stored, and how it behaved.

`make bench-acceptance` runs the same at full size, with all its targets.
"""

import signal

import pytest

from tests.crawler.acceptance.measure import MIB, crawl, manners, score, whole
from tests.crawler.acceptance.measure import rows as read
from tests.crawler.acceptance.stops import stop_at_seeded_moments
from tests.crawler.acceptance.town import Town

QUICK = ("-s", "TAOSHA_FIRST_TIMEOUT=1", "-s", "DOWNLOAD_TIMEOUT=2", "-s", "RETRY_TIMES=1")
SCALE = 24


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    store = tmp_path_factory.mktemp("town") / "store.db"
    with Town(SCALE, delay=0.1, bomb_size=24 * MIB) as town:
        first = crawl(town, store, *QUICK, limit=150)
        found, behaved = score(town, store), manners(town)
        town.hosts.forget()
        again = crawl(town, store, *QUICK, limit=150)
        town.again = town.bodies()
        town.hosts.forget()
        touched = town.change()
        third = crawl(town, store, *QUICK, limit=150)
        yield town, store, found, behaved, touched, (first, again, third)


def test_it_ends_by_itself(seen):
    *_, crawls = seen
    assert {one.code for one in crawls} <= {0, 3}, [one.said[-2000:] for one in crawls]


def test_all_real_articles_are_stored_whole_and_once(seen):
    _, _, found, *_ = seen
    assert (found.lost, found.damaged, found.twins) == ([], [], [])


def test_nothing_else_is_stored(seen):
    _, _, found, *_ = seen
    assert found.strange == []


def test_titles_and_times_are_those_of_the_pages(seen):
    _, _, found, *_ = seen
    assert (found.titles, found.days, found.minutes) == ([], [], [])


def test_manners(seen):
    town, _, _, behaved, *_ = seen
    assert behaved.forbidden == []
    assert behaved.early == []
    assert behaved.least_gap >= town.office.delay
    assert town.baits.connected == 0


def test_nothing_is_fetched_twice_without_need(seen):
    town, *_ = seen
    assert town.again == []


def test_edits_and_additions_arrive(seen):
    town, store, _, _, touched, _ = seen
    texts = {}
    for row in read(store, "select origin, text from articles"):
        texts.setdefault(town.story_at(row["origin"]), []).append(row["text"])
    assert {key for key in touched if any(whole(town.real[key], t) for t in texts.get(key, ()))} == touched
    assert score(town, store).twins == []


def test_a_town_whose_crawl_is_stopped_and_killed_loses_nothing(tmp_path):
    store = tmp_path / "store.db"
    with Town(12, traps=False, delay=0.02) as town:
        stop_at_seeded_moments(town, store, signal.SIGTERM, 1, seed=4)
        killed = stop_at_seeded_moments(town, store, signal.SIGKILL, 2, seed=3)
        last = crawl(town, store, limit=120)
        found = score(town, store)
    assert last.code in (0, 3), last.said[-2000:]
    assert (found.lost, found.damaged, found.twins) == ([], [], [])
    assert killed.again[0] == 0, "the clean stop before it"
    assert killed.again[1] <= 32
    assert killed.whole
