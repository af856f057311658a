"""`serve`: the store in the browser."""

from __future__ import annotations

import signal
from typing import Annotated

import typer

from crawler.cli import console
from crawler.cli.exits import CommandError, ExitCode
from crawler.cli.options import DEFAULT_STORE, StoreOption
from crawler.stopping import Stop

__all__ = ["register"]

_HELP = """Examples:

taosha serve

taosha serve --store archive.db --port 8080
"""

_SIGNALS: dict[int, ExitCode] = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED}


HostOption = Annotated[
    str, typer.Option("--host", metavar="ADDRESS", help="Listen here; other than loopback: others can read.")
]
PortOption = Annotated[
    int, typer.Option("--port", "-p", min=0, max=65535, help="Listen on this port; 0 for any that is free.")
]


def register(app: typer.Typer) -> None:
    """Hang the command of this module into `app`."""
    app.command("serve", epilog=_HELP)(serve)


def serve(
    store: StoreOption = DEFAULT_STORE, host: HostOption = "127.0.0.1", port: PortOption = 8001
) -> None:
    """Show the store in the browser: overview, articles, search, failures, rules, SQL. It only reads.

    Needs the extra `inspect`. Prints the address; Ctrl-C stops it.
    """
    from storage import open_store

    try:
        from crawler.inspector import server
        from crawler.inspector.guard import is_loopback
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("datasette", "uvicorn"):
            raise
        hint = "pip install 'taosha[inspect]'"
        raise CommandError(f"the inspector needs an extra: {hint}", ExitCode.CONFIG) from error
    with open_store(store, read_only=True) as opened:
        if opened.file is None:
            raise CommandError("the inspector shows a store in a file, not one on a server", ExitCode.CONFIG)
        try:
            taken = server.listen(host, port)
        except OSError as error:
            hint = "Another --port may be free; --port 0 takes any."
            raise CommandError(f"can not listen on {host}:{port}: {error.strerror}", hint=hint) from error
        with taken:
            if not is_loopback(host):
                console.say(
                    f"warning: everybody who reaches {host} can read this store; there is no password",
                    style="bold yellow",
                )
            name = f"[{host}]" if ":" in host else host
            address = f"http://{name}:{taken.getsockname()[1]}/"
            with Stop() as stop:  # the server stops in order, and then hands the signal on
                server.run(opened, taken, host, lambda: _announce(address))
    if stop.signal is not None:
        raise typer.Exit(int(_SIGNALS[stop.signal]))


def _announce(address: str) -> None:
    console.print_text(address)
    console.out().file.flush()
    console.say("Ctrl-C stops it")
