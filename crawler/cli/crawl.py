"""`taosha crawl`: fetch sources, or just home pages, into the store."""

from __future__ import annotations

import signal
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import typer

from crawler.cli import console, loading
from crawler.cli.crawl_options import (
    ConcurrencyOption,
    DelayOption,
    DueOption,
    ExplainOption,
    HookOption,
    LimitOption,
    LogFormatOption,
    NetworksOption,
    SettingsOption,
    SourcesOption,
    TargetsArgument,
    WaitOption,
    WebhookOption,
)
from crawler.cli.due import due_now, own_sources, print_due
from crawler.cli.exits import CommandError, ExitCode
from crawler.cli.logs import LogFormat
from crawler.cli.options import DEFAULT_STORE, JsonOption, StoreOption

if TYPE_CHECKING:
    from crawler.crawl import CrawlOrder, CrawlResult
    from crawler.sources import Source

__all__ = ["crawl_settings", "find_sources", "register"]

_CODES = {"nothing": ExitCode.NOTHING, "partial": ExitCode.PARTIAL}
_SIGNALS = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED}


def register(app: typer.Typer) -> None:
    """Hang the commands of this module into `app`."""
    app.command("crawl")(crawl_command)


def crawl_command(
    targets: TargetsArgument = None,
    store: StoreOption = DEFAULT_STORE,
    sources: SourcesOption = None,
    due: DueOption = False,
    explain: ExplainOption = False,
    delay: DelayOption = None,
    concurrency: ConcurrencyOption = None,
    limit: LimitOption = None,
    allow_network: NetworksOption = None,
    settings: SettingsOption = None,
    wait: WaitOption = 0.0,
    log_format: LogFormatOption = LogFormat.TEXT,
    hook: HookOption = None,
    webhook: WebhookOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fetch what the sources have, clean it and store it. Running it again adds nothing twice."""
    found = _chosen_sources(targets or (), sources, due=due or explain)
    if explain:
        raise typer.Exit(print_due(found, store, as_json=as_json))
    if due and not (found := due_now(found, store)):
        if as_json:
            console.print_json({"run": None, "status": "nothing_due", "sources": {}})
        raise typer.Exit(int(ExitCode.OK))
    chosen = crawl_settings(delay, concurrency, allow_network or (), settings or ())
    with loading():
        from crawler.crawl import CrawlOrder

    result = _crawl(CrawlOrder(found, store, limit, chosen, wait), log_format)
    if as_json:
        from crawler.health.report import summary

        console.print_json(summary(result))
    else:
        _print(result)
    _tell(result, hook, webhook)
    if result.stopped_by:
        raise typer.Exit(int(_SIGNALS[signal.Signals(result.stopped_by)]))
    raise typer.Exit(int(_CODES.get(result.status, ExitCode.OK)))


def _crawl(order: CrawlOrder, style: LogFormat) -> CrawlResult:
    with loading():
        from crawler.cli.progress import watching
        from crawler.crawl import CrawlError, crawl

    try:
        with watching(order.settings.get("LOG_LEVEL"), style) as watch:
            return crawl(order, watch)
    except CrawlError as error:
        raise CommandError(str(error), ExitCode.CONFIG) from error


def _chosen_sources(targets: Sequence[str], folder: str | None, *, due: bool) -> list[Source]:
    if targets:
        return find_sources(targets, folder)
    if not due:
        raise CommandError(
            "name a source or a home page",
            hint="`taosha sources list` shows them; --due takes what is due.",
        )
    return own_sources(folder)


def find_sources(targets: Sequence[str], folder: str | None) -> list[Source]:
    """The sources behind names and URLs, each once. Raises :class:`CommandError`."""
    from crawler.sources import Catalog, SourceError, UnknownSourceError, source_from_url

    catalog: Catalog | None = None
    found: dict[str, Source] = {}
    for target in targets:
        try:
            if "://" in target:
                source = source_from_url(target)
            else:
                catalog = catalog or Catalog.open(folder)
                source = catalog.get(target)
        except SourceError as error:
            raise CommandError(str(error), ExitCode.CONFIG) from error
        except UnknownSourceError as error:
            hint = _near(target, sorted(catalog.sources) if catalog else [])
            raise CommandError(f"no source is called {target}", ExitCode.USAGE, hint) from error
        except ValueError as error:
            raise CommandError(str(error), ExitCode.USAGE) from error
        found[source.name] = source
    return list(found.values())


def _near(target: str, known: list[str]) -> str:
    """Say what may have been meant."""
    if near := get_close_matches(target, known, n=1):
        return f"Did you mean {near[0]}?"
    if "." in target.strip("."):
        return f"A home page is named with its whole address: https://{target}"
    return f"Known sources: {', '.join(known)}." if known else "A home page starts with https://."


def crawl_settings(
    delay: float | None, concurrency: int | None, networks: Sequence[str], pairs: Sequence[str]
) -> dict[str, Any]:
    """Scrapy settings for the options of a crawl. Raises :class:`CommandError`."""
    from crawler.net.addresses import parse_network

    chosen: dict[str, Any] = {}
    if delay is not None:
        chosen["DOWNLOAD_DELAY"] = delay
    if concurrency is not None:
        chosen["CONCURRENT_REQUESTS_PER_DOMAIN"] = concurrency
    for network in networks:
        try:
            parse_network(network)
        except ValueError as error:
            raise CommandError(f"--allow-network {network}: {error}") from error
    if networks:
        chosen["TAOSHA_ALLOW_NETWORKS"] = list(networks)
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise CommandError(f"-s {pair}: write NAME=VALUE")
        chosen[name.strip()] = value
    return chosen


def _tell(result: CrawlResult, hook: str | None, webhook: str | None) -> None:
    """Call the hooks; one that fails is a warning, for the crawl itself went its way."""
    from crawler.health.hooks import HookError, call_command, call_webhook
    from crawler.health.report import summary

    for call, target in ((call_command, hook), (call_webhook, webhook)):
        try:
            if target:
                call(target, summary(result))
        except HookError as error:
            console.say(f"taosha: {error}", style="yellow")


def _print(result: CrawlResult) -> None:
    names = ("new", "changed", "unchanged", "rejected", "failed", "skipped")
    rows = []
    for name, tally in result.tallies.items():
        counts = tally.counts()
        rows.append((name, *(counts[key] for key in names), _reasons(counts)))
    if console.err().is_terminal:
        console.table(("source", *(f">{name}" for name in names), "why"), rows, to=console.err())
    else:
        for row in rows:
            said = ", ".join(f"{key} {figure}" for key, figure in zip(names, row[1:], strict=False))
            console.say(f"{row[0]}: {said}" + (f" ({row[-1]})" if row[-1] else ""))
    for name, tally in result.tallies.items():
        for failed in tally.entry_failures:
            console.say(f"{name}: {failed.kind} {failed.origin}: {failed.reason}: {failed.detail}")
    for name in result.fell_short:
        console.say(f"{name}: no article page could be fetched", style="yellow")
    for one in result.health:
        for finding in one.findings:
            console.say(f"{one.source}: {finding.code}: {finding.message}", style="yellow")
    if result.stopped_by:
        console.say("Stopped; what was fetched is stored. Run the same command to go on.", style="yellow")


def _reasons(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{key.partition('.')[2]} {n}" for key, n in counts.items() if "." in key)
