"""Lines that a site repeats go, once enough of its articles have shown them; text that recurs stays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cleaners.memory import Edge, Known, Sighting
from cleaners.model import Rejected, Rules
from cleaners.pipeline import current_fingerprint
from crawler.arrivals import Arrival
from crawler.cli.app import app
from crawler.dumps.job import Job, Report, clean_dumps
from crawler.reclean import Order, due_pages, reclean
from crawler.stopping import Stop
from crawler.twins import Twins
from storage import Store, open_store
from storage.export_records import export_records
from storage.site_memory import Seen, known_blocks, note_sightings
from storage.visits import Visit
from tests import cases
from tests.crawler.sites_of_pages import page, paragraphs, title, write_pages
from tests.storage.build import article as new_article
from tests.storage.build import new_store
from tests.storage.build import page as raw_page

LINE = "青禾新媒体矩阵由本台融合传播部倾力打造"


def site(case: dict[str, Any]) -> dict[str, str]:
    """The pages of a case by the names of their files."""
    tag, on = case.get("tag", "p"), case.get("on", range(case["pages"]))
    pages = {}
    for number in range(case["pages"]):
        lines = paragraphs(number)

        def extra(name: str, number: int = number) -> list[str]:
            return [f"<{tag}>{text}</{tag}>" for text in case.get(name, ())] if number in on else []

        lines = [*extra("head"), *lines[:2], *extra("middle"), *lines[2:3], *extra("last"), lines[3]]
        pages[f"{number:03}.html"] = page(title(number), [*lines, *extra("tail")])
    for number in range(case.get("copies", 0)):
        pages[f"copy{number}.html"] = page(title(0), paragraphs(0))
    for number in range(case.get("versions", 0)):
        lead = f"{paragraphs(50 + number)[0][:24]}，记者{number}号发来消息。"
        pages[f"version{number}.html"] = page(f"{title(0)}（更新{number}）", [lead, *paragraphs(0)])
    return pages


def clean_folder(store: Store, folder: Path) -> Report:
    with Stop() as stop:
        return clean_dumps(store, Job([folder], workers=0), stop)


def articles(store: Store) -> dict[str, dict[str, Any]]:
    return {Path(a["origin"]).name: a for a in export_records(store)}


@pytest.mark.parametrize("case", cases.load("learned"))
def test_what_recurs(case: dict[str, Any], tmp_path: Path) -> None:
    pages = site(case)
    folder = write_pages(tmp_path / "site", pages)
    with open_store(tmp_path / "s.db") as store:
        clean_folder(store, folder)
        found = articles(store)
    assert len(found) == len(pages)
    if case.get("kept_text"):
        assert "learned" not in {r["rule"].partition(".")[0] for a in found.values() for r in a["removed"]}
    for name, article in found.items():
        got = article["source_text"].split("\n")
        removed = {r["text"]: r for r in article["removed"]}
        for line in case.get("gone", ()):
            if line in pages[name]:
                assert line not in got, name
                assert removed[line]["rule"] == "learned.recurring@1"
                assert "articles of the site since 20" in removed[line]["evidence"]
        for line in case.get("kept", ()):
            assert (line in got) == (line in pages[name]), name
        number = int(name[:3]) if name[:3].isdigit() else 0
        assert [p for p in paragraphs(number) if p not in got] == [], name


def test_there_are_more_that_stay_than_go() -> None:
    all_cases = [p.values[0] for p in cases.load("learned")]
    gone = sum("gone" in case for case in all_cases)
    assert 5 <= gone < len(all_cases) - gone


def test_pages_of_a_later_run_teach_what_earlier_ones_have(tmp_path: Path) -> None:
    pages = site({"pages": 6, "tail": [LINE]})
    first = dict(list(pages.items())[:3])
    with open_store(tmp_path / "s.db") as store:
        assert clean_folder(store, write_pages(tmp_path / "site", first)).relearned == 0
        assert all(LINE in a["text"] for a in articles(store).values())
        report = clean_folder(store, write_pages(tmp_path / "site", pages))
        assert report.relearned >= 5
        assert not any(LINE in a["text"] for a in articles(store).values())
        # What is known now is known for good: nothing is due, and another run changes nothing.
        assert list(due_pages(store, Order(lambda name: None))) == []
        again = clean_folder(store, tmp_path / "site")
        assert (again.relearned, again.counts["unchanged"]) == (0, 6)


def test_recleaning_uses_what_was_learned_and_counts_nothing_twice(tmp_path: Path) -> None:
    folder = write_pages(tmp_path / "site", site({"pages": 6, "tail": [LINE]}))
    with open_store(tmp_path / "s.db") as store, Stop() as stop:
        clean_folder(store, folder)
        (known,) = store.known_blocks("source:site")
        assert (known.articles, known.of) == (6, 6)
        report = reclean(store, Order(lambda name: None, everything=True, workers=0), stop)
        assert report.counts == {"unchanged": 6}
        assert store.known_blocks("source:site") == (known,)


def test_pages_from_before_there_was_a_memory_are_taken_up(tmp_path: Path) -> None:
    folder = write_pages(tmp_path / "site", site({"pages": 6, "tail": [LINE]}))
    with open_store(tmp_path / "s.db") as store, Stop() as stop:
        clean_folder(store, folder)
        with store.writing() as connection:
            for statement in (
                "DELETE FROM sites",
                "UPDATE pages SET fingerprint = 'older'",
                "UPDATE articles SET fingerprint = 'older'",
            ):
                connection.exec_driver_sql(statement)
        assert store.known_blocks("source:site") == ()
        reclean(store, Order(lambda name: None, workers=0), stop)
        assert not any(LINE in a["text"] for a in articles(store).values())
        assert list(due_pages(store, Order(lambda name: None))) == []


def test_sites_are_kept_apart_by_their_hosts(tmp_path: Path) -> None:
    pages = site({"pages": 8, "tail": [LINE]})
    folder = write_pages(tmp_path / "mixed", pages)
    for number, name in enumerate(pages):
        url = f"https://{'one' if number < 5 else 'www.two'}.example/{number}.html"
        (folder / f"{name}.json").write_text(json.dumps({"url": url}))
    with open_store(tmp_path / "s.db") as store:
        clean_folder(store, folder)
        assert [LINE in a["text"] for _, a in sorted(articles(store).items())] == [False] * 5 + [True] * 3
        with store.reading() as connection:
            names = connection.exec_driver_sql("SELECT name, articles FROM sites ORDER BY name").all()
    assert [tuple(row) for row in names] == [("one.example", 5), ("two.example", 3)]


def test_the_evidence_is_shown(tmp_path: Path) -> None:
    folder = write_pages(tmp_path / "site", site({"pages": 6, "tail": [LINE]}))
    store = f"sqlite:///{tmp_path / 's.db'}"
    run = CliRunner()
    cleaned = run.invoke(app, ["clean", str(folder), "--store", store, "--workers", "0"])
    assert (cleaned.exit_code, "cleaned twice" in cleaned.stderr) == (0, True)
    shown = run.invoke(app, ["why", "1", "--store", store, "--rule", "learned.recurring"])
    assert f"{LINE}  (on 6 of 6 articles of the site since 20" in shown.stdout


def test_few_rows_are_kept_of_a_large_site(tmp_path: Path) -> None:
    store, run = new_store(tmp_path)
    count, at = 1000, "2025-01-19T06:30:50.000Z"
    origins = [f"https://a.example/{number}" for number in range(count)]
    refs = store.add_pages([(raw_page(origin), "a") for origin in origins], run)
    seen = []
    for number, (origin, ref) in enumerate(zip(origins, refs, strict=True)):
        edges = (*(Edge(number * 20 + k, 30) for k in range(9)), Edge(1 << 40, 12))
        seen.append(Seen(ref.id, origin, "a.example", Sighting(edges)))
    with store.writing() as connection:
        for start in range(0, count, 32):
            note_sightings(connection, seen[start : start + 32], at)
        assert connection.exec_driver_sql("SELECT count(*) FROM site_blocks").scalar_one() < 9 * 400
        assert known_blocks(connection, "a.example") == (Known(1 << 40, count, count, at),)
    store.close()


def test_a_twin_is_judged_without_what_was_learned(tmp_path: Path) -> None:
    rules = Rules(learned=(Known(7, 6, 6),))
    arrivals = []
    for number in (1, 2):
        raw = raw_page(f"https://a.example/{number}")
        outcome = new_article("同一篇文章的正文，两个地址都有，一个字也不差。", fingerprint="with-memory")
        arrivals.append(Arrival(raw, "a", rules, Visit(number), outcome=outcome))
    with open_store(tmp_path / "s.db") as store:
        first, second = Twins(store).sorted_out(arrivals)
    assert first.outcome is arrivals[0].outcome
    assert isinstance(second.outcome, Rejected)
    assert second.outcome.fingerprint == current_fingerprint()
