"""The store with tools that know nothing of this program: sqlite-utils and a plain Datasette, no flags."""

from __future__ import annotations

import asyncio
import gc
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from cleaners.model import Reason, Rejected
from storage import Failure
from tests.quiet import import_datasette
from tests.storage.build import CHINA, article, new_store, noted_article, put

VIEWS = {
    "v_articles": 3,
    "v_edits": 4,
    "v_failures": 2,
    "v_latest": 3,
    "v_removed": 2,
    "v_revisions": 1,
    "v_source_health": 1,
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with something in every view."""
    store, run = new_store(tmp_path)
    with store:
        put(store, run, noted_article(), "https://example.org/1")
        dated = {"published_at": datetime(2025, 1, 19, 6, 30, tzinfo=CHINA)}
        put(store, run, article("第一版。", **dated), "https://example.org/2", b"1")
        put(store, run, article("第二版，讲融资。", **dated), "https://example.org/2", b"2")
        put(store, run, article("没有日期。"), "https://example.org/3", b"3")
        put(store, run, Rejected("u", Reason.EMPTY, "nothing", "c"), "https://example.org/4", b"4")
        store.add_failures([Failure("files", "https://example.org/5", "timeout", "slow")], run)
        store.finish_run(run, "finished", {})
    return store.path


def test_sqlite_utils_reads_everything(path: Path) -> None:
    utils = pytest.importorskip("sqlite_utils", reason="sqlite-utils is for the tests")
    database: Any = utils.Database(path)
    try:
        assert {name: len(list(database[name].rows)) for name in VIEWS} == VIEWS
        assert set(database.view_names()) >= set(VIEWS)
        articles = database["articles"]
        assert articles.detect_fts() == "articles_fts"
        assert [row["id"] for row in articles.search("融资")] == [2]
        assert {key.other_table for key in articles.foreign_keys} == {"sources", "pages", "runs"}
        assert articles.strict
        latest = list(database["v_latest"].rows)
        assert [row["id"] for row in latest] == [2, 3, 1]
        (health,) = database["v_source_health"].rows
        assert (health["articles"], health["rejected"], health["failing"]) == (3, 1, 1)
        assert health["article_share"] == pytest.approx(0.8)
        assert health["last_run_status"] == "finished"
        database["mine"].insert({"article_id": 2, "mark": "good"}, pk="article_id")  # a table of one's own
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    finally:
        database.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_plain_datasette_answers_search_and_every_view(path: Path) -> None:
    app = import_datasette()

    async def ask() -> tuple[dict[str, int], list[dict[str, Any]]]:
        served = app.Datasette([str(path)])
        await served.invoke_startup()
        counts = {}
        for view in VIEWS:
            answer = await served.client.get(f"/store/{view}.json?_shape=array")
            counts[view] = len(answer.json())
        found = (await served.client.get("/store/articles.json?_search=融资&_shape=array")).json()
        for database in served.databases.values():
            database.close()
        return counts, found

    counts, found = asyncio.run(ask())
    gc.collect()  # Datasette leaves its connection to itself open; Python 3.13 warns when it goes
    assert counts == VIEWS
    assert [row["id"] for row in found] == [2]
