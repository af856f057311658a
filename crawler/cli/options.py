"""Options that several commands share, so that they read the same everywhere."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["DEFAULT_STORE", "JsonOption", "StoreOption"]

DEFAULT_STORE = "sqlite:///taosha.db"

StoreOption = Annotated[
    str,
    typer.Option(
        "--store",
        metavar="URL",
        envvar="TAOSHA_STORE",
        help="The store: sqlite:///FILE, the path of the file, or postgresql+psycopg://USER@HOST/NAME.",
    ),
]
"""Use as ``store: StoreOption = DEFAULT_STORE``."""

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON to stdout, for programs.")]
"""Use as ``as_json: JsonOption = False``."""
