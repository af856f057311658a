"""`serve`: the store in the browser."""

from __future__ import annotations

import errno
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from crawler.cli import console
from crawler.cli.copy import progress_bar
from crawler.cli.exits import CommandError, ExitCode
from crawler.cli.options import DEFAULT_STORE, StoreOption
from crawler.stopping import Stop

if TYPE_CHECKING:
    from storage import Store

__all__ = ["register"]

_HELP = """Examples:

taosha serve

taosha serve --store archive.db --port 8080
"""

_OTHER_PORT = "Another --port may be free; --port 0 takes any."
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

    Needs the extra `inspect`. Prints the address; Ctrl-C stops it. Of a store on a server it shows a copy,
    made at the start in a temporary file ($TMPDIR), without the raw pages.
    """
    from storage import open_store

    try:
        from crawler.inspector import server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("datasette", "uvicorn"):
            raise
        hint = "pip install 'taosha[inspect]'"
        raise CommandError(f"the inspector needs an extra: {hint}", ExitCode.CONFIG) from error
    with (
        Stop() as stop,
        open_store(store, read_only=True) as asked,
        _listening(host, port) as taken,
        _in_a_file(asked, stop) as opened,
    ):
        name = f"[{host}]" if ":" in host else host
        address = f"http://{name}:{taken.getsockname()[1]}/"
        # On a signal the server stops in order, and then hands it on.
        server.run(opened, taken, host, lambda: _announce(address))
    if stop.signal is not None:
        raise typer.Exit(int(_SIGNALS[stop.signal]))


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket]:
    from crawler.inspector.guard import is_loopback
    from crawler.inspector.server import listen

    try:
        taken = listen(host, port)
    except OSError as error:
        taken_port = error.errno in (errno.EADDRINUSE, errno.EACCES)
        hint = _OTHER_PORT if taken_port else "--host takes an address of this machine."
        raise CommandError(f"can not listen on {host}:{port}: {error.strerror}", hint=hint) from error
    with taken:
        if not is_loopback(host):
            console.say(
                f"warning: everybody who reaches {host} can read this store; there is no password",
                style="bold yellow",
            )
        yield taken


@contextmanager
def _in_a_file(store: Store, stop: Stop) -> Iterator[Store]:
    """Give the store, or a copy of one that is on a server: Datasette reads files."""
    if store.file is not None:
        yield store
        return
    from storage import open_store
    from storage.copying import copy_store

    def told(table: str, done: int, total: int) -> None:
        if stop.signal is not None:
            raise typer.Exit(int(_SIGNALS[stop.signal]))
        progress(table, done, total)

    console.say("this store is on a server: copying it to a temporary file, without the raw pages ...")
    with TemporaryDirectory(prefix="taosha-") as folder:
        target = Path(folder) / f"{urlsplit(store.place).path.strip('/') or 'store'}.db"
        with progress_bar() as progress:
            copy_store(store, str(target), told, bodies=False)
        console.say("the pages show the store as it was just now; start again to see what came since")
        with open_store(target, read_only=True) as copied:
            yield copied


def _announce(address: str) -> None:
    console.print_text(address)
    console.out().file.flush()
    console.say("Ctrl-C stops it")
