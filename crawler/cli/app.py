"""The Typer application: the commands hang here, each group from its own module."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from crawler.cli import (
    about,
    adapt,
    archive,
    backup,
    clean,
    console,
    copy,
    crawl,
    doctor,
    export,
    failures,
    health,
    history,
    inspect,
    prune,
    reclean,
    rules,
    schedule,
    serve,
    sources,
    streams,
)
from crawler.cli.exits import CommandError, ExitCode, is_full, known_errors, translate

__all__ = ["app"]


class _Commands(TyperGroup):
    """Turns the errors that we know into a message and their exit code, for every command alike."""

    def invoke(self, ctx: Any) -> Any:
        try:
            try:
                return super().invoke(ctx)
            finally:
                streams.finish()
        except CommandError as error:
            raise _report(error) from error
        except OSError as error:
            if not is_full(error):
                raise
            streams.give_up_stdout()
            full = CommandError(f"writing failed: {error.strerror}", ExitCode.LIMIT)
            raise _report(full) from error
        except known_errors() as error:
            raise _report(translate(error)) from error


def _report(error: CommandError) -> typer.Exit:
    console.say(f"taosha: {error.message}", style="bold red")
    if error.hint:
        console.say(error.hint)
    return typer.Exit(int(error.code))


app = typer.Typer(
    name="taosha",
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Fetches news articles, repairs and cleans their text, and keeps them in a searchable store.",
)


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=about.print_version, is_eager=True, help="Print the program's version."
        ),
    ] = False,
) -> None:
    """Without this, an app of one command would lose the command's name."""


for _group in (
    crawl,
    clean,
    reclean,
    adapt,
    inspect,
    history,
    rules,
    health,
    failures,
    export,
    serve,
    sources,
    schedule,
    archive,
    backup,
    copy,
    prune,
    doctor,
    about,
):  # the order of `taosha --help`
    _group.register(app)
