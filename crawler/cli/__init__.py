"""The command line, one program `taosha`; the commands live one group a module."""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run the program on `sys.argv`; ends with `SystemExit` and a code of `exits.ExitCode`."""
    from crawler.cli import streams

    streams.prepare()
    from crawler.cli.app import app

    app(prog_name="taosha")
