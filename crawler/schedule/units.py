"""What the system's own scheduler needs to call us: a systemd service with its timer, or a cron line."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

__all__ = ["cron_line", "systemd_units"]

_SERVICE = """# ~/.config/systemd/user/taosha.service
[Unit]
Description=Crawl what is due
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={folder}
ExecStart={command}
# 3: some sources fell short; 5: nothing could be fetched; 6: another run holds the store
SuccessExitStatus=3 5 6
KillSignal=SIGTERM
TimeoutStopSec=30
Nice=10

"""
_TIMER = """# ~/.config/systemd/user/taosha.timer
[Unit]
Description=Look every {minutes} minutes whether something is due

[Timer]
OnCalendar=*:0/{minutes}
RandomizedDelaySec=60
Persistent=true

[Install]
WantedBy=timers.target

# systemctl --user daemon-reload && systemctl --user enable --now taosha.timer
"""


def systemd_units(command: Sequence[str], folder: str, minutes: int) -> str:
    """The two units as one text; ``minutes`` (1 to 59) is how often the timer looks."""
    quoted = " ".join(_systemd_word(word) for word in command)
    return _SERVICE.format(folder=folder.replace("%", "%%"), command=quoted) + _TIMER.format(minutes=minutes)


def cron_line(command: Sequence[str], folder: str, minutes: int) -> str:
    """A line for `crontab -e`. Where mail is set up, cron sends what is said on stderr."""
    line = f"cd {shlex.quote(folder)} && {shlex.join(command)}"
    return f"*/{minutes} * * * * " + line.replace("%", r"\%") + "\n"


def _systemd_word(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if not word or set(word) & set(" \t'\"\\;") else escaped
