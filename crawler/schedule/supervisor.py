"""Runs `taosha crawl --due` again and again, each in a process of its own, until it is told to stop.

A run that leaks, hangs in a library or is killed takes nothing with it: the next one starts clean.
"""

from __future__ import annotations

import logging
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crawler.schedule.due import Due
from crawler.stopping import Stop

__all__ = ["Supervisor"]

_LOG = logging.getLogger("taosha")
_STEP_SECONDS = 0.5
_LOOK_SECONDS = 60.0
"""So often the source files and the store are looked at, also when nothing is due for long."""
_GRACE_SECONDS = 15.0
_GOOD = frozenset({0, 3, 5})
"""Exit codes of crawls that did their work; what is wrong with a source stands in its history."""
_PAUSE, _LONGEST_PAUSE = 60.0, 3600.0


@dataclass(slots=True)
class Supervisor:
    """Crawls what is due by ``command``; ``look`` says when each source is, the first first."""

    command: Sequence[str]
    look: Callable[[], Sequence[Due]]
    pause: float = _PAUSE

    def run(self, *, once: bool = False) -> int | None:
        """Go on until SIGINT or SIGTERM, and give its number; with ``once`` only until nothing is due."""
        troubles = 0
        with Stop() as stop:
            while not stop.requested:
                found = self.look()
                now = datetime.now(UTC)
                if any(due.now(now) for due in found):
                    code = self._crawl(stop)
                    troubles = 0 if code in _GOOD else troubles + 1
                    if once:
                        break
                    if troubles and not stop.requested:
                        seconds = min(_LONGEST_PAUSE, self.pause * (1 << min(troubles - 1, 10)))
                        _LOG.warning("the crawl ended with %s; trying again in %.0f seconds", code, seconds)
                        self._sleep(stop, seconds)
                elif once:
                    break
                else:
                    self._wait_for(stop, found, now)
        return stop.signal

    def _crawl(self, stop: Stop) -> int:
        # A session of its own: Ctrl-C reaches only us, and we decide how the crawl is stopped.
        child = subprocess.Popen(self.command, start_new_session=True)  # noqa: S603  our own program
        told: float | None = None
        while True:
            try:
                return child.wait(_STEP_SECONDS)
            except subprocess.TimeoutExpired:
                if stop.requested and told is None:
                    told = time.monotonic()
                    child.send_signal(signal.SIGTERM)
                elif told is not None and time.monotonic() - told > _GRACE_SECONDS:
                    child.kill()
            except KeyboardInterrupt:  # a second signal
                child.kill()

    def _wait_for(self, stop: Stop, found: Sequence[Due], now: datetime) -> None:
        later = [due for due in found if due.at is not None]
        if later:
            first = later[0]
            assert first.at is not None
            wait = max(timedelta(0), first.at - now).total_seconds()
            _LOG.info("nothing is due; next: %s at %s", first.source, first.at.isoformat(timespec="seconds"))
        else:
            wait = _LOOK_SECONDS
            _LOG.info("there is no source to crawl")
        self._sleep(stop, min(wait, _LOOK_SECONDS))

    @staticmethod
    def _sleep(stop: Stop, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not stop.requested and (left := until - time.monotonic()) > 0:
            time.sleep(min(_STEP_SECONDS, left))
