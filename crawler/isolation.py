"""The inside of a worker process: cleans what comes in on a socket, with a hold on time and memory."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection

from cleaners.model import Article, Page, Reason, Rejected, Rules
from crawler.limits import Limits

__all__ = ["CLEAN", "Cleaner", "Outcome", "clean_safely", "limit_memory", "load", "quiet", "serve"]

Outcome = Article | Rejected
Cleaner = Callable[[Page, Rules | None], Outcome]

CLEAN = "cleaners.pipeline:clean"
_DETAIL_CHARS = 500


def load(target: str) -> Cleaner:
    """The function that `target` names as ``module:name``."""
    module, _, name = target.partition(":")
    cleaner: Cleaner = getattr(import_module(module), name)
    return cleaner


def clean_safely(cleaner: Cleaner, page: Page, rules: Rules | None) -> Outcome:
    """Clean one page; an error inside the cleaner becomes the rejection of this page alone."""
    try:
        return cleaner(page, rules)
    except Exception as error:  # noqa: BLE001  the boundary that isolates a page
        return Rejected(page.url, Reason.FAULT, f"{type(error).__name__}: {error}"[:_DETAIL_CHARS])


def quiet() -> None:
    """Leave signals and messages to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    logging.disable(logging.CRITICAL)


def serve(descriptor: int, cleaner: Cleaner, limits: Limits) -> None:
    """Clean page after page until the other side closes the socket `descriptor`.

    First message out: the number of this process. Then ``(page, rules)`` in, outcome out; ``(page,)`` is to
    be cleaned with the rules of the page before.
    """
    rules: Rules | None = None
    with Connection(descriptor) as line:
        try:
            line.send(os.getpid())
            while True:
                page, *given = line.recv()
                rules = given[0] if given else rules
                # Ends a page that is stuck even when the parent is no longer there to do it.
                signal.setitimer(signal.ITIMER_REAL, 2 * limits.seconds + 5)
                outcome = clean_safely(cleaner, page, rules)
                signal.setitimer(signal.ITIMER_REAL, 0)
                line.send(outcome)
        except (EOFError, ConnectionError):
            return


def limit_memory(size: int) -> None:
    """Let this process have no more address space than `size` bytes."""
    import resource

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if hard == resource.RLIM_INFINITY or size < hard:
        with suppress(ValueError, OSError):  # macOS has the name and refuses the limit
            resource.setrlimit(resource.RLIMIT_AS, (size, hard))
