"""`taosha export` where things go wrong: no place to write, no room, an end in the middle."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crawler.cli.app import app
from tests.crawler.test_crawl_full import small_disk
from tests.storage.build import article, new_store, put

ROOT = Path(__file__).parents[2]
COUNT = 300


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("export")
    opened, run = new_store(folder)
    chance = random.Random(1)
    with opened:
        for number in range(COUNT):
            text = "".join(map(chr, chance.choices(range(0x4E00, 0x9000), k=1500)))  # hardly to be packed
            put(opened, run, article(text), f"/data/{number}.html")
    return str(folder / "store.db")


def export(store, *arguments):
    return CliRunner().invoke(app, ["export", "--store", store, *map(str, arguments)])


@pytest.mark.parametrize("name", ["md", "parquet"])
def test_a_format_of_files_says_which_option_it_needs(store, name):
    done = export(store, "--format", name)
    assert done.exit_code == 2
    assert "--output" in done.stderr


def test_what_is_there_is_left_alone(store, tmp_path):
    (tmp_path / "note.txt").write_text("mine")
    done = export(store, "--format", "md", "--output", tmp_path)
    assert done.exit_code == 2
    assert "Nothing was changed" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


@pytest.mark.parametrize("name", ["jsonl", "csv", "md", "parquet"])
def test_a_full_disk_ends_with_its_own_code_and_leaves_nothing(store, tmp_path, name):
    disk = tmp_path / "disk"
    with small_disk(disk, "400k"):
        (disk / "out").write_text("before") if name != "md" else None
        done = export(store, "--format", name, "--output", disk / "out")
        assert done.exit_code == 7, done.output
        assert "No space left" in done.stderr
        assert [path.name for path in disk.iterdir()] == ([] if name == "md" else ["out"])
        assert name == "md" or (disk / "out").read_text() == "before"


def test_an_export_that_is_killed_leaves_what_was_there(store, tmp_path):
    target = tmp_path / "out.jsonl"
    target.write_text("before")
    command = [sys.executable, "-c", _STOP_IN_THE_MIDDLE, "export", "--store", store, "--output", str(target)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, env=os.environ)
    with process:
        assert process.stdout.read(1) == b"x"
        process.send_signal(signal.SIGKILL)
    assert target.read_text() == "before"
    shown = [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")]
    assert shown == ["out.jsonl"]  # without files of no name the half-written one is hidden


_STOP_IN_THE_MIDDLE = """
import sys, time
from storage import export_job
from crawler.cli import main

read = export_job.export_records

def slow(*arguments):
    for number, record in enumerate(read(*arguments)):
        if number == 100:
            print("x", end="", flush=True)
            time.sleep(60)
        yield record

export_job.export_records = slow
main()
"""
