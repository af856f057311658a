"""`taosha rules`: what the rules of the cleaners did, and taking one out of service for a source."""

from __future__ import annotations

import re
from dataclasses import asdict
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli import console
from crawler.cli.exits import CommandError
from crawler.cli.options import DEFAULT_STORE, JsonOption, StoreOption
from crawler.cli.selection import LimitOption, SourceOption, say_if_unknown

if TYPE_CHECKING:
    from storage.inspection.rules import ChangeSample, RemovalSample

__all__ = ["register"]

_HELP = """Examples:

taosha rules list --stored-since 7d

taosha rules show headlines.bulleted --source example

taosha rules disable headlines.bulleted --source example

taosha reclean --source example --dry-run --diff
"""
_SINCE = re.compile(r"([0-9]{1,5})d|[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")
_SHOWN = 120
"""Characters of a sample that are shown; --json has all."""

RuleArgument = Annotated[
    str,
    typer.Argument(metavar="RULE", help="The rule, such as credit.image; a version is left out of account."),
]
StoredSinceOption = Annotated[
    str | None,
    typer.Option(
        "--stored-since",
        metavar="WHEN",
        help="Only articles stored or changed since: 7d (days), 2025-01-19, 2025-01 or 2025.",
    ),
]
RequiredSource = Annotated[str, typer.Option("--source", metavar="NAME", help="The crawl source.")]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Another number gives other samples.")]


def register(app: typer.Typer) -> None:
    """Hang the commands of this module into `app`."""
    group = typer.Typer(
        help="Rules: what they did, samples of it, and taking one out of service.",
        no_args_is_help=True,
        rich_markup_mode=None,
        epilog=_HELP,
    )
    group.command("list")(list_rules)
    group.command("show")(show)
    group.command("disable")(disable)
    group.command("enable")(enable)
    app.add_typer(group, name="rules")


def list_rules(
    store: StoreOption = DEFAULT_STORE,
    source: SourceOption = None,
    stored_since: StoredSinceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the rules that did something: the one that removed most first."""
    from cleaners.catalog import meaning
    from storage import open_store
    from storage.disabled import disabled_rules
    from storage.filters import Where
    from storage.inspection.rules import rule_use

    with open_store(store, read_only=True) as opened:
        used = rule_use(opened, Where(source=source), _time(stored_since))
        if not used:
            say_if_unknown(opened, source)
        off: dict[str, list[str]] = {}
        for row in disabled_rules(opened):
            off.setdefault(row.rule, []).append(row.source)
    if as_json:
        console.print_json([asdict(use) | {"disabled_for": off.get(_name(use.rule), [])} for use in used])
        return
    console.print_table(
        ("rule", ">blocks removed", ">characters", ">changes", ">articles", "meaning"),
        [(u.rule, u.blocks, u.chars, u.changes, u.articles, meaning(u.rule) or "") for u in used],
    )
    for rule, sources in sorted(off.items()):
        console.say(f"{rule} is disabled for {', '.join(sources)}")


def _name(rule: str) -> str:
    return rule.partition("@")[0]


def _time(since: str | None) -> str | None:
    """Give the time that is meant, as the store writes times or the beginning of one."""
    if since is None:
        return None
    match = _SINCE.fullmatch(since)
    if match is None:
        raise CommandError(f"{since!r} is no time; write 7d (days), 2025-01-19, 2025-01 or 2025")
    from storage.inspection.overview import days_ago

    return days_ago(int(match[1])) if match[1] else since


def show(
    rule: RuleArgument,
    store: StoreOption = DEFAULT_STORE,
    source: SourceOption = None,
    limit: LimitOption = 10,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Say what a rule does, and show samples of what it removed and changed."""
    from cleaners.catalog import meaning
    from storage import open_store
    from storage.inspection.rules import samples

    with open_store(store, read_only=True) as opened:
        removed, changed = samples(opened, rule, limit or 1000, source=source, seed=seed)
    text = meaning(rule)
    if text is None and not removed and not changed:
        raise _unknown(rule)
    if as_json:
        parts = {"removed": [asdict(s) for s in removed], "changed": [asdict(s) for s in changed]}
        console.print_json({"rule": rule, "meaning": text} | parts)
        return
    if text:
        console.say(text)
    for removal in removed:
        console.print_text(_removal(removal))
    for change in changed:
        console.print_text(_change(change))
    if not removed and not changed:
        console.say("it did nothing here")


def _removal(sample: RemovalSample) -> str:
    doubt = "\t(not sure)" if sample.uncertain else ""
    return f"{sample.article_id}\t{sample.source}\t{_line(sample.text)}{doubt}"


def _change(sample: ChangeSample) -> str:
    doubt = "\t(not sure)" if sample.uncertain else ""
    change = f"{sample.left}[{_line(sample.before)}] -> [{_line(sample.after)}]{sample.right}"
    return f"{sample.article_id}\t{sample.source}\t{_line(change)}\tx {sample.times}{doubt}"


def _line(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN else f"{flat[:_SHOWN]}…"


def _unknown(rule: str) -> CommandError:
    from cleaners.catalog import rules

    near = get_close_matches(_name(rule), rules(), n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(near)}?" if near else "`taosha rules list` names those that acted."
    return CommandError(f"there is no rule {rule!r}", hint=hint)


def disable(rule: RuleArgument, source: RequiredSource, store: StoreOption = DEFAULT_STORE) -> None:
    """Take a rule out of service for a source: pages are cleaned without it from now on.

    What is stored stays as it is until `taosha reclean --source NAME`. `taosha rules enable` undoes it.
    """
    from cleaners.catalog import rules
    from cleaners.fixers import MARKS
    from cleaners.pages import RULE as REPEATED
    from storage import open_store
    from storage.disabled import disable_rule

    name = _name(rule)
    if name not in rules():
        raise _unknown(rule)
    if name in {_name(REPEATED), *(_name(step.rule) for step in MARKS)}:
        raise CommandError(f"{name} can not be disabled: it takes nothing from the text of a page")
    with open_store(store, create=False) as opened:
        try:
            new = disable_rule(opened, source, name)
        except KeyError:
            raise CommandError(
                f"the store has no source {source!r}", hint="`taosha stats` names the sources."
            ) from None
    console.say(f"{name} is disabled for {source}" if new else f"{name} was disabled for {source} already")
    console.say(f"See what it changes: taosha reclean --source {source} --dry-run --diff")


def enable(rule: RuleArgument, source: RequiredSource, store: StoreOption = DEFAULT_STORE) -> None:
    """Put a rule back into service for a source."""
    from storage import open_store
    from storage.disabled import enable_rule

    name = _name(rule)
    with open_store(store, create=False) as opened:
        if not enable_rule(opened, source, name):
            raise CommandError(
                f"{name} is not disabled for {source} in this store",
                hint="A source's own file may disable rules too: [clean] disabled = [...]",
            )
    console.say(f"{name} acts on {source} again; taosha reclean --source {source} applies it")
