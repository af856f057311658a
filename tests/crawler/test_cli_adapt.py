"""`taosha adapt`: what the store's clean articles teach repairs pages that come later, and earlier ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cleaners.slips.forward import damage
from crawler.cli.app import app
from storage import open_store
from storage.export_records import export_records
from storage.phrases import sure_texts
from tests.cleaners.slips.test_familiar import ARTICLES, LOST
from tests.cleaners.slips.test_page import EVIDENCE, KEYS
from tests.storage.build import new_store


def run(*args: object) -> str:
    result = CliRunner().invoke(app, [str(arg) for arg in args])
    assert result.exit_code == 0, result.output
    return result.stdout


def write(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def store(tmp_path: Path) -> str:
    """A store with clean articles, which name somebody, and one that lost the name to a slip."""
    url = f"sqlite:///{tmp_path / 's.db'}"
    files = [
        write(tmp_path / f"{n}.txt", [text, f"第{n}段说的是别的事情。"]) for n, text in enumerate(ARTICLES)
    ]
    damaged = [damage(line, KEYS) for line in [*EVIDENCE, LOST]]
    run("clean", *files, write(tmp_path / "damaged.txt", damaged), "--store", url)
    return url


def last_line(store: str) -> Any:
    with open_store(store) as opened:
        found = {Path(a["origin"]).name: a for a in export_records(opened)}
    return found["damaged.txt"]["source_text"].split("\n")[-1]


def test_what_was_learned_repairs_stored_pages_and_can_be_forgotten(store: str) -> None:
    before = last_line(store)
    assert before != LOST
    assert json.loads(run("adapt", "--store", store, "--json"))["changed"]
    run("reclean", "--store", store, "--workers", "0")
    assert last_line(store) == LOST
    assert json.loads(run("adapt", "--store", store, "--json"))["changed"] is False
    assert json.loads(run("adapt", "--forget", "--store", store, "--json")) == {"phrases": 0, "changed": True}
    run("reclean", "--store", store, "--workers", "0")
    assert last_line(store) == before


def test_pages_that_come_later_are_repaired_at_once(store: str, tmp_path: Path) -> None:
    run("adapt", "--store", store)
    other = [damage(line, KEYS) for line in [*EVIDENCE[::-1], LOST]]
    run("clean", write(tmp_path / "later.txt", other), "--store", store)
    with open_store(store) as opened:
        found = {Path(a["origin"]).name: a for a in export_records(opened)}
    assert found["later.txt"]["source_text"].endswith(LOST)


def test_nothing_is_due_after_what_was_learned_stays_the_same(store: str) -> None:
    run("adapt", "--store", store)
    run("reclean", "--store", store, "--workers", "0")
    run("adapt", "--store", store)
    again = json.loads(run("reclean", "--store", store, "--workers", "0", "--json"))
    assert sum(again["counts"].values()) == 0


def test_uncertain_repairs_do_not_teach(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 's.db'}"
    rivals = [damage(line, KEYS) for line in [*EVIDENCE, "他相信，因為她喜歡這個地方。"]]
    files = [write(tmp_path / f"{n}.txt", [text, "别的事情。"]) for n, text in enumerate(ARTICLES)]
    run("clean", *files, write(tmp_path / "rivals.txt", rivals), "--store", url)
    with open_store(url) as opened:
        texts = list(sure_texts(opened, 100))
        assert sorted(text.partition("\n")[0] for text in texts) == sorted(ARTICLES)
        assert list(sure_texts(opened, 2)) == texts[:2]


def test_forgetting_says_what_was_forgotten(tmp_path):
    opened, _ = new_store(tmp_path)
    with opened:
        opened.set_phrases(("陈建志", "海缆"))
    forget = ["adapt", "--forget", "--store", str(tmp_path / "store.db")]
    told = CliRunner().invoke(app, forget).stderr
    assert "2 phrases forgotten" in told
    assert "without them" in told
    assert "nothing to forget" in CliRunner().invoke(app, forget).stderr
