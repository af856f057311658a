from __future__ import annotations

import os
import subprocess
import sys

import pytest
from sqlalchemy import update

from storage import Store
from storage.listing import list_runs
from storage.models import RunRow
from storage.processes import is_gone, this_process


def test_this_process_is_there_and_others_can_be_told_from_it() -> None:
    mine = this_process()
    host, number, started = mine.split(" ")
    assert not is_gone(mine)
    assert int(number) == os.getpid()
    assert is_gone(f"{host} {number} {int(started) + 1}"), "the number was used again"
    assert not is_gone(f"elsewhere.example {number} 1"), "nobody can tell from here"
    assert is_gone(None)


def test_a_process_that_ended_is_gone() -> None:
    code = "from storage.processes import this_process; print(this_process())"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert is_gone(ended.stdout.strip())


@pytest.mark.parametrize(("process", "status"), [("nowhere 1 1", "running"), (None, "interrupted")])
def test_a_start_ends_the_runs_of_dead_processes(
    opened: tuple[Store, int], process: str | None, status: str
) -> None:
    store, run = opened
    with store.writing() as connection:
        connection.execute(update(RunRow).where(RunRow.id == run).values(process=process))
    store.start_run("crawl", [], {})
    assert [one.status for one in list_runs(store)] == ["running", status]
