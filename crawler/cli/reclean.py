"""`taosha reclean`: stored pages through today's cleaner, without fetching anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli import console
from crawler.cli.crawl_options import SourcesOption
from crawler.cli.exits import ExitCode
from crawler.cli.history import difference_object, draw_difference
from crawler.cli.options import DEFAULT_STORE, JsonOption, StoreOption
from crawler.cli.selection import SinceOption, SourceOption, UntilOption, WhereOption, say_if_unknown

if TYPE_CHECKING:
    from cleaners.model import Rules
    from crawler.reclean import Order, Recleaned
    from crawler.stopping import Stop
    from storage import Store
    from storage.states import State

__all__ = ["register"]

_EPILOG = """Examples:

taosha reclean --dry-run --diff --source example

taosha reclean

taosha reclean --rule credit.image --all

taosha reclean --where "language = 'zh' AND chars < 100"
"""
_KINDS = ("new", "changed", "unchanged", "rejected")

RuleOption = Annotated[
    str | None,
    typer.Option("--rule", metavar="RULE", help="Only articles on which this rule acted (version optional)."),
]
AllOption = Annotated[
    bool, typer.Option("--all", help="Also pages that this very cleaner has judged already.")
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Store nothing; say what would change.")]
DiffOption = Annotated[bool, typer.Option("--diff", help="Show each change, as `taosha diff` does.")]
WorkersOption = Annotated[
    int,
    typer.Option("--workers", min=0, max=64, help="Worker processes; 0 cleans in this process, unguarded."),
]


def register(app: typer.Typer) -> None:
    """Hang the command of this module into `app`."""
    app.command("reclean", epilog=_EPILOG)(reclean)


def reclean(
    store: StoreOption = DEFAULT_STORE,
    source: SourceOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    rule: RuleOption = None,
    where: WhereOption = None,
    everything: AllOption = False,
    dry_run: DryRunOption = False,
    diff: DiffOption = False,
    workers: WorkersOption = 2,
    sources: SourcesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Clean stored pages again where the cleaner or the site's rules have changed since; fetch nothing.

    Without options: every page whose article was made by another cleaner, and pages that were stored
    but not cleaned, as after a crash. An article that changes keeps its earlier state (`taosha diff`).
    Stopped or killed, the same command goes on where it was.
    """
    from crawler.reclean import Order, Recleaned
    from crawler.stopping import Stop
    from storage import open_store
    from storage.filters import Where, check_condition

    chosen = Where(source=source, since=since, until=until, rule=rule, sql=where)
    with Stop() as stop, open_store(store, create=False, read_only=dry_run) as opened:
        check_condition(opened, where)
        order = Order(_rules_of(sources), chosen, everything, workers)
        report = Recleaned()
        if dry_run:
            for number, states, rules in _trials(opened, order, stop, report):
                if diff:
                    _show(number, states, rules, as_json=as_json)
        else:
            report = _reclean(opened, order, stop)
            if diff:
                _show_all(opened, report, as_json=as_json)
        told = not report.counts and say_if_unknown(opened, source)
    if as_json:
        console.print_json(_summary(report))
    elif not told:
        _print(report, dry_run=dry_run)
    raise typer.Exit(128 + report.stopped_by if report.stopped_by else int(ExitCode.OK))


def _rules_of(folder: str | None) -> Callable[[str], Rules | None]:
    from crawler.sources import Catalog

    sources = Catalog.open(folder).sources
    return lambda name: sources[name].rules if name in sources else None


def _reclean(store: Store, order: Order, stop: Stop) -> Recleaned:
    from crawler.reclean import reclean as run

    with _progress(store, order, stop) as told:
        return run(store, order, stop, told)


Shown = tuple[int, tuple["State", "State"], dict[str, tuple[int, int]]]
"""(article, its states before and after, how often each rule acted before and after)"""


def _trials(store: Store, order: Order, stop: Stop, report: Recleaned) -> Iterator[Shown]:
    from crawler.reclean import try_reclean

    with _progress(store, order, stop) as told:
        for _, trial in try_reclean(store, order, stop, report, told):
            if trial.before is not None and trial.after is not None and trial.article_id is not None:
                yield trial.article_id, (trial.before, trial.after), dict(trial.rules)


@contextmanager
def _progress(store: Store, order: Order, stop: Stop) -> Iterator[Callable[[int], None]]:
    """Give the function that is told how many pages are done; draws a bar on a terminal."""
    from crawler.reclean import due_pages

    if not console.err().is_terminal:
        yield lambda done: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    total = 0
    for _ in due_pages(store, order):
        total += 1
        if stop.requested:
            break
    columns = (TextColumn("cleaning again"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console.err(), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda done: bar.update(task, completed=done)


def _show_all(store: Store, report: Recleaned, *, as_json: bool) -> None:
    from storage.history import made_in_run, states

    for number, (revision, rules) in made_in_run(store, report.run_id or 0):
        kept = states(store, number)
        _show(number, (kept[revision - 1], kept[revision]), dict(rules), as_json=as_json)


def _show(
    number: int, states: tuple[State, State], rules: dict[str, tuple[int, int]], *, as_json: bool
) -> None:
    from storage.differences import difference

    found = difference(*states)
    if as_json:
        console.print_json({"id": number, "rules": rules} | difference_object(found))
        return
    console.print_text(f"{number}  {states[1]['title'] or ''}")
    for name, (before, after) in rules.items():
        console.print_text(f"  {name}: {before} -> {after}")
    draw_difference(found)
    console.print_text("")


def _summary(report: Recleaned) -> dict[str, object]:
    return {
        "run": report.run_id,
        "counts": {kind: report.counts[kind] for kind in _KINDS},
        "reasons": dict(sorted(report.reasons.items())),
        "lost": report.lost,
        "rules": {name: asdict(change) for name, change in sorted(report.rules.items())},
        "stopped_by": report.stopped_by,
    }


def _print(report: Recleaned, *, dry_run: bool) -> None:
    if not report.counts:
        console.say("nothing is due: every page was judged by this cleaner")
        return
    title = "Dry run: nothing was stored" if dry_run else f"Run {report.run_id}"
    rows = [(kind, report.counts[kind]) for kind in _KINDS if report.counts[kind]]
    console.table(("outcome", ">pages"), rows, title=title, to=console.err())
    if report.rules:
        changes = [(name, c.articles, c.before, c.after) for name, c in sorted(report.rules.items())]
        columns = ("rule", ">articles", ">acted before", ">acts now")
        console.table(columns, changes, title="What changed, by rule", to=console.err())
    if report.lost:
        console.say(f"{report.lost:,} articles are kept, though their page gives none any more")
    for reason, count in sorted(report.reasons.items()):
        console.say(f"  {reason}: {count:,}")
    if report.stopped_by:
        console.say("Stopped. The same command goes on from there.")
