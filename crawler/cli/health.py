"""`taosha health`: how the sources are, by their last crawls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli import console
from crawler.cli.exits import CommandError, ExitCode
from crawler.cli.options import DEFAULT_STORE, JsonOption, StoreOption

if TYPE_CHECKING:
    from storage import Store
    from storage.source_runs import SourceRun

__all__ = ["register"]

_HELP = """What can be wrong:

unreachable: nothing that was asked for could be fetched.

blocked: the site refuses us, or shows verification and login pages in place of articles.

feed_empty: feeds, sitemaps and lists can be read, but name no article any more.

redesign: pages arrive, but the articles in them are not found as before.

dates_odd: most new articles state the very same time.

quiet: nothing new has come for much longer than usual.

unmet: what the source file says under [expect] does not hold.
"""
_SHOWN = 10
MetricsOption = Annotated[
    Path | None,
    typer.Option("--prometheus", metavar="FILE", help="Also write a Prometheus text file (extra `metrics`)."),
]


def register(app: typer.Typer) -> None:
    """Hang the command of this module into `app`."""
    app.command("health", epilog=_HELP)(health)


def health(
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="SOURCE...", help="Only these, with their last crawls.")
    ] = None,
    store: StoreOption = DEFAULT_STORE,
    prometheus: MetricsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say how each source is, by its last crawl and its own history; exits with 3 if one is not well."""
    from storage import open_store
    from storage.source_runs import latest_source_runs

    with open_store(store, read_only=True) as opened:
        latest = latest_source_runs(opened)
        if sources:
            latest = _only(latest, sources)
        if as_json:
            console.print_json([_object(opened, run) for run in latest])
        elif sources:
            _print_history(opened, latest)
        else:
            _print_latest(opened, latest)
        if prometheus is not None:
            _write_metrics(prometheus, latest_source_runs(opened))
    if not latest:
        console.say("no crawl has ended yet")
    for run in latest:
        for finding in run.findings:
            console.say(f"{run.source}: {finding.code}: {finding.message}", style="yellow")
    if any(run.findings for run in latest):
        raise typer.Exit(int(ExitCode.PARTIAL))


def _only(latest: Sequence[SourceRun], names: Sequence[str]) -> list[SourceRun]:
    known = {run.source: run for run in latest}
    for name in names:
        if name not in known:
            raise CommandError(f"no crawl of {name} is in the store", hint=f"There are: {', '.join(known)}.")
    return [known[name] for name in dict.fromkeys(names)]


def _print_latest(store: Store, latest: Sequence[SourceRun]) -> None:
    columns = ("source", "state", "last crawl (UTC)", ">new", ">usually", ">changed", ">rejected", ">failed")
    rows = [
        (r.source, _state(r), _when(r), r.new, _usual(store, r), r.changed, r.rejected, r.failed)
        for r in latest
    ]
    console.print_table(columns, rows)


def _print_history(store: Store, latest: Sequence[SourceRun]) -> None:
    from storage.source_runs import source_runs

    columns = (
        *("source", ">run", "ended (UTC)", "state", ">requests", ">named", ">fetched", ">new", ">changed"),
        *(">rejected", ">failed", ">dated", ">seconds"),
    )
    rows = [
        (
            *(r.source, r.run_id, _when(r), _state(r), r.requested, r.named, r.fetched, r.new, r.changed),
            *(r.rejected, r.failed, r.dated, f"{r.seconds:.1f}"),
        )
        for last in latest
        for r in source_runs(store, last.source, limit=_SHOWN)
    ]
    console.print_table(columns, rows)


def _state(run: SourceRun) -> str:
    if not run.complete:
        return "cut short"
    return ", ".join(finding.code for finding in run.findings) or "ok"


def _when(run: SourceRun) -> str:
    return run.ended_at[:16].replace("T", " ")


def _usual(store: Store, run: SourceRun) -> float | None:
    """The median number of new articles of the crawls before."""
    from storage.source_runs import source_runs

    before = [r.new for r in source_runs(store, run.source, limit=_SHOWN + 1)[1:] if r.complete]
    return median(before) if before else None


def _object(store: Store, run: SourceRun) -> dict[str, object]:
    return asdict(run) | {"state": _state(run), "usually_new": _usual(store, run)}


def _write_metrics(path: Path, latest: Sequence[SourceRun]) -> None:
    from crawler.health.metrics import MetricsExtraMissingError, write_metrics

    try:
        write_metrics(path, latest)
    except MetricsExtraMissingError as error:
        raise CommandError(f"--prometheus: {error}", ExitCode.CONFIG) from error
    except OSError as error:
        raise CommandError(f"{path} can not be written: {error.strerror}", ExitCode.CONFIG) from error
