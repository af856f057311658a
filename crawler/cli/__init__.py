"""The command line, one program `taosha`; the commands live one group a module."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["loading", "main"]

_YOUNG_OBJECTS = 20_000
"""Between two looks for garbage; Python's own 700 come every few milliseconds while modules are loaded."""


def main() -> None:
    """Run the program on `sys.argv`; ends with `SystemExit` and a code of `exits.ExitCode`."""
    gc.set_threshold(_YOUNG_OBJECTS)
    with loading():
        from crawler.cli import streams

        streams.prepare()
        from crawler.cli.app import app

    app(prog_name="taosha")


@contextmanager
def loading() -> Iterator[None]:
    """Modules are loaded in the block: what they hold stays, and is never looked through for garbage.

    Only in a process that :func:`main` began: another program's garbage is its own affair.
    """
    if gc.get_threshold()[0] != _YOUNG_OBJECTS:
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
