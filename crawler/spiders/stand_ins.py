"""Twins that were left alone for an article that then could not be had: one of them takes its place."""

from __future__ import annotations

from cleaners.model import Reason
from crawler.items import Failed
from crawler.net.backoff import BUSY
from crawler.net.reasons import FetchReason
from storage.visits import Lease

__all__ = ["REFUSED", "StandIns", "leaves_a_gap"]

REFUSED = frozenset(Reason) - {Reason.DUPLICATE}
"""Whatever the page of the article was instead of it, another view may still show it."""

_MOST = 20_000
_OURS = frozenset({FetchReason.DUPLICATE, FetchReason.PART, FetchReason.BUDGET, FetchReason.ADDRESS})
"""Reasons that are no failure of the page."""


def leaves_a_gap(failed: Failed) -> bool:
    """Whether another address of the article may be asked for instead of the one that failed in this way.

    Not where the server asks us to come back later: it means all of its addresses.
    """
    return failed.kind == "article" and failed.reason not in _OURS and failed.status not in BUSY


class StandIns:
    """By the address of the article: the first twin that was left alone for it, in bounded memory."""

    def __init__(self) -> None:
        self._twins: dict[str, Lease] = {}
        self._vain: set[str] = set()

    def note(self, article: str, twin: Lease) -> bool:
        """Note that ``twin`` gives way to the article at ``article``.

        False if that was asked for in vain before, so that the twin has nothing to give way to.
        """
        if article in self._vain:
            return False
        if len(self._twins) < _MOST:
            self._twins.setdefault(article, twin)
        return True

    def take(self, article: str) -> Lease | None:
        """The twin of ``article``, which could not be had; each once."""
        if len(self._vain) < _MOST:
            self._vain.add(article)
        return self._twins.pop(article, None)
