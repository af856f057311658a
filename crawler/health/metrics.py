"""The last crawl of each source in the text format of Prometheus. Needs the extra `metrics`.

The file is for the textfile collector of node_exporter: a crawl is a job that ends, so nothing
listens that could be asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from crawler.health.judging import CODES
from storage.source_runs import SourceRun

__all__ = ["METRICS", "MetricsExtraMissingError", "write_metrics"]

METRICS = {
    "requested": "Requests that the last crawl sent.",
    "fetched": "Articles asked for and answered in the last crawl.",
    "new": "Articles stored for the first time by the last crawl.",
    "changed": "Articles that had changed in the last crawl.",
    "unchanged": "Articles that were as before in the last crawl.",
    "rejected": "Pages of the last crawl that gave no article.",
    "failed": "URLs that the last crawl could not fetch.",
    "skipped": "Articles that the last crawl did not ask for.",
    "bytes": "Bytes of article pages in the last crawl.",
    "seconds": "Duration of the last crawl in seconds.",
}


class MetricsExtraMissingError(RuntimeError):
    """The extra `metrics` is not installed."""


def write_metrics(path: Path, latest: Sequence[SourceRun]) -> None:
    """Write ``path`` anew, in one step. Raises :class:`MetricsExtraMissingError` and ``OSError``."""
    try:
        from prometheus_client import CollectorRegistry, Gauge, write_to_textfile
    except ImportError as error:
        raise MetricsExtraMissingError("this needs the extra: pip install 'taosha[metrics]'") from error
    registry = CollectorRegistry()
    ended = Gauge(
        "taosha_source_last_crawl_timestamp_seconds", "End of the last crawl.", ["source"], registry=registry
    )
    found = Gauge(
        "taosha_source_finding", "1 if this is wrong with it.", ["source", "code"], registry=registry
    )
    for run in latest:
        ended.labels(run.source).set(datetime.fromisoformat(run.ended_at).timestamp())
        codes = {finding.code for finding in run.findings}
        for code in CODES:
            found.labels(run.source, code).set(code in codes)
    for name, meaning in METRICS.items():
        gauge = Gauge(f"taosha_source_{name}", meaning, ["source"], registry=registry)
        for run in latest:
            gauge.labels(run.source).set(getattr(run, name))
    write_to_textfile(str(path), registry)
