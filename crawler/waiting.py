"""Requests that wait for their domain: a heap of them, and what can be said of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storage.visits import Lease

__all__ = ["Waiting", "goes_on", "leases_of", "tried"]

Waiting = tuple[bool, int, int, Any]
"""Whether it was tried, its priority turned round, a number in order, and the request."""


def tried(request: Any) -> bool:
    """Whether it has failed before: it may take its time, and comes after all others."""
    lease = request.meta.get("lease")
    return lease is not None and lease.tries > 0


def leases_of(queue: Iterable[Waiting]) -> list[Lease]:
    """What the requests of a heap are for."""
    found = (request.meta.get("lease") for *_, request in queue)
    return [lease for lease in found if lease is not None]


def goes_on(queue: Sequence[Waiting]) -> bool:
    """Whether the first of a heap is a further part of an article that has been begun."""
    return bool(queue) and "begun" in queue[0][3].meta
