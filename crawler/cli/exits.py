"""The exit codes of the command line, and which error leads to which: the only place that maps them."""

from __future__ import annotations

import errno
from enum import IntEnum
from pathlib import Path

__all__ = ["CommandError", "ExitCode", "is_full", "known_errors", "translate", "unwritable"]

_FULL = (errno.ENOSPC, errno.EDQUOT)


class ExitCode(IntEnum):
    """What a finished command tells the shell. The numbers are stable."""

    OK = 0
    """Done; also when nothing was due."""
    UNEXPECTED = 1
    """An error that nobody foresaw; or the reader of a pipe went away (`taosha list | head -1`)."""
    USAGE = 2
    """The command line asks for something that does not exist."""
    PARTIAL = 3
    """Done, but some input could not be read or some sources fell short of their own history."""
    CONFIG = 4
    """The configuration or the store is not valid."""
    NOTHING = 5
    """Nothing could be fetched or read at all; for the filter `clean -`, the page gave no article."""
    LOCKED = 6
    """Another run holds the store."""
    LIMIT = 7
    """A limit was reached, or the disk is full."""
    NEWER = 8
    """The store was written by a newer version of the program."""
    INTERRUPTED = 130
    """Stopped cleanly on SIGINT (Ctrl-C)."""
    TERMINATED = 143
    """Stopped cleanly on SIGTERM."""


class CommandError(Exception):
    """Ends a command with a message for a person and a documented exit code."""

    def __init__(self, message: str, code: ExitCode = ExitCode.USAGE, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.hint = hint


def is_full(error: OSError) -> bool:
    """Whether the disk, or what somebody may have of it, is full."""
    return error.errno in _FULL


def unwritable(target: Path, error: OSError) -> CommandError:
    """Give the error for a file that a command was told to write and could not."""
    code = ExitCode.LIMIT if is_full(error) else ExitCode.USAGE
    return CommandError(f"{target} can not be written: {error.strerror}", code)


def known_errors() -> tuple[type[Exception], ...]:
    """The errors of the other rooms that :func:`translate` can explain.

    Only called when an error is on its way, so that a command that needs no store loads none.
    """
    from crawler.workers import WorkersError
    from storage.errors import QuerySyntaxError, StoreError

    return StoreError, QuerySyntaxError, WorkersError


def translate(error: Exception) -> CommandError:
    """Turn a known error of the other rooms into the message and exit code for it."""
    from storage import errors

    codes = {
        errors.StoreTooNew: (ExitCode.NEWER, "Upgrade taosha, or name another store with --store."),
        errors.StoreLocked: (
            ExitCode.LOCKED,
            "Try again when the other run is done; `taosha crawl --wait SECONDS` waits for it.",
        ),
        errors.StoreFull: (ExitCode.LIMIT, "Make room and run the same command again: it goes on."),
        errors.StoreMissing: (ExitCode.USAGE, "`taosha clean` and `taosha crawl` create a store."),
        errors.StoreUrlInvalid: (ExitCode.USAGE, None),
        errors.StoreDamaged: (ExitCode.CONFIG, "`taosha doctor` says what is wrong, and what to do."),
        errors.TargetTaken: (ExitCode.USAGE, "Nothing was changed. Name another place, or move that away."),
        errors.QuerySyntaxError: (ExitCode.USAGE, None),
        errors.StoreError: (ExitCode.CONFIG, None),
    }
    for kind, (code, hint) in codes.items():
        if isinstance(error, kind):
            return CommandError(str(error), code, hint)
    return CommandError(str(error), ExitCode.UNEXPECTED)
