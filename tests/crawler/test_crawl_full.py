"""A disk that fills up: a clear end, an intact store, and a crawl that completes once there is room."""

import subprocess
from contextlib import contextmanager

import pytest

from tests.crawler.crawling import run
from tests.crawler.newsroom import Newsroom, crawl_arguments, rows

SIZE = 120


@contextmanager
def small_disk(folder, size):
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("needs the right to mount a small file system")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    disk = tmp_path_factory.mktemp("full") / "disk"
    store = disk / "store.db"
    with small_disk(disk, "1500k"), Newsroom(SIZE) as site:
        first = run(*crawl_arguments(site, store))
        check = rows(store, "pragma integrity_check")
        kept = {origin for (origin,) in rows(store, "select origin from articles")}
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        second = run(*crawl_arguments(site, store))
        stored = [origin for (origin,) in rows(store, "select origin from articles")]
        yield first, check, kept, second, stored


def test_a_full_disk_ends_the_crawl_with_its_own_code_and_says_what_to_do(filled):
    first, *_ = filled
    assert first.code == 7, first.err
    assert "full" in first.err
    assert "Make room" in first.err
    assert "Traceback" not in first.err


def test_the_store_is_intact(filled):
    _, check, kept, _, stored = filled
    assert check == [("ok",)]
    assert kept <= set(stored)


def test_with_room_again_the_crawl_completes(filled):
    *_, second, stored = filled
    assert second.code == 0, second.err
    assert len(stored) == len(set(stored)) == SIZE
