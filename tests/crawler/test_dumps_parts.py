"""Articles in several pages are put together while a dump is read, whatever the order of its files."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaners.model import Page
from crawler.dumps.job import Job, clean_dumps
from crawler.dumps.parts import Parts
from crawler.reclean import Order, due_pages, reclean
from crawler.stopping import Stop
from storage import open_store
from storage.export_records import export_records
from tests.crawler.sites_of_pages import page, paragraphs, title, write_pages

BASE = "https://news.example/2024"


def part(number: int, of: int, name: str = "bridge", base: str = "") -> str:
    links = ""
    if number < of:
        links += f"<a href='{base}{name}_{number + 1}.html'>下一页</a>"
    if number > 1:
        earlier = f"_{number - 1}" if number > 2 else ""
        links += f"<a href='{base}{name}{earlier}.html'>上一页</a>"
    text = page(title(number), paragraphs(number))
    return text.replace("</body>", f"<div class='pager'>{links}</div></body>")


def raw(number: int, of: int, name: str = "bridge") -> Page:
    suffix = f"_{number}" if number > 1 else ""
    body = part(number, of, name).encode()
    return Page(f"{BASE}/{name}{suffix}.html", body, "text/html; charset=utf-8")


def numbers(pages: list[Page]) -> list[list[str]]:
    names = [[one.url.rpartition("/")[2] for one in (page, *page.parts)] for page in pages]
    return [[name.removesuffix(".html") for name in of] for of in names]


def read(*pages: Page) -> list[list[str]]:
    parts = Parts()
    return numbers([out for page in pages for out in parts.take(page)] + list(parts.rest()))


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 1, 3), (2, 3, 1), (3, 1, 2)])
def test_the_order_of_the_files_does_not_matter(order: tuple[int, ...]) -> None:
    assert read(*(raw(number, 3) for number in order)) == [["bridge", "bridge_2", "bridge_3"]]


def test_two_articles_at_a_time() -> None:
    found = read(raw(1, 2), raw(1, 2, "ferry"), raw(2, 2, "ferry"), raw(2, 2))
    assert sorted(found) == [["bridge", "bridge_2"], ["ferry", "ferry_2"]]


def test_what_is_not_there_is_not_waited_for_in_vain() -> None:
    assert read(raw(1, 3), raw(2, 3)) == [["bridge", "bridge_2"]]
    assert read(raw(2, 3), raw(3, 3)) == [["bridge_2", "bridge_3"]]
    assert read(raw(1, 3), raw(3, 3)) == [["bridge"], ["bridge_3"]]


def test_pages_that_are_alone_are_not_held_back() -> None:
    parts = Parts()
    assert len(list(parts.take(raw(1, 1)))) == 1
    assert list(parts.take(raw(1, 2))) == []
    assert len(list(parts.take(raw(2, 2)))) == 1


def test_only_so_many_are_held_back() -> None:
    parts = Parts()
    out = [one for n in range(100) for one in parts.take(raw(1, 2, f"story{n:03}x"))]
    assert numbers(out) == [[f"story{n:03}x"] for n in range(36)]
    assert len(list(parts.rest())) == 64


def test_an_article_has_an_end() -> None:
    found = read(*(raw(number, 50) for number in range(1, 51)))
    assert len(found[0]) == 20
    assert sum(map(len, found)) == 50


@pytest.mark.parametrize("base", ["", f"{BASE}/"])
def test_a_folder_gives_whole_articles(tmp_path: Path, base: str) -> None:
    folder = write_pages(
        tmp_path / "dump",
        {
            "bridge.html": part(1, 3, base=base),
            "bridge_2.html": part(2, 3, base=base),
            "bridge_3.html": part(3, 3, base=base),
            "other.html": page(title(7), paragraphs(7)),
        },
    )
    with open_store(tmp_path / "s.db") as store, Stop() as stop:
        job = Job([folder], workers=0)
        assert clean_dumps(store, job, stop).counts == {"new": 2}
        found = {Path(a["origin"]).name: a["text"].split("\n") for a in export_records(store)}
        whole = [line for number in (1, 2, 3) for line in paragraphs(number)]
        assert found == {"bridge.html": whole, "other.html": paragraphs(7)}
        with store.reading() as connection:
            outcomes = connection.exec_driver_sql("SELECT outcome, count(*) FROM pages GROUP BY 1").all()
        assert [tuple(row) for row in outcomes] == [("article", 2), ("part", 2)]
        # Cleaned again from the store, and from the files: the same.
        assert list(due_pages(store, Order(lambda name: None))) == []
        again = reclean(store, Order(lambda name: None, everything=True, workers=0), stop)
        assert again.counts == {"unchanged": 2}
        assert clean_dumps(store, job, stop).counts == {"unchanged": 2}


def test_a_part_that_changes_changes_the_article(tmp_path: Path) -> None:
    folder = write_pages(tmp_path / "dump", {"bridge.html": part(1, 2), "bridge_2.html": part(2, 2)})
    with open_store(tmp_path / "s.db") as store, Stop() as stop:
        job = Job([folder], workers=0)
        clean_dumps(store, job, stop)
        write_pages(folder, {"bridge_2.html": part(2, 2).replace("锣鼓", "鞭炮")})
        assert clean_dumps(store, job, stop).counts == {"changed": 1}
        (article,) = export_records(store)
        assert article["revision"] == 2
