"""What came of one source in one crawl, counted while it goes on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from cleaners.model import Reason
from crawler.arrivals import Ingested
from crawler.items import Failed
from storage.source_runs import SourceRun

__all__ = ["Tally"]

ENTRY_KINDS = ("home", "feed", "sitemap", "listing")
_KEPT_OUT = frozenset({401, 403, 429, 451, 503})
"""Statuses of servers that let us not in (RFC 9110, 6585, 7725); 503 is what protection services send."""
_KEPT_OUT_PAGES = frozenset({Reason.BLOCKED, Reason.LOGIN_WALL})


@dataclass(slots=True)
class Tally:
    """What became of one source's pages in this run. Counters by outcome and by reason.

    ``stated`` counts the fields that new and changed articles state, ``minutes`` the minutes that new
    ones name as their publication; ``requested`` is known at the end only.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    stated: Counter[str] = field(default_factory=Counter)
    minutes: Counter[str] = field(default_factory=Counter)
    entry_failures: list[Failed] = field(default_factory=list)
    bytes: int = 0
    chars: int = 0
    lists: int = 0
    named: int = 0
    known: int = 0
    refused: int = 0
    requested: int = 0

    @property
    def fetched(self) -> int:
        """How many article pages were fetched and handled."""
        return sum(self.outcomes.values())

    @property
    def fell_short(self) -> bool:
        """Whether no article could be fetched although some were to be; nothing due is no shortfall."""
        return not self.fetched and not (self.lists and self.known)

    def note_failure(self, failed: Failed) -> None:
        """Count what could not be fetched."""
        self.failed[failed.reason] += 1
        self.refused += failed.status in _KEPT_OUT
        if failed.kind in ENTRY_KINDS:
            self.entry_failures.append(failed)

    def note_outcome(self, result: Ingested, size: int) -> None:
        """Count a page of ``size`` bytes that was cleaned and stored."""
        self.outcomes[result.kind] += 1
        self.bytes += size
        if result.reason is not None:
            self.rejected[result.reason] += 1
            self.refused += result.reason in _KEPT_OUT_PAGES
        if result.kind in ("new", "changed"):
            self.stated.update(result.stated)
            self.chars += result.chars
        if result.kind == "new" and result.minute is not None:
            self.minutes[result.minute] += 1

    def counts(self) -> dict[str, int]:
        """All figures under stable names, zeros included for the outcomes."""
        flat = {name: self.outcomes[name] for name in ("new", "changed", "unchanged", "rejected")}
        flat |= {"failed": self.failed.total(), "skipped": self.skipped.total(), "bytes": self.bytes}
        return flat | self._reasons()

    def record(self, source: str, seconds: float, *, complete: bool) -> SourceRun:
        """The figures as the store keeps them."""
        return SourceRun(
            source=source,
            complete=complete,
            seconds=round(seconds, 3),
            fetched=self.fetched,
            failed=self.failed.total(),
            skipped=self.skipped.total(),
            titled=self.stated["title"],
            dated=self.stated["published_at"],
            authored=self.stated["people"],
            same_time=max(self.minutes.values(), default=0),
            reasons=self._reasons(),
            new=self.outcomes["new"],
            changed=self.outcomes["changed"],
            unchanged=self.outcomes["unchanged"],
            rejected=self.outcomes["rejected"],
            requested=self.requested,
            bytes=self.bytes,
            lists=self.lists,
            named=self.named,
            refused=self.refused,
            chars=self.chars,
        )

    def _reasons(self) -> dict[str, int]:
        counters = {"rejected": self.rejected, "failed": self.failed, "skipped": self.skipped}
        return {f"{name}.{why}": n for name, found in counters.items() for why, n in sorted(found.items())}
