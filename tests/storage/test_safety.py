"""What a store survives: its files as they are in the middle of writing, and many processes at once."""

from __future__ import annotations

from pathlib import Path

from tests.bench.store_safety import crowd, snapshots


def test_copies_of_the_files_made_in_the_middle_of_writing_hold_what_was_acknowledged(tmp_path: Path) -> None:
    found = list(snapshots(tmp_path, 6))
    assert found == [[]] * 6


def test_processes_that_write_and_read_at_once_do_not_fail(tmp_path: Path) -> None:
    assert crowd(tmp_path, 4, 6) == []
