"""The inspector's pages and Datasette's own, asked as a program asks: what they say, refuse and escape."""

from __future__ import annotations

import asyncio
import gc
import html.parser
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest

from storage import Store, open_store
from storage.bodies import bodies_path
from tests.crawler.inspector.stores import ATTACK, BREAKOUT, ELSEWHERE, SCRIPT_URL, furnished
from tests.quiet import import_datasette

# Datasette leaves connections to databases in memory open; Python 3.13 warns when they go.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

OURS = [
    "/",
    "/?days=365",
    "/search",
    "/search?q=融资",
    "/search?q=融资&source=wanbao&since=2025-01&until=2025-02&language=zh&outcome=article",
    "/failures",
    "/failures?reason=soft_404",
    "/rules",
    "/rules?days=7&source=wanbao",
    "/rules/punctuation.widen@1",
    "/rules/headlines.bulleted",
    "/article/1",
    "/article/1/why",
    "/article/1/why?rule=script.simplified@1",
    "/article/2/history",
    "/article/3",
    "/article/3/why",
    "/article/3/history",
    "/page/1",
]
THEIRS = [
    "/store",
    "/store/articles",
    "/store/articles/3",
    "/store/v_removed",
    "/store/v_latest",
    "/store/search",
]


def inspector(store: Store) -> AbstractContextManager[Any]:
    """Give the application that shows the store; it is imported here, because it imports Datasette."""
    import_datasette()
    from crawler.inspector.server import inspector as served

    return served(store)


class Asked:
    """Asks the inspector of one store, on one event loop."""

    def __init__(self, app: Any, runner: asyncio.Runner) -> None:
        self._app = app
        self._runner = runner

    def __call__(self, *paths: str, host: str = "127.0.0.1", method: str = "GET") -> list[httpx.Response]:
        async def ask() -> list[httpx.Response]:
            transport = httpx.ASGITransport(app=self._app)
            async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
                return [await client.request(method, path) for path in paths]

        return self._runner.run(ask())

    def one(self, path: str, **options: Any) -> httpx.Response:
        return self(path, **options)[0]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    path = furnished(tmp_path_factory.mktemp("inspected"))
    with asyncio.Runner() as runner, open_store(path, read_only=True) as store, inspector(store) as app:
        yield Asked(app, runner)
    gc.collect()


class Seen(html.parser.HTMLParser):
    """What a browser would make of a page: its elements, and where it would load or lead to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, name: str) -> list[str]:
        return [attributes[name] or "" for _, attributes in self.tags if name in attributes]


def test_every_page_answers(ask: Asked) -> None:
    for path, answer in zip([*OURS, *THEIRS], ask(*OURS, *THEIRS), strict=True):
        assert answer.status_code == 200, (path, answer.text[:500])
        assert "</html>" in answer.text, path


def test_no_text_of_a_page_becomes_markup(ask: Asked) -> None:
    for path, answer in zip([*OURS, *THEIRS], ask(*OURS, *THEIRS), strict=True):
        seen = Seen(answer.text)
        assert ATTACK not in answer.text, path
        assert not [tag for tag, found in seen.tags if any(name.startswith("on") for name in found)], path
        assert "img" not in {tag for tag, _ in seen.tags}, path
        if path in OURS:
            scripts = [found for tag, found in seen.tags if tag == "script"]
            assert scripts == [{"src": "/static/inspector.js", "defer": None}], path
            assert not seen.values("style"), path


def test_links_lead_only_to_the_web_or_to_pages_of_ours(ask: Asked) -> None:
    for path, answer in zip(OURS, ask(*OURS), strict=True):
        for link in Seen(answer.text).values("href"):
            assert link.startswith(("/", "#", "?", "https://")), (path, link)


def test_attacks_are_shown_as_the_text_that_they_are(ask: Asked) -> None:
    article, why, failures = (Seen(a.text).text for a in ask("/article/3", "/article/3/why", "/failures"))
    assert ATTACK in article
    assert BREAKOUT in article
    assert SCRIPT_URL in article
    assert ELSEWHERE in article
    assert ATTACK in why
    assert f"{ATTACK}{BREAKOUT}" in why
    assert SCRIPT_URL in failures


def test_no_page_loads_anything_from_elsewhere(ask: Asked) -> None:
    for path, answer in zip([*OURS, *THEIRS], ask(*OURS, *THEIRS), strict=True):
        seen = Seen(answer.text)
        loaded = seen.values("src") + [f["href"] or "" for t, f in seen.tags if t == "link"]
        outside = [address for address in loaded if not address.startswith("/") or address.startswith("//")]
        assert not [address for address in outside if not address.startswith("http://127.0.0.1")], path


def test_the_policy_is_strict(ask: Asked) -> None:
    ours, theirs, data = ask("/article/3", "/store/articles", "/store/articles.json")
    for answer in (ours, theirs, data):
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "access-control-allow-origin" not in answer.headers
    assert "unsafe" not in ours.headers["content-security-policy"]
    assert "http" not in theirs.headers["content-security-policy"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_writes_are_refused(ask: Asked, method: str) -> None:
    for answer in ask("/", "/store/articles/1", "/store?sql=select+1", method=method):
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "sql",
    ["DELETE FROM articles", "UPDATE articles SET title='x'", "PRAGMA user_version=9", "ATTACH 'x' AS y"],
)
def test_sql_only_reads(ask: Asked, sql: str) -> None:
    (answer,) = ask(str(httpx.URL("/store.json", params={"sql": sql})))
    assert answer.status_code == 400
    assert ask.one("/store/articles.json?_size=0").json()["filtered_table_rows_count"] == 34


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.168.0.7", "[fe80::1]"])
def test_other_names_for_this_machine_are_refused(ask: Asked, host: str) -> None:
    assert ask.one("/article/1", host=host).status_code == 421


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"])
def test_names_of_this_machine_are_answered(ask: Asked, host: str) -> None:
    assert ask.one("/search", host=host).status_code == 200


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("海缆 融资", 20),
        ("第9篇", 1),
        ("大模型公司", 20),
        ("大模型 -海缆", 0),
        ("聯網", 1),
        ("融资&since=2025-01-04&until=2025-01-05", 2),
        ("融资&language=en", 0),
        ("融资&source=nobody", 0),
        ("融资&outcome=soft_404", 0),
        ("海缆&page=2", 10),
    ],
)
def test_search_finds_words_of_any_length(ask: Asked, query: str, titles: int) -> None:
    answer = ask.one(f"/search?q={query}")
    found = [f for tag, f in Seen(answer.text).tags if tag == "a" and f.get("class") == "item-title"]
    assert len(found) == titles
    assert ("<mark>" in answer.text) == bool(titles)


def test_a_query_that_can_not_be_understood_is_explained(ask: Asked) -> None:
    for path, told in (
        ('/search?q="大模型', "a quotation mark is not closed"),
        ("/search?q=(大模型", "a parenthesis is not closed"),
        ("/search?q=融资&since=yesterday", "is no day, month or year"),
    ):
        answer = ask.one(path)
        assert answer.status_code == 400
        assert told in answer.text


def test_the_two_columns_have_the_page_and_the_article(ask: Asked) -> None:
    why = ask.one("/article/1/why").text
    assert '<del title="li, block 0">首頁 新聞</del>' in why
    assert ">(lián)</del>" in why
    assert ">聯</del>" not in why  # 聯網 was changed as a whole, around what was taken out of it
    assert ">，</ins>" in why
    assert "Stands outside the box that holds the article." in why
    for named in ("credit.photo@2", "credit.photo"):
        only = Seen(ask.one(f"/article/1/why?rule={named}").text)
        assert "图/视觉中国" in only.text
        assert "首頁 新聞" not in only.text


def test_evidence_and_what_was_noticed_is_shown(ask: Asked) -> None:
    why = Seen(ask.one("/article/3/why").text).text
    assert "Noticed, and left as it is" in why
    assert "site.phrase@1" in why
    assert why.count(ATTACK) >= 5


def test_what_is_wrong_and_what_is_disabled_is_shown(ask: Asked) -> None:
    overview, why, rules, rule = (
        Seen(answer.text).text for answer in ask("/", "/article/1/why", "/rules", "/rules/credit.photo@2")
    )
    assert f"nothing new {ATTACK}" in overview
    assert "Disabled for wanbao: credit.photo" in why
    assert "Disabled for wanbao." in rules
    assert "taosha rules enable credit.photo" in rule


def test_history_shows_what_changed_and_every_page_that_came(ask: Asked) -> None:
    history = Seen(ask.one("/article/2/history").text).text
    assert "第一版。" in history
    assert "第二版，改过。" in history
    assert "p2" in history
    assert "p3" in history


def test_a_raw_page_is_saved_and_never_shown(ask: Asked) -> None:
    answer = ask.one("/page/4/raw")
    assert answer.content == ATTACK.encode()
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/article/9999",
        "/article/99999999999999999999",
        "/page/9999",
        "/page/9999/raw",
        "/rules/no.rule",
    ],
)
def test_what_is_not_there_is_said_so(ask: Asked, path: str, capfd: pytest.CaptureFixture[str]) -> None:
    answer = ask.one(path)
    assert answer.status_code == 404
    assert "Not here" in answer.text
    assert "Traceback" not in capfd.readouterr().err


def test_the_json_api_answers_search_and_views(ask: Asked) -> None:
    views = ("v_articles", "v_latest", "v_source_health", "v_failures", "v_removed", "v_edits", "v_revisions")
    found = ask(*(f"/store/{view}.json?_shape=array" for view in views))
    rows = {view: answer.json() for view, answer in zip(views, found, strict=True)}
    assert all(rows.values()), rows
    assert rows["v_latest"][0]["title"] == "海缆第33篇"
    (health,) = (row for row in rows["v_source_health"] if row["source_name"] == "wanbao")
    assert (health["articles"], health["rejected"], health["failing"]) == (34, 1, 1)
    search, box, sql = ask(
        "/store/search.json?words=大模型公司 -第9篇&_shape=array",
        "/store/articles.json?_search=大模型公司&_shape=array&_size=100",
        "/store.json?sql=select taosha_match('大模型') as m&_shape=array",
    )
    assert len(search.json()) == 29
    assert len(box.json()) == 30
    assert sql.json() == [{"m": '"大模 模型"'}]


def test_canned_queries_run(ask: Asked) -> None:
    named = ask.one("/store.json").json()["queries"]
    assert {"search", "rules-of-the-week", "samples-of-a-rule"} <= {query["name"] for query in named}
    for query in named:
        values = {"words": "融资", "rule": "punctuation.widen", "since": "2025"}
        answer = ask.one(str(httpx.URL(f"/store/{query['name']}.json", params=values)))
        assert answer.status_code == 200, json.dumps(answer.json(), ensure_ascii=False)


def test_another_datasette_in_the_process_stays_as_it_is(ask: Asked, tmp_path: Path) -> None:
    from datasette.app import Datasette

    async def both() -> tuple[int, int]:
        with open_store(furnished(tmp_path), read_only=True) as store, inspector(store):
            other = Datasette([])
            return (await other.client.get("/search")).status_code, (await other.client.get("/")).status_code

    assert asyncio.run(both()) == (404, 200)
    gc.collect()


def test_a_raw_page_whose_bytes_are_not_kept_is_told(ask: Asked, tmp_path: Path) -> None:
    path = furnished(tmp_path)
    for file in {*bodies_path(path).parent.glob(bodies_path(path).name + "*")}:
        file.unlink()

    async def raw() -> httpx.Response:
        with open_store(path, read_only=True) as store, inspector(store) as app:
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                assert (await client.get("/article/1/history")).status_code == 200
                return await client.get("/page/1/raw")

    answer = asyncio.run(raw())
    assert answer.status_code == 404
    assert "not kept" in answer.text
    gc.collect()


def test_a_page_that_came_leads_to_its_article(ask: Asked) -> None:
    seen = Seen(ask.one("/page/2").text)
    assert "/article/2" in seen.values("href")
    assert "p2" in seen.text
    assert not [href for href in Seen(ask.one("/page/36").text).values("href") if "/article/" in href]


def test_a_search_that_finds_nothing_offers_help_and_a_wider_one(ask: Asked) -> None:
    seen = Seen(ask.one("/search?q=无此词&source=wanbao").text)
    assert "Nothing found." in seen.text
    assert "Words side by side must all be there" in seen.text
    assert any("source" not in href for href in seen.values("href") if href.startswith("/search?q="))
    assert "Look everywhere" not in ask.one("/search?q=无此词").text


def test_tables_say_what_they_and_their_columns_are(ask: Asked) -> None:
    seen = Seen(ask.one("/store/articles").text)
    assert "A clean article: one row for each origin" in seen.text
    assert "Where the page came from in the end." in seen.text
    assert "`" not in seen.text.partition("Custom SQL")[0].partition("rows")[0]
    assert "Every removed block" in ask.one("/store/v_removed").text
    listed = Seen(ask.one("/store").text)
    assert "/store/alembic_version" not in listed.values("href")


def test_one_is_one_character() -> None:
    from crawler.inspector.present import counted

    assert [counted(number, "character") for number in (0, 1, 2000)] == [
        "0 characters",
        "1 character",
        "2,000 characters",
    ]
