"""Log lines on stderr: for people, or one JSON object a line; without anybody's passwords."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from enum import StrEnum

from crawler.cli import console

__all__ = ["LogFormat", "log_errors", "log_to_stderr", "scrubbed"]

_OWN_LOGGERS = ("taosha", "crawler")
_USERINFO = re.compile(r"(?<=://)[^\s/@\"']+@")
_SECRET = re.compile(
    r"(?i)\b((?:access_|auth_|api_?)?(?:token|key|secret|password|passwd|signature)=)[^\s&\"'>]+"
    r"|\b((?:proxy-)?authorization|(?:set-)?cookie)([\"']?\s*[:=]\s*)\S[^\n]*"
)


class LogFormat(StrEnum):
    """How log lines look."""

    TEXT = "text"
    JSON = "json"


def log_to_stderr(level: str | None, style: LogFormat = LogFormat.TEXT) -> None:
    """Send what is logged to stderr.

    ``level`` is the level from which everything is logged; without it the libraries' chatter is left
    out, and on a terminal (which has the live view) all but warnings.
    """
    quiet = logging.WARNING if console.err().is_terminal else logging.INFO
    handler = logging.StreamHandler()
    handler.setFormatter(_Json() if style is LogFormat.JSON else _Text())
    logging.basicConfig(handlers=[handler], force=True)
    logging.getLogger().setLevel(logging.getLevelNamesMapping().get((level or "").upper(), quiet))
    if level is None:
        # On the handler, because Scrapy sets the levels of its loggers itself.
        handler.addFilter(_worth_saying)


def log_errors() -> None:
    """Send errors alone to stderr: for commands that say themselves what came of it."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Text())
    handler.setLevel(logging.ERROR)  # on the handler, because Scrapy sets the levels of its loggers itself
    logging.basicConfig(handlers=[handler], force=True)


def scrubbed(text: str) -> str:
    """``text`` without the passwords of URLs, the values of secret parameters, and cookies."""
    if "://" in text:
        text = _USERINFO.sub("***@", text)
    return _SECRET.sub(lambda m: f"{m[1]}***" if m[1] else f"{m[2]}{m[3]}***", text)


def _worth_saying(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or record.name.partition(".")[0] in _OWN_LOGGERS


class _Text(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return console.safe(scrubbed(super().format(record)))


class _Json(logging.Formatter):
    """Fields: `time` (UTC), `level`, `logger`, `message`, and `error` with a traceback, if there is one."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": scrubbed(record.getMessage()),
        }
        if record.exc_info:
            line["error"] = scrubbed(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=True)
