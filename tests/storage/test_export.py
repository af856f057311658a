"""Export: every field, in order, whole or not at all, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import itertools
import json
import subprocess
import sys
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from cleaners.model import Image
from storage import Store
from storage.export import atomic_file, csv_cell, json_line, write_csv, write_jsonl
from storage.export_records import FIELDS, export_records
from storage.filters import Where
from tests.storage.build import CHINA, article, noted_article, page, put

Opened = tuple[Store, int]
ROOT = Path(__file__).parents[2]

PROMISED = {
    *("url", "origin", "canonical_url", "title", "authors", "editors", "source", "producer", "image_credit"),
    *("published_at", "published_precision", "language", "script", "text", "source_text", "encoding"),
    *("removed", "notes_count", "cluster", "fetched_at"),
}


def test_every_promised_field_is_there(opened: Opened) -> None:
    store, run = opened
    put(store, run, noted_article(), "o:1")
    (record,) = export_records(store)
    assert set(record) >= PROMISED
    assert tuple(record) == FIELDS
    assert record["removed"] == [
        {"text": "首頁 新聞", "step": "extract", "rule": "extract.outside@1"},
        {"text": "图/视觉中国", "step": "judge/credit", "rule": "credit.photo@2"},
    ]
    assert (record["notes_count"], record["cluster"], record["encoding"]) == (4, None, "gb18030")
    assert (record["text"], record["source_text"]) == ("互联网，很好\n第二段。", "互聯網,很好\n第二段。")


def test_lists_and_times_keep_their_form(opened: Opened) -> None:
    store, run = opened
    given = article(
        authors=("甲", "乙"),
        tags=("经济",),
        published_at=datetime(2025, 1, 19, 6, 30, 50, tzinfo=CHINA),
        images=(Image("https://example.org/a.jpg", None, "图注"),),
    )
    fetched = page("https://example.org/1", fetched_at=datetime(2025, 1, 20, tzinfo=UTC))
    (ref,) = store.add_pages([(fetched, "site")], run)
    store.add_outcomes([(ref.id, given)], run)
    (record,) = export_records(store)
    assert record["authors"] == ["甲", "乙"]
    assert record["editors"] == []
    assert record["tags"] == ["经济"]
    assert record["images"] == [{"url": "https://example.org/a.jpg", "alt": None, "caption": "图注"}]
    assert record["published_at"] == "2025-01-19T06:30:50+08:00"
    assert record["fetched_at"] == "2025-01-20T00:00:00Z"
    assert record["crawl_source"] == "site"


def test_more_than_a_batch_comes_in_the_order_of_storing(opened: Opened) -> None:
    store, run = opened
    refs = store.add_pages([(page(f"o:{n}"), "s") for n in range(250)], run)
    store.add_outcomes([(ref.id, article(f"第 {n} 篇。")) for n, ref in enumerate(refs)], run)
    assert [r["origin"] for r in export_records(store)] == [f"o:{n}" for n in range(250)]
    assert list(export_records(store, Where(source="other"))) == []


def test_memory_stays_constant(opened: Opened) -> None:
    store, run = opened
    text = "字" * 3_000
    refs = store.add_pages([(page(f"o:{n}"), "s") for n in range(600)], run)
    store.add_outcomes([(ref.id, article(text)) for ref in refs], run)
    tracemalloc.start()
    records = export_records(store)
    for _ in itertools.islice(records, 210):
        pass
    early = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    for _ in records:
        pass
    late = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert late < early * 1.3


def test_one_line_stays_one_line() -> None:
    record = {"text": "a\u2028b\u2029c\u0085d\ne\r\x1cf\x9bg", "title": "\\u2028 “”"}
    line = json_line(record)
    assert len(line.splitlines()) == 1
    assert "\x9b" not in line
    assert json.loads(line) == record


def test_jsonl_counts(opened: Opened) -> None:
    store, run = opened
    put(store, run, article(), "o:1")
    put(store, run, article(), "o:2")
    out = io.StringIO()
    assert write_jsonl(export_records(store), out) == 2
    assert [json.loads(line)["origin"] for line in out.getvalue().splitlines()] == ["o:1", "o:2"]
    assert "标题" in out.getvalue()


CELLS = [
    (None, ""),
    ("普通", "普通"),
    ("", ""),
    (12, 12),
    (-12, -12),
    ("=1+1", "'=1+1"),
    ("+86 10", "'+86 10"),
    ("-本报讯", "'-本报讯"),
    ("@somebody", "'@somebody"),
    ("\t=1", "'\t=1"),
    ("＝1", "'＝1"),
    ("a=1", "a=1"),
    ("—— 破折号", "—— 破折号"),
    (["=甲"], '["=甲"]'),
    ([], "[]"),
]


@pytest.mark.parametrize(("value", "cell"), CELLS)
def test_cells_are_harmless(value: object, cell: object) -> None:
    assert csv_cell(value) == cell


def test_csv_reads_back(opened: Opened) -> None:
    store, run = opened
    put(store, run, article('一段，有 "引号"。', "第二段；", title="=HYPERLINK(1)", authors=("甲",)), "o:1")
    out = io.StringIO(newline="")
    assert write_csv(export_records(store), out) == 1
    (row,) = csv.DictReader(io.StringIO(out.getvalue(), newline=""))
    assert tuple(row) == FIELDS
    assert (row["title"], row["text"], row["authors"], row["canonical_url"]) == (
        "'=HYPERLINK(1)",
        '一段，有 "引号"。\n第二段；',
        '["甲"]',
        "",
    )


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    target.write_text("old")

    def fail_halfway() -> None:
        with atomic_file(target) as out:
            out.write("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]
    with atomic_file(target) as out:
        out.write("新\r\n")
    assert target.read_bytes() == "新\r\n".encode()
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_behind_a_link_and_its_mode_stay(tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    with atomic_file(link) as out:
        out.write("new")
    assert link.is_symlink()
    assert real.read_text() == "new"
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_missing_folder_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), atomic_file(tmp_path / "none" / "out.csv"):
        pass


def test_a_condition_is_asked_once(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may look at every article: asked for each batch, a large export would never end."""
    store, run = opened
    for number in range(5):
        put(store, run, article(f"第{number}篇。"), f"o:{number}")
    monkeypatch.setattr("storage.export_records._BATCH", 2)
    asked: list[str] = []
    with store.reading() as connection:
        engine = connection.engine
    event.listen(engine, "before_cursor_execute", lambda _, cursor, sql, *rest: asked.append(sql))
    assert [record["id"] for record in export_records(store, Where(sql="chars > 1"))] == [1, 2, 3, 4, 5]
    assert sum("chars > 1" in sql for sql in asked) == 1
    assert len(asked) > 3


def test_a_killed_process_leaves_nothing(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from storage.export import atomic_file\n"
        "with atomic_file(Path(sys.argv[1])) as out:\n"
        "    out.write('half'); out.flush(); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "out.txt")], cwd=ROOT, check=False)
    assert list(tmp_path.iterdir()) == []


def test_where_every_file_needs_a_name_files_are_whole_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.export._unnamed", lambda folder: None)
    target = tmp_path / "out.txt"
    with pytest.raises(ValueError, match="x"), atomic_file(target) as out:
        raise ValueError("x")
    assert list(tmp_path.iterdir()) == []
    with atomic_file(target) as out:
        out.write("all")
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("out.txt", "all")]
