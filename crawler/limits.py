"""What one page may cost, and how much may wait: the bounds that keep a hostile page local."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one run.

    ``body_bytes``: larger bodies are stored cut (one byte over, so that they stay recognisable)
    and rejected as too large. ``seconds``: wall time for cleaning one page. ``memory_bytes``:
    address space of a worker process. ``tasks_per_worker``: pages after which a worker is
    replaced, so that what the parsers leak is given back. ``pending_pages`` and
    ``pending_bytes``: how much may wait before readers have to pause.
    """

    body_bytes: int = 10 * MIB
    seconds: float = 30.0
    memory_bytes: int = 2048 * MIB
    tasks_per_worker: int = 500
    pending_pages: int = 256
    pending_bytes: int = 64 * MIB
