"""The formats of an export: each read back by a reader of its own, whole or not at all, in little memory."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
import yaml
from pyarrow import parquet

from cleaners.model import Image, Note
from storage import Store
from storage.corpus import Quality, Tally
from storage.dataset_card import Export, dataset_card
from storage.errors import FilterInvalid, StoreUnusable
from storage.export_job import FORMATS, Order, export_to_file, export_to_stream
from storage.export_records import FIELDS, export_records
from storage.export_text import file_name, markdown
from storage.filters import Where
from tests.storage.build import CHINA, article, noted_article, put

Opened = tuple[Store, int]


def quiet(done: int, total: int) -> None:
    pass


@pytest.fixture
def filled(opened: Opened) -> Store:
    """Four articles: one with much metadata, two with the same text, a short one with a flag."""
    store, run = opened
    given = article(
        "一段，有 *星号* 和 <b>。",
        "1. 第二段。",
        title='标题: "引号" # 1',
        authors=("甲", "乙"),
        language="zh",
        published_at=datetime(2025, 1, 19, 6, 30, tzinfo=CHINA),
        images=(Image("https://example.org/a.jpg", None, "图注"),),
    )
    put(store, run, given, "o:1")
    put(store, run, noted_article(), "o:2")
    put(store, run, noted_article(), "o:3")
    from dataclasses import replace

    put(store, run, replace(article("短。"), flags=(Note("flag/site", "site.in-vain@1", "", ""),)), "o:4")
    return store


def written(store: Store, order: Order) -> str:
    out = io.StringIO()
    export_to_stream(store, order, out, quiet)
    return out.getvalue()


def test_texts_are_parted_by_blank_lines(filled: Store) -> None:
    texts = written(filled, Order("text")).split("\n\n")
    assert [text.strip("\n") for text in texts] == [r["text"] for r in export_records(filled)]


def test_fields_are_chosen_in_the_order_asked_for(filled: Store) -> None:
    order = Order(fields=("title", "id"))
    lines = [json.loads(line) for line in written(filled, order).splitlines()]
    assert [list(line) for line in lines] == [["title", "id"]] * 4
    assert written(filled, Order("csv", fields=("id", "chars"))).splitlines()[0] == "id,chars"


def test_what_can_not_be_asked_for_is_explained() -> None:
    with pytest.raises(FilterInvalid, match="no such field"):
        Order(fields=("id", "titel"))
    with pytest.raises(FilterInvalid, match="no format"):
        Order("xml")
    with pytest.raises(FilterInvalid, match="of its own"):
        Order("text", fields=("id",))


def test_formats_of_files_refuse_a_stream(filled: Store) -> None:
    for name in ("md", "parquet"):
        with pytest.raises(FilterInvalid, match="file or folder"):
            written(filled, Order(name))


def test_markdown_is_a_file_for_each_article(filled: Store, tmp_path: Path) -> None:
    done = export_to_file(filled, Order("md"), tmp_path / "out", quiet)
    files = sorted((tmp_path / "out").rglob("*.md"))
    assert done.articles == len(files) == 4
    assert files[0].name == "00000001-标题-引号-1.md"
    head, body = files[0].read_text(encoding="utf-8").removeprefix("---\n").split("---\n", 1)
    fields = yaml.safe_load(head)
    assert (fields["title"], fields["authors"]) == ('标题: "引号" # 1', ["甲", "乙"])
    assert "\n1\\. 第二段。\n" in body
    assert "\\*星号\\*" in body
    assert "\\<b>" in body
    with pytest.raises(StoreUnusable, match="exists already"):
        export_to_file(filled, Order("md"), tmp_path / "out", quiet)


HOSTILE = [
    "a\u2028b\x85c",
    "-\tx",
    "'",
    "\x00\ud800",
    "{",
    "key: value",
    "\\u0041",
    "no",
    "2025-01-01",
    "𠮷\ufeff",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_front_matter_is_yaml_whatever_the_title(opened: Opened, title: str) -> None:
    store, run = opened
    put(store, run, article(title=title), "o:1")
    (record,) = export_records(store)
    head = markdown(record).removeprefix("---\n").split("---\n", 1)[0]
    assert yaml.safe_load(head)["title"] == record["title"]
    assert file_name(record).isprintable()
    assert file_name(record).count("/") == 1


def test_parquet_reads_back(filled: Store, tmp_path: Path) -> None:
    export_to_file(filled, Order("parquet"), tmp_path / "a.parquet", quiet)
    rows = parquet.read_table(tmp_path / "a.parquet").to_pylist()
    expected = list(export_records(filled))
    assert [tuple(row) for row in rows] == [FIELDS] * 4
    for row, record in zip(rows, expected, strict=True):
        for block in record["removed"]:
            block.setdefault("evidence", None)
        assert row == record
    assert (tmp_path / "a.README.md").read_text(encoding="utf-8").startswith("---\n")


def corpus(store: Store, quality: Quality) -> tuple[list[dict[str, object]], Tally]:
    out = io.StringIO()
    tally = export_to_stream(store, Order("corpus", quality=quality), out, quiet)
    return [json.loads(line) for line in out.getvalue().splitlines()], tally


def test_a_corpus_has_each_text_once_with_where_it_is_from(filled: Store) -> None:
    lines, tally = corpus(filled, Quality())
    assert [line["provenance"]["origin"] for line in lines] == ["o:1", "o:2", "o:4"]  # type: ignore[index]
    assert list(lines[0]) == ["id", "text", "meta", "provenance", "quality"]
    assert lines[1]["quality"] == {"chars": 11, "changes": 4, "removed_blocks": 2, "flags": []}
    assert (tally.articles, dict(tally.left_out)) == (3, {"duplicate": 1})


QUALITIES = [
    (Quality(min_chars=5), {"duplicate": 1, "short": 1}),
    (Quality(without_flags=frozenset({"any"})), {"duplicate": 1, "flagged": 1}),
    (Quality(without_flags=frozenset({"site.in-vain"})), {"duplicate": 1, "flagged": 1}),
    (Quality(without_flags=frozenset({"site.in-vain@1"})), {"duplicate": 1, "flagged": 1}),
    (Quality(without_flags=frozenset({"site.in-vain@2"})), {"duplicate": 1}),
]


@pytest.mark.parametrize(("quality", "left_out"), QUALITIES)
def test_a_corpus_leaves_out_what_is_not_good_enough(
    filled: Store, quality: Quality, left_out: dict[str, int]
) -> None:
    assert corpus(filled, quality)[1].left_out == left_out


def test_the_card_tells_what_is_in_it(filled: Store, tmp_path: Path) -> None:
    order = Order("corpus", where=Where(since="2025"), quality=Quality(min_chars=2))
    export_to_file(filled, order, tmp_path / "c.jsonl", quiet)
    card = (tmp_path / "c.README.md").read_text(encoding="utf-8")
    head = yaml.safe_load(card.removeprefix("---\n").split("---\n", 1)[0])
    assert head["language"] == ["zh"]
    assert head["size_categories"] == ["n<1K"]
    assert head["configs"] == [{"config_name": "default", "data_files": "c.jsonl"}]
    assert "1 articles" in card
    assert "since 2025; at least 2 characters" in card


SIZES = [(0, "n<1K"), (999, "n<1K"), (1000, "1K<n<10K"), (250_000, "100K<n<1M"), (10**8, "n>10M")]


@pytest.mark.parametrize(("count", "size"), SIZES)
def test_sizes_are_named_as_the_hub_does(count: int, size: str) -> None:
    assert f"- {size}\n" in dataset_card(Export("x", ()), Tally(articles=count))


def test_a_card_can_not_be_broken_by_names() -> None:
    tally = Tally(articles=1)
    tally.sources["a|b\n<script>"] += 1
    assert "| a\\|b &lt;script> | 1 |" in dataset_card(Export("x", ()), tally)


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_that_fails_leaves_nothing(filled: Store, tmp_path: Path, name: str) -> None:
    def stop(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_to_file(filled, Order(name), tmp_path / "out.x", stop)
    assert not [path for path in tmp_path.iterdir() if "out" in path.name]


def test_progress_is_told(filled: Store, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    progress: Callable[[int, int], None] = lambda done, total: told.append((done, total))  # noqa: E731
    export_to_file(filled, Order(), tmp_path / "a.jsonl", progress)
    assert told == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]
