"""One crawl after the other: a run takes its turn on a store, at once or after some patience."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from storage.errors import StoreLocked
from storage.locking import crawl_lock

if TYPE_CHECKING:
    from storage import Store

__all__ = ["crawl_turn"]

logger = logging.getLogger(__name__)

_POLL_SECONDS = 0.25


@contextmanager
def crawl_turn(store: Store, sources: Sequence[str], wait: float = 0.0) -> Iterator[None]:
    """Hold the right to crawl ``sources`` into the store, taken within ``wait`` seconds.

    Raises :class:`storage.errors.StoreLocked` if another run still has it then. A run that was killed
    has it no more.
    """
    until, told = time.monotonic() + wait, False
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(crawl_lock(store, sources))
                break
            except StoreLocked:
                left = until - time.monotonic()
                if left <= 0:
                    raise
                if not told:
                    logger.info("another run is crawling into the store; waiting up to %g s for it", wait)
                told = True
                time.sleep(min(_POLL_SECONDS, left))
        yield
