"""`taosha clean`: pages that are already here (files, folders, archives, or one on stdin)."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli import console
from crawler.cli.exits import CommandError, ExitCode
from crawler.cli.options import DEFAULT_STORE, JsonOption, StoreOption

if TYPE_CHECKING:
    from crawler.dumps.job import Job, Report

__all__ = ["register"]

_LISTED = 20
_KINDS = ("new", "changed", "unchanged", "rejected", "unread")

Paths = Annotated[
    list[Path],
    typer.Argument(
        readable=False,  # one that can not be read is reported, and costs only itself
        metavar="PATH...",
        help="HTML files, .txt dumps, folders, zip, tar or WARC archives; - reads stdin.",
    ),
]
Source = Annotated[
    str | None,
    typer.Option("--source", metavar="NAME", help="Name of the source; else the folder's name."),
]
Workers = Annotated[
    int,
    typer.Option("--workers", min=0, max=64, help="Worker processes; 0 cleans in this process, unguarded."),
]
Encoding = Annotated[
    str | None,
    typer.Option("--encoding", metavar="NAME", help="Encoding of the files, whatever they declare."),
]
Plain = Annotated[bool, typer.Option("--plain", help="Read everything as text, one paragraph a line.")]
Url = Annotated[str | None, typer.Option("--url", metavar="URL", help="With -: the address of the page.")]


def register(app: typer.Typer) -> None:
    """Hang the command of this module into `app`."""
    app.command("clean")(clean)


def clean(
    context: typer.Context,
    paths: Paths,
    store: StoreOption = DEFAULT_STORE,
    source: Source = None,
    workers: Workers = 2,
    encoding: Encoding = None,
    plain: Plain = False,
    url: Url = None,
    as_json: JsonOption = False,
) -> None:
    """Clean pages that are already here, into the store; or one page from stdin to stdout.

    `taosha clean -` prints the text (with --json, everything that is known) and touches no store
    unless --store is given. It exits with 5 if the page gave no article. For files, 3 says that
    some could not be read, 5 that none could; a page that is rejected with a reason is no failure.
    """
    _check_encoding(encoding)
    if any(str(path) == "-" for path in paths):
        if len(paths) > 1:
            raise CommandError("- (stdin) can not be mixed with paths")
        from crawler.cli.filter import Request, run_filter

        given = getattr(context.get_parameter_source("store"), "name", "") == "COMMANDLINE"
        run_filter(Request(url, source or "stdin", store if given else None, encoding, plain, as_json))
        return
    if url:
        raise CommandError("--url is for one page on stdin (taosha clean -)", hint="See docs/clean-a-dump.md")
    _check_paths(paths)
    from crawler.dumps.entry import Options
    from crawler.dumps.job import Job
    from crawler.limits import Limits

    limits = Limits()
    job = Job(paths, source, Options(encoding, plain, limits.body_bytes), workers, limits)
    report = _run(job, store)
    if as_json:
        console.print_json(_summary(report, store))
    else:
        _print_report(report)
    raise typer.Exit(int(_exit_code(report)))


def _check_encoding(encoding: str | None) -> None:
    if encoding is None:
        return
    try:
        text = codecs.lookup(encoding)._is_text_encoding
    except LookupError:
        text = False
    if not text:
        raise CommandError(f"Python knows no text encoding named {encoding!r}")


def _check_paths(paths: list[Path]) -> None:
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise CommandError(f"no such file or folder: {', '.join(missing)}", hint="Nothing was changed.")


def _run(job: Job, url: str) -> Report:
    from crawler.dumps.job import clean_dumps
    from crawler.dumps.walk import walk
    from crawler.stopping import Stop
    from storage import open_store

    if next(walk(job.paths), None) is None:
        names = ", ".join(str(path) for path in job.paths)
        raise CommandError(f"no HTML, text or archive files in {names}", ExitCode.NOTHING)
    with Stop() as stop, open_store(url) as store:
        if not console.err().is_terminal:
            return clean_dumps(store, job, stop)
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        total = sum(1 for _ in walk(job.paths))
        columns = (TextColumn("cleaning"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console.err(), transient=True) as bar:
            task = bar.add_task("", total=total)
            return clean_dumps(
                store, job, stop, lambda files, pages: bar.update(task, completed=min(files, pages))
            )


def _exit_code(report: Report) -> int:
    if report.stopped_by:
        return 128 + report.stopped_by
    if not report.pages:
        return ExitCode.NOTHING
    return ExitCode.PARTIAL if report.damaged else ExitCode.OK


def _summary(report: Report, store: str) -> dict[str, object]:
    return {
        "run": report.run_id,
        "store": store,
        "counts": {kind: report.counts[kind] for kind in _KINDS},
        "reasons": dict(sorted(report.reasons.items())),
        "problems": [{"origin": p.origin, "reason": p.reason, "detail": p.detail} for p in report.problems],
        "relearned": report.relearned,
        "stopped_by": report.stopped_by,
    }


def _print_report(report: Report) -> None:
    if report.problems:
        console.say("Gave no article:")
        for problem in report.problems[:_LISTED]:
            console.say(f"  {problem.origin}: {problem.reason}: {problem.detail}")
        if (more := sum(report.reasons.values()) - _LISTED) > 0:
            console.say(f"  and {more} more")
    if report.relearned:
        console.say(
            f"{report.relearned:,} pages were cleaned twice: later ones showed what recurs on their site"
        )
    rows = [(kind, report.counts[kind]) for kind in _KINDS if report.counts[kind]]
    if not rows and not report.stopped_by:
        console.say("Nothing here is a page: the archives hold no HTML, and no text dumps.")
        return
    console.table(("outcome", ">pages"), rows, title=f"Run {report.run_id}", to=console.err())
    if report.stopped_by:
        console.say("Stopped. What was done is stored; the same command goes on from there.")
    elif report.counts["new"] or report.counts["changed"]:
        console.say("`taosha list` shows the articles, `taosha why ID` what was changed in one.")
