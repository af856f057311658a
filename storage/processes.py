"""Which process a run belongs to, and whether that process still lives."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from sqlalchemy import Connection, select, update

from storage.models import RunRow

__all__ = ["end_dead_runs", "is_gone", "this_process"]


def this_process() -> str:
    """Host, number and start time of this process; numbers are used again, start times are not."""
    return f"{socket.gethostname()} {os.getpid()} {_started(os.getpid())}"


def is_gone(process: str | None) -> bool:
    """Whether the process that :func:`this_process` named has ended; what nobody can tell has not.

    A run without a process was noted by an older version of the program, before the store was upgraded.
    """
    if process is None:
        return True
    host, _, rest = process.partition(" ")
    number, _, started = rest.partition(" ")
    if host != socket.gethostname() or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return started != _started(int(number))


def end_dead_runs(connection: Connection, now: str) -> int:
    """Mark the runs as interrupted whose process was killed; gives how many."""
    query = select(RunRow.id, RunRow.process).where(RunRow.status == "running")
    dead = [number for number, process in connection.execute(query) if is_gone(process)]
    for number in dead:
        # When it ended nobody knows: that it did is known from now on.
        connection.execute(
            update(RunRow).where(RunRow.id == number).values(status="interrupted", finished_at=now)
        )
    return len(dead)


def _started(number: int) -> str:
    """Start time in the system's own ticks; empty where the system does not say (no /proc)."""
    try:
        line = Path(f"/proc/{number}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    fields = line.rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 else ""
