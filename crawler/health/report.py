"""A crawl's result as one JSON object: for `--json`, for hooks, for whoever watches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crawler.crawl import CrawlResult
    from crawler.tally import Tally
    from storage.source_runs import SourceRun

__all__ = ["findings", "summary"]


def summary(result: CrawlResult) -> dict[str, Any]:
    """What came of a crawl, by source, with what is wrong."""
    return {
        "run": result.run_id,
        "status": result.status,
        "fell_short": list(result.fell_short),
        "sources": {name: _with_problems(tally) for name, tally in result.tallies.items()},
        "findings": [found for one in result.health for found in findings(one)],
    }


def findings(figures: SourceRun) -> list[dict[str, str]]:
    """What is wrong with one source."""
    return [{"source": figures.source, "code": f.code, "message": f.message} for f in figures.findings]


def _with_problems(tally: Tally) -> dict[str, Any]:
    problems = [
        {"url": f.origin, "kind": f.kind, "reason": f.reason, "detail": f.detail}
        for f in tally.entry_failures
    ]
    return {**tally.counts(), "problems": problems}
