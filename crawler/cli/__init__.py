"""The command line, one program `taosha`; the commands live one group a module."""

from __future__ import annotations

import gc

__all__ = ["main"]

_YOUNG_OBJECTS = 20_000
"""Between two looks for garbage; Python's own 700 come every few milliseconds while modules are loaded."""


def main() -> None:
    """Run the program on `sys.argv`; ends with `SystemExit` and a code of `exits.ExitCode`."""
    gc.set_threshold(_YOUNG_OBJECTS)
    from crawler.cli import streams

    streams.prepare()
    from crawler.cli.app import app

    app(prog_name="taosha")
