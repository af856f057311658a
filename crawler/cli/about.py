"""`version` and `config`: what is installed, and with which settings it runs."""

from __future__ import annotations

import os
import sys

import typer

from crawler.cli import console
from crawler.cli.options import DEFAULT_STORE, JsonOption
from crawler.versions import versions

__all__ = ["print_version", "register"]


def register(app: typer.Typer) -> None:
    """Hang the commands of this module into `app`."""
    app.command("version")(show_version)
    app.command("config")(show_config)


def print_version(asked: bool) -> None:
    """What `taosha --version` says: one line, and nothing else is done."""
    if asked:
        console.print_text(f"taosha {versions()['taosha']}")
        raise typer.Exit


def show_version(as_json: JsonOption = False) -> None:
    """Print the version of the program, of Python and of the libraries that shape the results."""
    found = versions()
    if as_json:
        console.print_json(found)
    else:
        for name, value in found.items():
            console.print_text(f"{name} {value}")


def show_config(as_json: JsonOption = False) -> None:
    """Print the settings in effect and where each one comes from."""
    stated = os.environ.get("TAOSHA_STORE")
    rows = [
        ("store", stated or DEFAULT_STORE, "TAOSHA_STORE" if stated else "default"),
        ("python", sys.executable, "system"),
    ]
    if as_json:
        console.print_json({name: {"value": value, "from": where} for name, value, where in rows})
    else:
        console.print_table(("setting", "value", "from"), rows)
