"""Tells a program or a web address how a crawl ended. What is told goes as one JSON object."""

from __future__ import annotations

import json
import shlex
import subprocess
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

__all__ = ["HookError", "call_command", "call_webhook"]

TIMEOUT_SECONDS = 30.0


class HookError(RuntimeError):
    """The hook could not be called, or said no; the crawl itself is not touched by that."""


def call_command(command: str, told: Mapping[str, Any]) -> None:
    """Run ``command`` (words as in a shell, but no shell) with ``told`` on its standard input.

    What it prints goes to our standard error. Raises :class:`HookError`.
    """
    try:
        words = shlex.split(command)
        done = subprocess.run(  # noqa: S603  the user's own command
            words, input=_json(told), stdout=2, timeout=TIMEOUT_SECONDS, check=False
        )
    except (OSError, ValueError, IndexError, subprocess.TimeoutExpired) as error:
        raise HookError(f"the hook {command!r} did not run: {error}") from error
    if done.returncode:
        raise HookError(f"the hook {command!r} ended with {done.returncode}")


def call_webhook(url: str, told: Mapping[str, Any]) -> None:
    """Post ``told`` to ``url``. Raises :class:`HookError`; its message has no path or query of ``url``.

    Such addresses carry secrets in their paths, and messages end in logs.
    """
    parts = urlsplit(url)
    host = parts.hostname or "?"
    if parts.scheme not in ("http", "https"):
        raise HookError("a webhook is an http or https URL")
    headers = {"Content-Type": "application/json", "User-Agent": "taosha"}
    request = urllib.request.Request(url, _json(told), headers, method="POST")  # noqa: S310  checked above
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310
            pass
    except urllib.error.HTTPError as error:
        with error:
            raise HookError(f"the webhook at {host} answered {error.code}") from None
    except (OSError, ValueError) as error:
        raise HookError(f"the webhook at {host} could not be reached: {type(error).__name__}") from None


def _json(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
