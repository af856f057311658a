"""The three standard streams, made fit for what they meet: closed ones, full disks, narrow encodings."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress

__all__ = ["finish", "give_up_stdout", "prepare"]


def prepare() -> None:
    """Fill in streams that are closed, and let no character that a stream does not know be an error.

    Python gives None for a closed stream, and the next file opened (the store, say) would take its
    number: whatever writes to that number then writes into the file.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115
        elif name != "stdin" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def finish() -> None:
    """Write out what stdout holds back: what goes wrong shows here, and not when nobody listens."""
    sys.stdout.flush()


def give_up_stdout() -> None:
    """Send what stdout could not write into the void; Python would try again at its end, and complain."""
    with suppress(OSError):  # no file behind it: then nothing is tried again
        void = os.open(os.devnull, os.O_WRONLY)
        os.dup2(void, sys.stdout.fileno())
        os.close(void)
