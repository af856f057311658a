"""The options of `taosha crawl`."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.cli.logs import LogFormat

__all__ = [
    "ConcurrencyOption",
    "DelayOption",
    "DueOption",
    "ExplainOption",
    "HookOption",
    "LimitOption",
    "LogFormatOption",
    "NetworksOption",
    "SettingsOption",
    "SourcesOption",
    "TargetsArgument",
    "WaitOption",
    "WebhookOption",
]

TargetsArgument = Annotated[
    list[str] | None, typer.Argument(metavar="SOURCE|URL...", help="Names of sources, or home pages.")
]
DueOption = Annotated[
    bool,
    typer.Option("--due", help="Only what is due by interval and history; without names, of your folder."),
]
ExplainOption = Annotated[
    bool, typer.Option("--explain", help="Say when each source is due, and why; fetch nothing.")
]
DelayOption = Annotated[
    float | None, typer.Option(min=0, max=3600, help="Seconds between requests to a host.")
]
ConcurrencyOption = Annotated[
    int | None, typer.Option(min=1, max=64, help="Requests to a host at the same time.")
]
LimitOption = Annotated[int | None, typer.Option(min=1, help="Fetch at most this many article pages.")]
NetworksOption = Annotated[
    list[str] | None,
    typer.Option(metavar="NET", help="Also ask this network or address, though it is not public."),
]
SettingsOption = Annotated[
    list[str] | None, typer.Option("-s", metavar="NAME=VALUE", help="Change one of Scrapy's settings.")
]
SourcesOption = Annotated[
    str | None,
    typer.Option(
        "--sources",
        metavar="DIR",
        envvar="TAOSHA_SOURCES",
        help="Your folder of source files; without it ./sources, if there is one.",
    ),
]
WaitOption = Annotated[
    float,
    typer.Option(
        min=0,
        metavar="SECONDS",
        help="While another run is crawling into the store, wait up to so many seconds for its end.",
    ),
]
LogFormatOption = Annotated[
    LogFormat, typer.Option("--log-format", help="Log lines for people, or one JSON object a line.")
]
HookOption = Annotated[
    str | None,
    typer.Option(
        metavar="COMMAND",
        envvar="TAOSHA_HOOK",
        help="Run this at the end, with the result as JSON on its standard input.",
    ),
]
WebhookOption = Annotated[
    str | None,
    typer.Option(
        metavar="URL", envvar="TAOSHA_WEBHOOK", help="Post the result to this address at the end, as JSON."
    ),
]
