"""Raw bodies: in a file of their own, each once, packed with others of their site, dropped by policy."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from storage import Store, open_store
from storage.backup import backup
from storage.bodies import BODY_DATA, Body, bodies_path, digest
from storage.errors import BodyMissing, FilterInvalid, StoreDamaged
from storage.health import check
from storage.pruning import Keep, prune, sweep
from storage.raw_pages import load_page, page_numbers, stored_pages
from storage.stats import stats
from tests.storage.build import article, page, put

Opened = tuple[Store, int]


def alike(number: int) -> bytes:
    """A page of a site: a frame that all have, of text that does not pack well alone, and its own words."""
    frame = "".join(f"<a href='/{digest(bytes([n]))[:20]}'>{n}</a>" for n in range(100))
    return f"<html>{frame}<p>{digest(str(number).encode())}</p></html>".encode()


def sound(store: Store) -> bool:
    return all(found.ok for found in check(store))


def test_the_store_has_no_bytes_and_the_file_beside_it_has(opened_file: Opened) -> None:
    store, run = opened_file
    put(store, run, article(), "o:1", os.urandom(1_000_000))
    assert store.bodies.file == bodies_path(store.path)
    found = stats(store).sizes
    assert found["bodies_bytes"] > 1_000_000
    assert found["packed_bytes"] >= 1_000_000
    assert found["store_bytes"] < 500_000


def test_pages_of_a_site_are_packed_with_each_other(opened: Opened) -> None:
    store, run = opened
    for batch in (range(1), range(1, 30)):
        store.add_pages([(page(f"https://a.example/{n}", alike(n)), "s") for n in batch], run)
    with store.reading() as connection:
        sizes = list(connection.exec_driver_sql("SELECT stored_size FROM bodies ORDER BY id").scalars())
    assert max(sizes[1:]) < sizes[0] / 5
    assert [load_page(store, n + 1).body for n in range(30)] == [alike(n) for n in range(30)]
    assert sound(store)


def test_a_body_that_came_before_its_row_is_found_and_used(opened: Opened) -> None:
    store, run = opened
    store.bodies.put({digest(b"x"): Body(b"x", "s")})
    assert not sound(store)
    put(store, run, article(), "o:1", b"x")
    assert store.bodies.count() == 1
    assert sound(store)


def test_a_body_that_goes_between_is_put_again(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody drops the stray body after it was put, and before the row that points to it is written."""
    store, run = opened
    whole = store.bodies.put

    def put_and_lose(bodies: dict[str, Body]) -> dict[str, int]:
        sizes = whole(bodies)
        monkeypatch.undo()
        sweep(store)
        return sizes

    monkeypatch.setattr(store.bodies, "put", put_and_lose)
    put(store, run, article(), "o:1", b"x")
    assert load_page(store, 1).body == b"x"
    assert sound(store)


def test_a_body_that_others_were_packed_with_is_not_used_once_dropped(opened: Opened) -> None:
    store, run = opened
    store.add_pages([(page("https://a.example/0", alike(0)), "s")], run)
    with store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM pages")
    assert sweep(store) == 1
    store.add_pages([(page("https://a.example/1", alike(1)), "s")], run)
    (number,) = [number for number, _ in page_numbers(store)]
    assert load_page(store, number).body == alike(1)


def test_spoiled_bytes_are_noticed(opened: Opened) -> None:
    store, run = opened
    put(store, run, article(), "o:1", b"short")
    with store.bodies.writing() as connection:
        connection.execute(update(BODY_DATA).values(data=b"other"))
    with pytest.raises(StoreDamaged):
        load_page(store, 1)


POLICIES = [("all", None), ("latest", Keep(latest=True)), ("30", Keep(days=30)), ("30d", Keep(days=30))]


@pytest.mark.parametrize(("text", "keep"), POLICIES)
def test_policies_are_read(text: str, keep: Keep | None) -> None:
    assert Keep.parse(text) == (keep or Keep())


@pytest.mark.parametrize("text", ["", "0", "-1", "none", "3w", "99999999"])
def test_what_is_no_policy_is_explained(text: str) -> None:
    with pytest.raises(FilterInvalid, match="no policy"):
        Keep.parse(text)


@pytest.fixture
def filled(opened: Opened) -> Opened:
    """Two origins with two pages each, an old page that was never cleaned, all from one site."""
    store, run = opened
    for origin in ("https://a.example/1", "https://a.example/2"):
        for number in range(2):
            put(store, run, article(f"第{number}次。"), origin, alike(number) + origin.encode())
    store.add_pages([(page("https://a.example/3", alike(9)), "s")], run)
    with store.writing() as connection:
        old = (datetime.now(UTC) - timedelta(days=60)).isoformat(timespec="milliseconds")[:23] + "Z"
        connection.exec_driver_sql(f"UPDATE pages SET last_seen_at = '{old}' WHERE id IN (1, 3, 4, 5)")
    return opened


# Which of the pages keep their bytes.
KEPT = [("all", {1, 2, 3, 4, 5}), ("latest", {2, 4, 5}), ("30", {2, 5}), ("90", {1, 2, 3, 4, 5})]


@pytest.mark.parametrize(("policy", "kept"), KEPT)
def test_bodies_are_kept_by_policy(filled: Opened, policy: str, kept: set[int]) -> None:
    store, _ = filled
    planned = prune(store, Keep.parse(policy), dry_run=True)
    assert {number for number, _ in page_numbers(store)} == {1, 2, 3, 4, 5}
    assert prune(store, Keep.parse(policy)) == planned
    assert planned.bodies == 5 - len(kept)
    assert (planned.bytes > 0) == (planned.bodies > 0)
    assert {number for number, _ in page_numbers(store)} == kept
    assert {one.id for one in stored_pages(store)} == kept & {2, 4, 5}
    for number in range(1, 6):
        if number in kept:
            assert load_page(store, number).body
        else:
            with pytest.raises(BodyMissing, match="dropped on"):
                load_page(store, number)
    assert sound(store)
    assert prune(store, Keep.parse(policy)).bodies == 0


def test_what_was_dropped_may_come_again(filled: Opened) -> None:
    store, run = filled
    prune(store, Keep(latest=True))
    origin = "https://a.example/1"
    put(store, run, article("第0次。"), origin, alike(0) + origin.encode())
    assert load_page(store, 1).body == alike(0) + origin.encode()
    assert sound(store)


def test_a_copy_has_both_files(opened_file: Opened) -> None:
    store, run = opened_file
    put(store, run, article(), "https://a.example/1", alike(1))
    target = store.path.with_name("copy.db")
    size = backup(store, target)
    assert size == target.stat().st_size + bodies_path(target).stat().st_size
    with open_store(target, read_only=True) as copy:
        assert load_page(copy, 1).body == alike(1)
        assert sound(copy)
